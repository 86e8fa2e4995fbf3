import type { EngineBar } from '../../engine/bar.ts';
import type { StructureView, ZoneLevel } from '../../engine/structure.ts';
import type { Timeframe } from '../../market/market.ts';
import { bounceStrength } from '../../orderflow/bounce.ts';
import { trendOf } from '../../orderflow/regime.ts';
import { proximalEdge } from '../../orderflow/zone.ts';
import type { TradingConfiguration } from '../configurations/configuration.ts';
import type { Direction } from '../decision.ts';
import { measure, require, type Gate } from '../gate.ts';
import { percent } from '../percent.ts';
import type { LevelLimits } from './params.ts';

/** What the levels look at. */
export type Sight = {
  readonly limits: LevelLimits;
  readonly timeframes: TradingConfiguration['timeframes'];
  readonly structure: (timeframe: Timeframe) => StructureView | undefined;
  /** The last closed bar of the fastest timeframe, and its ATR(14) in quote. */
  readonly bar: EngineBar;
  readonly atr: number | undefined;
  readonly tickSize: number;
};

/** A gate over a figure that may not be known yet: then it waits, whatever it is compared with. */
function measured(
  named: Pick<Gate, 'gate' | 'reason'>,
  input: number | undefined,
  limit: readonly [Gate['comparison'], number],
): Gate {
  const { gate } = named;
  return measure(input === undefined ? { gate, reason: 'warmup' } : named, input, limit);
}

const no = (gate: string) => ({ gate, reason: 'no_signal' }) as const;

/** Level 1: which way the longest timeframe goes, if it goes any way at all (STR-50, STR-51). */
export function regimeLevel({ limits, structure, timeframes }: Sight): {
  readonly gates: readonly Gate[];
  /** The only direction to trade in; `null` unless every gate passes. */
  readonly direction: Direction | null;
  /** ADX, 0 to 100. */
  readonly strength: number;
} {
  const view = structure(timeframes.longest)?.regime;
  const { minAdx, minAtrPct, minHurst, maxMeanReversion } = limits.regime;
  const way =
    view?.ema20 === undefined || view.ema50 === undefined || view.ema200 === undefined
      ? undefined
      : trendOf(view.price, [view.ema20, view.ema50, view.ema200]);
  const gates = [
    measured(no('level1.adx'), view?.adx, ['>=', minAdx]),
    measured(no('level1.atrPct'), view?.atrPct, ['>=', minAtrPct]),
    measured(no('level1.hurst'), view?.hurst, ['>=', minHurst]),
    measured(no('level1.meanReversion'), view?.meanReversion, ['<=', maxMeanReversion]),
    require({
      gate: 'level1.averages',
      reason: way === undefined ? 'warmup' : 'no_signal',
    }, way === undefined ? null : way !== 0, true),
  ];
  if (limits.isLive)
    gates.unshift(
      require({ gate: 'level1.converged', reason: 'warmup' }, view?.converged ?? false, true),
    );
  const isTrend = gates.every(({ passes }) => passes);
  const direction = isTrend ? (way === 1 ? 'LONG' : 'SHORT') : null;
  return { gates, direction, strength: view?.adx ?? 0 };
}

/** Percent of the price between it and the zone's near edge; 0 inside. */
export function zoneDistancePct(zone: ZoneLevel, price: number): number {
  const isInside = price >= zone.low && price <= zone.high;
  return isInside ? 0 : percent(Math.abs(price - proximalEdge(zone)), price);
}

/** The zone of a direction that the price is in or nearest to: demand below it for a LONG, supply above for a SHORT. */
export function nearestZone(
  zones: readonly ZoneLevel[],
  direction: Direction,
  price: number,
): ZoneLevel | null {
  const isLong = direction === 'LONG';
  let nearest: ZoneLevel | null = null;
  for (const zone of zones) {
    const isAhead = isLong ? zone.low > price : zone.high < price;
    if (zone.type !== (isLong ? 'demand' : 'supply') || isAhead) continue;
    const closer =
      nearest === null ? -1 : zoneDistancePct(zone, price) - zoneDistancePct(nearest, price);
    if (nearest === null || closer < 0 || (closer === 0 && zone.strength > nearest.strength))
      nearest = zone;
  }
  return nearest;
}

/** Level 2: whether price is at a live zone of the direction, and where value lies. */
export function locationLevel(
  { limits: { location }, structure, timeframes, bar }: Sight,
  direction: Direction,
): { readonly gates: readonly Gate[]; readonly zone: ZoneLevel | null } {
  const view = structure(timeframes.longest);
  const { maxTouches, nearPct } = location;
  const zones = (view?.zones ?? []).filter(
    ({ testCount }) => maxTouches === null || testCount <= maxTouches,
  );
  const zone = nearestZone(zones, direction, bar.close);
  const distance = zone === null ? undefined : zoneDistancePct(zone, bar.close);
  const near = measure(no('level2.zoneDistancePct'), distance, ['<=', nearPct]);
  if (zone === null || !near.passes) return { gates: [near], zone: null };
  const isProfiled = view?.profile !== undefined;
  const gates = [near, require({ gate: 'level2.profile', reason: 'warmup' }, isProfiled, true)];
  return { gates, zone };
}

/** Level 3: whether the shorter the time, the more one-sided the trades (STR-50, STR-52). */
export function cascadeLevel(
  { limits, structure, timeframes }: Sight,
  direction: Direction,
): { readonly gates: readonly Gate[]; readonly ratio: number | undefined } {
  const ratioOf = (timeframe: Timeframe) => structure(timeframe)?.imbalance;
  const fast = ratioOf(timeframes.fastest);
  const middle = ratioOf(timeframes.middle);
  const long = ratioOf(timeframes.longest);
  const { minRatio } = limits.cascade;
  const [beyond, limit] =
    direction === 'LONG' ? (['>', minRatio] as const) : (['<', 1 / minRatio] as const);
  // A venue that does not tell what was bought never will: that is no warm-up.
  const told = (gate: string, a: number | undefined, b: number | undefined): Gate =>
    measure(
      { gate, reason: a === undefined || b === undefined ? 'low_data_quality' : 'no_signal' },
      b === undefined ? undefined : a,
      [beyond, b ?? 0],
    );
  const gates = [
    told('level3.ratio', fast, limit),
    told('level3.overMiddle', fast, middle),
    told('level3.overLongest', middle, long),
  ];
  return { gates, ratio: fast };
}

/** Level 4: whether the last bar bounced off the zone, and on volume. */
export function triggerLevel(
  { limits: { trigger }, structure, timeframes, bar, atr, tickSize }: Sight,
  direction: Direction,
  zone: ZoneLevel,
): { readonly gates: readonly Gate[]; readonly bounce: number | undefined } {
  // In whole ticks the parts of a bar's range are exact.
  const ticks = (px: number): number => Math.round(px / tickSize);
  const { high, low, close } = bar;
  const steps = { high: ticks(high), low: ticks(low), close: ticks(close) };
  const edges = { low: ticks(zone.low), high: ticks(zone.high) };
  const bounce =
    atr === undefined
      ? undefined
      : bounceStrength({ bar: steps, zone: edges, atr: atr / tickSize }, direction);
  const spike = structure(timeframes.fastest)?.volumeSpike;
  const gates = [
    measured(no('level4.bounce'), bounce, ['>', trigger.minBounce]),
    measured(no('level4.volumeSpike'), spike, ['>', trigger.minVolumeSpike]),
  ];
  return { gates, bounce };
}
