import type { StructureNeed, StructurePart } from '../../engine/structure.ts';
import type { Timeframe } from '../../market/market.ts';
import { RATIO_CAP } from '../../orderflow/imbalance.ts';
import { configurationOf, type TradingConfiguration } from '../configurations/configuration.ts';
import { judgeHolding } from '../configurations/leave.ts';
import { placeLevels } from '../configurations/placement.ts';
import type { Direction } from '../decision.ts';
import { defineStrategy, type Context, type Verdict } from '../strategy.ts';
import { descend, type Descent, type Levels } from './descend.ts';
import type { Sight } from './levels.ts';
import {
  hierarchicalParams,
  levelLiveFaults,
  type HierarchicalParams,
  type LevelLimits,
} from './params.ts';

/** How long an entry may wait to be executed: the trigger is one bar old by then. */
const ENTRY_TTL_MS = 60_000;

/** The structure that levels look at. */
export function levelNeeds(
  { longest, middle, fastest }: TradingConfiguration['timeframes'],
  levels: Levels,
): readonly StructureNeed[] {
  const parts = new Map<Timeframe, Set<StructurePart>>();
  const add = (timeframe: Timeframe, ...wanted: StructurePart[]): void => {
    parts.set(timeframe, new Set([...(parts.get(timeframe) ?? []), ...wanted]));
  };
  add(longest, 'regime');
  if (levels.includes(2)) add(longest, 'zones', 'profile');
  if (levels.includes(3)) for (const each of [longest, middle, fastest]) add(each, 'flow');
  if (levels.includes(4)) add(fastest, 'volumeSpike');
  return [...parts].map(([timeframe, wanted]) => ({ timeframe, parts: [...wanted] }));
}

type Judged = { readonly limits: LevelLimits; readonly configuration: TradingConfiguration };

/** What the levels look at on one bar. */
export const sightOf = (
  { bar, value, structure, grid }: Context<unknown, object>,
  { limits, configuration }: Judged,
): Sight => ({
  limits,
  timeframes: configuration.timeframes,
  structure,
  bar,
  atr: value('ATR_14'),
  tickSize: grid.tickSize,
});

/** `bounce × max(r, 1 / r)`: how strongly price turned, by how one-sided the trades were (STR-53). */
const entryScoreOf = ({ bounce = 1, ratio = 1 }: Descent): number =>
  bounce * Math.max(ratio, 1 / ratio);

const viewOf = ({ failedAt, direction, strength, zone, ratio, bounce }: Descent) => ({
  failedAt,
  direction,
  strength,
  zoneId: zone?.zoneId ?? null,
  ratio: ratio ?? null,
  bounce: bounce ?? null,
});

function entry(
  { bar, grid, facts }: Context<HierarchicalParams, object>,
  configuration: TradingConfiguration,
  found: Descent & { readonly direction: Direction },
): Verdict {
  const { direction, zone, bounce, ratio, strength, gates } = found;
  const { close: price } = bar;
  const { stop, target, gate } = placeLevels(configuration, {
    direction,
    price,
    tickSize: grid.tickSize,
    zone,
  });
  const entryScore = entryScoreOf(found);
  const sign = direction === 'LONG' ? 1 : -1;
  return {
    wish: {
      action: 'ENTER',
      direction,
      signalType: 'Z1',
      confidence: (bounce ?? 1) * facts.dataQuality,
      score: sign * Math.min(1, entryScore / RATIO_CAP),
      reasons: [`every level passed for a ${direction}`],
      indicatorValues: {
        adx: strength,
        entryScore,
        ...(ratio === undefined ? {} : { ratio }),
        ...(bounce === undefined ? {} : { bounce }),
      },
      suggestedStop: stop,
      suggestedTarget: target,
      suggestedQuote: null,
      ttlMs: ENTRY_TTL_MS,
    },
    gates: [...gates, gate],
    view: { ...viewOf(found), entryScore, stop, target },
  };
}

/** Levels that fit a recipe, and what it asks of zones. */
type Recipe = {
  readonly id: string;
  readonly title: string;
  readonly levels: Levels;
  /** Touches that its zone may have had at most, whatever the parameters say; `null` = as they say. */
  readonly maxTouches: number | null;
};

/**
 * A strategy of levels over timeframes (03, section 4): the regime of the longest fixes the direction, each further
 * level is looked at only when those before it passed.
 */
export const hierarchicalStrategy = ({ id, title, levels, maxTouches }: Recipe) =>
  defineStrategy<HierarchicalParams, object>({
    id,
    kind: 'hierarchical',
    version: '1.0.0',
    title,
    paramsSchema: hierarchicalParams,
    needs: (params) => {
      const { timeframes } = configurationOf(params.configuration);
      return {
        timeframe: timeframes.fastest,
        variants: { [timeframes.fastest]: ['ATR_14'] },
        windows: [],
        structure: levelNeeds(timeframes, levels),
        warmupBars: 0,
      };
    },
    init: () => ({}),
    liveFaults: levelLiveFaults,
    evaluate: (context): Verdict => {
      const { params, facts } = context;
      const configuration = configurationOf(params.configuration);
      const { location } = params;
      const touches = Math.min(maxTouches ?? Infinity, location.maxTouches ?? Infinity);
      const limits =
        touches === Infinity
          ? params
          : { ...params, location: { ...location, maxTouches: touches } };
      const sight = sightOf(context, { limits, configuration });
      if (facts.position !== null) {
        const { holdSeconds } = configuration;
        const { direction } = descend(sight, []);
        return judgeHolding({
          holding: facts.position,
          now: context.barCloseAt,
          holdSeconds,
          market: direction,
        });
      }
      const found = descend(sight, levels);
      const { direction, failedAt, gates } = found;
      return direction === null || failedAt !== null
        ? { wish: null, gates, view: viewOf(found) }
        : entry(context, configuration, { ...found, direction });
    },
  });

/** All four levels. */
export const hierarchical = hierarchicalStrategy({
  id: 'hierarchical',
  title: 'Hierarchical multi-timeframe',
  levels: [2, 3, 4],
  maxTouches: null,
});
