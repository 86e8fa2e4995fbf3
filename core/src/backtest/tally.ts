import type { BlockingReason } from '../strategy/blocking.ts';
import type { Counts } from './result.ts';

/** Counters of a run, in place. */
export type Tally = {
  -readonly [name in Exclude<keyof Counts, 'rejections' | 'holds'>]: number;
} & {
  readonly rejections: Tallied;
  readonly holds: Tallied;
};

type Times = { readonly reason: BlockingReason; times: number };

/** How often each reason was met; counted in place. */
type Tallied = {
  readonly counts: Map<BlockingReason, Times>;
  /** The reason that was met last: mostly it is met again. */
  latest: Times | null;
};

const talliedInit = (): Tallied => ({ counts: new Map(), latest: null });

export const tallyInit = (): Tally => ({
  bars: 0,
  evaluations: 0,
  signals: 0,
  approved: 0,
  orders: 0,
  fills: 0,
  rejections: talliedInit(),
  holds: talliedInit(),
});

export function count(tallied: Tallied, reason: BlockingReason): void {
  const { counts, latest } = tallied;
  const met = latest?.reason === reason ? latest : (counts.get(reason) ?? { reason, times: 0 });
  met.times += 1;
  if (met === latest) return;
  counts.set(reason, met);
  tallied.latest = met;
}

/** The counts as they are told, reasons in alphabetical order. */
export const countsOf = ({ rejections, holds, ...numbers }: Tally): Counts => ({
  ...numbers,
  rejections: sorted(rejections),
  holds: sorted(holds),
});

const sorted = ({ counts }: Tallied): Readonly<Partial<Record<BlockingReason, number>>> =>
  Object.fromEntries(
    [...counts]
      .map(([reason, { times }]) => [reason, times] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
