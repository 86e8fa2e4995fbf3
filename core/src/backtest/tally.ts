import type { BlockingReason } from '../strategy/blocking.ts';
import type { Counts } from './result.ts';

/** Counters of a run, in place. */
export type Tally = {
  -readonly [name in Exclude<keyof Counts, 'rejections' | 'holds'>]: number;
} & {
  readonly rejections: Tallied;
  readonly holds: Tallied;
};

/** How often each reason was met; counted in place. */
type Tallied = Map<BlockingReason, { times: number }>;

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

export function count(counts: Tallied, reason: BlockingReason): void {
  const known = counts.get(reason);
  if (known === undefined) counts.set(reason, { times: 1 });
  else known.times += 1;
}

/** The counts as they are told, reasons in alphabetical order. */
export const countsOf = ({ rejections, holds, ...numbers }: Tally): Counts => ({
  ...numbers,
  rejections: sorted(rejections),
  holds: sorted(holds),
});

const sorted = (counts: Tallied): Readonly<Partial<Record<BlockingReason, number>>> =>
  Object.fromEntries(
    [...counts]
      .map(([reason, { times }]) => [reason, times] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
