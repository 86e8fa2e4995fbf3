import { dumpMagnitude, pumpMagnitude, type MoveBase } from './extremes.ts';
import { momentum } from './momentum.ts';
import { spanOf, type Span, type TickWindow } from './tick-window-read.ts';
import { windowWait } from './tick-window-ready.ts';
import type { TapeState } from './tick-window-tape.ts';
import { tickVolatility, type SamplesState } from './tick-volatility.ts';
import { twpa } from './time-weighted.ts';
import { tradeRate } from './trade-rate.ts';
import { velocity } from './velocity.ts';
import { volumeSurge } from './volume-surge.ts';

/** Indicators over windows of trades, with their default windows in seconds (IND-32 to IND-39). */
export const TICK_WINDOWS = {
  TWPA: { t1: 300, t2: 0 },
  VOLUME_SURGE: { t1: 300, t2: 900 },
  PUMP_MAGNITUDE: { t1: 300, t2: 0 },
  DUMP_MAGNITUDE: { t1: 300, t2: 0 },
  MOMENTUM: { t1: 60, t2: 0 },
  VELOCITY: { t1: 60, t2: 240 },
  TRADE_RATE: { t1: 60, t2: 0 },
  VOLATILITY_TICK: { t1: 300, t2: 0 },
} as const satisfies Record<string, TickWindow>;
export type TickBase = keyof typeof TICK_WINDOWS;

/** One of them over a window of its own. */
export type TickVariant = TickWindow & {
  readonly base: TickBase;
  /** What PUMP_MAGNITUDE and DUMP_MAGNITUDE measure from; the window's extreme unless told. */
  readonly from?: MoveBase;
};

/** Where the values come from. */
export type TickSources = { readonly tape: TapeState; readonly samples: SamplesState };

/** Seconds that a variant looks back: bases that compare two windows lay them one after the other. */
export const reachOf = ({ base, t1, t2 }: TickVariant): number =>
  base === 'VOLUME_SURGE' || base === 'VELOCITY' ? t1 + t2 : t1;

function readSpan(variant: TickVariant, now: number): Span {
  const isPair = variant.base === 'VOLUME_SURGE' || variant.base === 'VELOCITY';
  return isPair ? { from: now - reachOf(variant) * 1_000, to: now } : spanOf(variant, now);
}

/** Why a variant has no value yet, in words; `undefined` when its data suffice (IND-41). */
export const tickWait = (
  { tape }: TickSources,
  variant: TickVariant,
  now: number,
): string | undefined => windowWait(tape, readSpan(variant, now));

/**
 * A variant's value at `now`, whether its data suffice or not: see {@link tickWait}.
 *
 * @returns In the unit of its definition, a price in ticks; `undefined` where it is not defined (IND-07).
 */
export function tickValue(
  { tape, samples }: TickSources,
  variant: TickVariant,
  now: number,
): number | undefined {
  const move = { window: variant, base: variant.from ?? 'extreme' };
  switch (variant.base) {
    case 'TWPA':
      return twpa(tape, variant, now);
    case 'VOLUME_SURGE':
      return volumeSurge(tape, variant, now);
    case 'PUMP_MAGNITUDE':
      return pumpMagnitude(tape, move, now);
    case 'DUMP_MAGNITUDE':
      return dumpMagnitude(tape, move, now);
    case 'MOMENTUM':
      return momentum(tape, variant, now);
    case 'VELOCITY':
      return velocity(tape, variant, now);
    case 'TRADE_RATE':
      return tradeRate(tape, variant, now);
    case 'VOLATILITY_TICK':
      return tickVolatility({ state: samples, tape }, variant, now);
  }
}
