/** Passes a finite number through. @throws RangeError otherwise: venue data is parsed before it gets here. */
export function finite(name: string, value: number): number {
  if (!Number.isFinite(value))
    throw new RangeError(`Invariant: ${name} is a finite number, was ${value}`);
  return value;
}

/** Passes a count of bars through. @throws RangeError unless it is an integer >= 1. */
export function barCount(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`Invariant: ${name} is a whole number of bars >= 1, was ${value}`);
  return value;
}
