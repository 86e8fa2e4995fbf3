/** Says that `value` should have been finite. @throws RangeError always: venue data is parsed before it gets here. */
export function refuse(name: string, value: number): never {
  throw new RangeError(`Invariant: ${name} is a finite number, was ${value}`);
}

/** Prices of one bar that a range needs, in quote currency. */
export type BarRange = { readonly high: number; readonly low: number; readonly close: number };

/** Lets a bar through. @throws RangeError when one of its prices is not finite. */
export function finiteRange(bar: BarRange): void {
  if (!Number.isFinite(bar.high)) refuse('high', bar.high);
  if (!Number.isFinite(bar.low)) refuse('low', bar.low);
  if (!Number.isFinite(bar.close)) refuse('close', bar.close);
}

/** Passes a count of bars through. @throws RangeError unless it is an integer >= 1. */
export function barCount(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`Invariant: ${name} is a whole number of bars >= 1, was ${value}`);
  return value;
}

/**
 * Passes the time of a bar through, if it lies after the bar before it (IND-03: oldest first).
 *
 * @param previous - Open of the bar before, epoch milliseconds; `null` before the first.
 * @throws RangeError when bars come newest first, twice, or without a time.
 */
export function ascending(previous: number | null, openAt: number): number {
  if (!Number.isFinite(openAt)) refuse('openAt', openAt);
  if (previous !== null && openAt <= previous)
    throw new RangeError(
      `Invariant: bars come oldest first, each once: ${openAt} does not lie after ${previous}`,
    );
  return openAt;
}
