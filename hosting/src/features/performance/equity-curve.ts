import type { EquityDoc } from '@tradewind/contracts/documents/book';
import type { EpochMs } from '@tradewind/core/lib/time';
import { toNumber, type Money } from '@tradewind/core/lib/units';

/** A line through the book's values, in a box of `width` by `height`, and what it began with. */
export type Curve = {
  readonly line: string;
  readonly area: string;
  /** Height of the initial balance. */
  readonly base: number;
  readonly low: number;
  readonly high: number;
  readonly last: Money;
  readonly from: EpochMs;
  readonly to: EpochMs;
};

/** `undefined` with fewer than two points. Points may come in any order. */
export function curveOf(
  points: readonly EquityDoc[],
  initial: Money,
  box: { readonly width: number; readonly height: number },
): Curve | undefined {
  const sorted = [...points].sort((a, b) => a.at - b.at);
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined || first.at === last.at) return undefined;
  const values = sorted.map(({ equity }) => toNumber(equity));
  const start = toNumber(initial);
  const [low, high] = [Math.min(...values, start), Math.max(...values, start)];
  const span = high - low === 0 ? 1 : high - low;
  const pad = box.height * 0.08;
  const y = (value: number): number =>
    Math.round((pad + (1 - (value - low) / span) * (box.height - 2 * pad)) * 100) / 100;
  const x = (at: EpochMs): number =>
    Math.round(((at - first.at) / (last.at - first.at)) * box.width * 100) / 100;
  const line = sorted
    .map(({ at }, i) => `${i === 0 ? 'M' : 'L'}${x(at)} ${y(values[i] ?? 0)}`)
    .join('');
  return {
    line,
    area: `${line}L${box.width} ${y(start)}L0 ${y(start)}Z`,
    base: y(start),
    low,
    high,
    last: last.equity,
    from: first.at,
    to: last.at,
  };
}
