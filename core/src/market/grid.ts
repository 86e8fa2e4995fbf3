import type { Instrument } from '../instrument/instrument.ts';
import { toNumber, type Price, type Qty } from '../lib/units.ts';

/**
 * The steps that a market's prices and sizes come in. Inside the hot path both are whole numbers of
 * steps: sums of them are exact and cheap, where `Price` and `Qty` are exact and slow (docs/adr/0011).
 */
export type Grid = {
  readonly tick: Price;
  readonly lot: Qty;
  /** Price of one step, as a float: steps × `tickSize` is the price for indicators and charts. */
  readonly tickSize: number;
  /** Size of one step, as a float. */
  readonly lotSize: number;
};

/** The grid of an instrument. @throws RangeError unless both its steps are positive. */
export function gridOf({ tickSize, lotSize }: Pick<Instrument, 'tickSize' | 'lotSize'>): Grid {
  if (tickSize <= 0n || lotSize <= 0n)
    throw new RangeError('Invariant: tick and lot size are positive');
  return { tick: tickSize, lot: lotSize, tickSize: toNumber(tickSize), lotSize: toNumber(lotSize) };
}

/** Whole steps of `value`, or `undefined` when it is off the grid or beyond what a float counts. */
function steps(value: bigint, step: bigint): number | undefined {
  const whole = value / step;
  const count = Number(whole);
  return whole * step === value && Number.isSafeInteger(count) ? count : undefined;
}

/** Ticks of a price; `undefined` when it is not a whole number of them. */
export const priceSteps = ({ tick }: Grid, price: Price): number | undefined => steps(price, tick);

/** Lots of a quantity; `undefined` when it is not a whole number of them. */
export const sizeSteps = ({ lot }: Grid, size: Qty): number | undefined => steps(size, lot);
