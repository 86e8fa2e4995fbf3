import type { BlockingReason } from '../strategy/blocking.ts';
import type { Counts } from './result.ts';

/** Counters of a run, in place. */
export type Tally = {
  -readonly [name in Exclude<keyof Counts, 'rejections' | 'holds'>]: number;
} & {
  readonly rejections: Map<BlockingReason, number>;
  readonly holds: Map<BlockingReason, number>;
};

export const tallyInit = (): Tally => ({
  bars: 0,
  evaluations: 0,
  signals: 0,
  approved: 0,
  orders: 0,
  fills: 0,
  rejections: new Map(),
  holds: new Map(),
});

export const count = (counts: Map<BlockingReason, number>, reason: BlockingReason): void => {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
};

/** The counts as they are told, reasons in alphabetical order. */
export const countsOf = ({ rejections, holds, ...numbers }: Tally): Counts => ({
  ...numbers,
  rejections: sorted(rejections),
  holds: sorted(holds),
});

const sorted = (
  counts: ReadonlyMap<BlockingReason, number>,
): Readonly<Partial<Record<BlockingReason, number>>> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
