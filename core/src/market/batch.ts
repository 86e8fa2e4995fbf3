import { count, freeBucket, type Bucket } from './bucket.ts';
import type { Tick } from './tick.ts';

/** Trades of one market and one short span, folded so that its bars come out the same as from each alone (MD-72). */
export type Batch = {
  readonly sums: Bucket;
  /** Of every trade in it. */
  readonly ids: (number | string)[];
};

/** A batch of one trade. */
export function batchOf(tick: Tick): Batch {
  const sums = freeBucket();
  count(sums, tick.at, tick);
  return { sums, ids: [tick.id] };
}

/** Folds one more trade in, changing `batch` in place. */
export function foldTick(batch: Batch, tick: Tick): void {
  count(batch.sums, batch.sums.openAt, tick);
  batch.ids.push(tick.id);
}
