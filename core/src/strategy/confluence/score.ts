import type { Direction } from '../decision.ts';
import { measure, type Gate } from '../gate.ts';
import { shareOf, type Look } from './filters.ts';
import type { ConfluenceParams, Filter } from './params.ts';

export type Probability = 'high' | 'medium' | 'low' | 'insufficient';

/** What the plug-ins come to (STR-66). */
export type Scored = {
  readonly score: number;
  /** What the filters gave, by their id; `null` where data were missing. */
  readonly breakdown: Readonly<Record<string, number | null>>;
  readonly missing: readonly Filter['id'][];
  readonly probability: Probability;
  /** `none` where the score is insufficient (STR-64). */
  readonly direction: Direction | 'none';
  readonly gates: readonly Gate[];
};

type Plugins = Pick<ConfluenceParams, 'analysers' | 'filters'>;

const weightOf = (plugins: readonly { readonly weight: number }[]): number =>
  plugins.reduce((sum, { weight }) => sum + weight, 0);

/** The most that these plug-ins can give: 8.0 by default (STR-62). */
export const maxScoreOf = ({ analysers, filters }: Plugins): number =>
  weightOf(analysers) + weightOf(filters);

function probabilityOf(
  score: number,
  { high, medium, low }: ConfluenceParams['probability'],
): Probability {
  if (score >= high) return 'high';
  if (score >= medium) return 'medium';
  return score >= low ? 'low' : 'insufficient';
}

/** Points of a setup that every analyser agreed on (STR-61 to STR-65). */
export function scoreOf(params: ConfluenceParams, look: Look): Scored {
  const { analysers, filters, minScore, probability: limits } = params;
  const breakdown: Record<string, number | null> = {};
  const missing: Filter['id'][] = [];
  let [sum, missed] = [weightOf(analysers), 0];
  for (const filter of filters) {
    const share = shareOf(filter, look);
    breakdown[filter.id] = share === undefined ? null : share * filter.weight;
    sum += (share ?? 0) * filter.weight;
    if (share !== undefined) continue;
    missing.push(filter.id);
    missed += filter.weight;
  }
  // Shares are thirds and halves: five points are five.
  const score = Math.round(sum * 1e9) / 1e9;
  const probability = probabilityOf(score, limits);
  return {
    score,
    breakdown,
    missing,
    probability,
    direction: probability === 'insufficient' ? 'none' : look.direction,
    gates: [
      measure({ gate: 'missingWeight', reason: 'low_data_quality' }, missed, [
        '<=',
        maxScoreOf(params) / 2,
      ]),
      measure({ gate: 'score', reason: 'no_signal' }, score, ['>=', minScore]),
      measure({ gate: 'probability', reason: 'no_signal' }, score, ['>=', limits.low]),
    ],
  };
}
