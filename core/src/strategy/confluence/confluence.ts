import type {
  StructureNeed,
  StructurePart,
  StructureView,
  ZoneLevel,
} from '../../engine/structure.ts';
import { configurationOf, type TradingConfiguration } from '../configurations/configuration.ts';
import { judgeHolding } from '../configurations/leave.ts';
import { placeLevels } from '../configurations/placement.ts';
import type { Direction } from '../decision.ts';
import type { Gate } from '../gate.ts';
import { nearestZone, zoneDistancePct } from '../hierarchical/levels.ts';
import { defineStrategy, type Context, type Needs, type Verdict } from '../strategy.ts';
import { judgePrimary, type Primary } from './analysers.ts';
import type { Look } from './filters.ts';
import {
  confluenceLiveFaults,
  confluenceParams,
  type ConfluenceParams,
  type Filter,
} from './params.ts';
import { maxScoreOf, scoreOf, type Scored } from './score.ts';

/** How long an entry may wait to be executed: the flow is a minute old by then. */
const ENTRY_TTL_MS = 60_000;

const PARTS: { readonly [id in Filter['id']]: readonly StructurePart[] } = {
  market_profile: ['profile'],
  mean_reversion: ['reversion'],
  autocorrelation: [],
  entry_zone: ['zones'],
  target_zone: ['zones'],
  fvg: ['gaps'],
};

/** The autocorrelation that a filter reads, if there is such a filter. */
function correlationOf({ filters, timeframe }: ConfluenceParams): string | null {
  const filter = filters.find((each) => each.id === 'autocorrelation');
  return filter === undefined ? null : `AUTOCORRELATION_${filter.bars}@${timeframe}`;
}

/** What the engine has to compute for these plug-ins: nothing for those that are not listed. */
export function confluenceNeeds(params: ConfluenceParams): Needs {
  const { filters, timeframe } = params;
  const variant = correlationOf(params)?.split('@')[0];
  const flow: StructureNeed = { timeframe: '1m', parts: ['flow'] };
  // Zones place the stop even where no filter looks at them.
  const parts = [...new Set([...filters.flatMap(({ id }) => PARTS[id]), 'zones' as const])];
  return {
    timeframe: '1m',
    variants: variant === undefined ? {} : { [timeframe]: [variant] },
    windows: [],
    structure:
      timeframe === '1m'
        ? [{ timeframe, parts: [...parts, 'flow'] }]
        : [flow, { timeframe, parts }],
    warmupBars: 0,
  };
}

type ConfluenceContext = Pick<
  Context<unknown, object>,
  'structure' | 'value' | 'bar' | 'grid' | 'facts' | 'barCloseAt'
>;

const NOT_MET = { score: 0, primaryMet: false, direction: 'none', probability: 'insufficient' };

/** Whether the price is at the zone: only then does the zone say where the trade is wrong. */
function zoneAt(
  view: StructureView | undefined,
  direction: Direction,
  price: number,
): ZoneLevel | null {
  const zone = view === undefined ? null : nearestZone(view.zones, direction, price);
  return zone === null || zoneDistancePct(zone, price) > NEAR_PCT ? null : zone;
}

/** As near as a zone has to be to count for points (STR-61). */
const NEAR_PCT = 0.5;

type Setup = {
  readonly scored: Scored;
  readonly look: Look;
  readonly maxScore: number;
  readonly configuration: TradingConfiguration | null;
};

/** Stop and target: of the configuration where there is one, else a tick beyond the zone. */
function levelsOf({ look, configuration }: Setup, tickSize: number) {
  const { direction, price, view } = look;
  const zone = zoneAt(view, direction, price);
  if (configuration !== null) {
    const { stop, target, gate } = placeLevels(configuration, { direction, price, tickSize, zone });
    return { stop, target, gates: [gate] };
  }
  const stop =
    zone === null ? null : direction === 'LONG' ? zone.low - tickSize : zone.high + tickSize;
  return { stop, target: null, gates: [] };
}

/** The output record of STR-66: the score with its parts, and what they were told from. */
const recordOf = ({ scored, look, maxScore }: Setup) => ({
  score: scored.score,
  maxScore,
  primaryMet: true,
  direction: scored.direction,
  probability: scored.probability,
  missing: scored.missing.join(', '),
  ...Object.fromEntries(
    Object.entries(scored.breakdown).map(([id, points]) => [`filter.${id}`, points]),
  ),
  'input.price': look.price,
  'input.distance':
    'mean_reversion' in scored.breakdown ? (look.view?.reversion.distance ?? null) : null,
  'input.autocorrelation': look.autocorrelation ?? null,
  'input.drift': look.drift ?? null,
});

/** An entry that all analysers agreed on, with its points. */
function entry(setup: Setup, { facts, grid }: ConfluenceContext, before: readonly Gate[]): Verdict {
  const { scored, look, maxScore } = setup;
  const { stop, target, gates } = levelsOf(setup, grid.tickSize);
  const share = maxScore > 0 ? scored.score / maxScore : 0;
  return {
    wish: {
      action: 'ENTER',
      direction: look.direction,
      signalType: 'Z1',
      confidence: share * facts.dataQuality,
      score: (look.direction === 'LONG' ? 1 : -1) * share,
      reasons: [`${scored.score} of ${maxScore} points: ${scored.probability} probability`],
      indicatorValues: { score: scored.score, maxScore },
      suggestedStop: stop,
      suggestedTarget: target,
      suggestedQuote: null,
      ttlMs: ENTRY_TTL_MS,
    },
    gates: [...before, ...scored.gates, ...gates],
    view: { ...recordOf(setup), stop, target },
  };
}

/** Judges a flat book's bar: the analysers first, points only where they agree (STR-60). */
export function judgeEntry(
  params: ConfluenceParams,
  context: ConfluenceContext,
  primary: Primary,
): Verdict {
  const { structure, value, bar } = context;
  const maxScore = maxScoreOf(params);
  const { gates, direction } = primary;
  if (direction === null) return { wish: null, gates, view: { ...NOT_MET, maxScore } };
  const correlation = correlationOf(params);
  const look: Look = {
    direction,
    price: bar.close,
    view: structure(params.timeframe),
    autocorrelation: correlation === null ? undefined : value(correlation),
    drift: structure('1m')?.drift,
  };
  const { configuration } = params;
  const chosen = configuration === null ? null : configurationOf(configuration);
  const scored = scoreOf(params, look);
  return entry({ scored, look, maxScore, configuration: chosen }, context, gates);
}

/** Judges a bar with these parameters; a position is left when the analysers agree against it. */
export function judgeConfluence(params: ConfluenceParams, context: ConfluenceContext): Verdict {
  const primary = judgePrimary(params.analysers, context.structure('1m')?.flow);
  const { position } = context.facts;
  if (position === null) return judgeEntry(params, context, primary);
  const { configuration } = params;
  return judgeHolding({
    holding: position,
    now: context.barCloseAt,
    holdSeconds: configuration === null ? null : configurationOf(configuration).holdSeconds,
    market: primary.direction,
  });
}

/** The confluence decision engine (03, section 5): analysers that all have to agree, filters that add points. */
export const confluence = defineStrategy<ConfluenceParams, object>({
  id: 'confluence',
  kind: 'confluence',
  version: '1.0.0',
  title: 'Confluence of order flow and structure',
  paramsSchema: confluenceParams,
  needs: confluenceNeeds,
  init: () => ({}),
  liveFaults: confluenceLiveFaults,
  evaluate: (context) => judgeConfluence(context.params, context),
});
