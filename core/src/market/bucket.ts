import type { Bar } from './bar.ts';
import type { Tick } from './tick.ts';

/** A second that still takes trades; it is used again for another second once it is closed. */
export type Bucket = {
  openAt: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  buyVolume: number;
  turnover: number;
  /** 0 while the bucket is free: the other fields then say nothing. */
  trades: number;
  buyTrades: number;
  /** Places of the first and the last trade in the venue's order: time, then id, which is a number or text. */
  firstAt: number;
  firstId: number;
  firstText: string | null;
  lastAt: number;
  lastId: number;
  lastText: string | null;
};

export const freeBucket = (): Bucket => ({
  openAt: 0,
  open: 0,
  high: 0,
  low: 0,
  close: 0,
  volume: 0,
  buyVolume: 0,
  turnover: 0,
  trades: 0,
  buyTrades: 0,
  firstAt: 0,
  firstId: 0,
  firstText: null,
  lastAt: 0,
  lastId: 0,
  lastText: null,
});

/**
 * Order of ids within a millisecond: of digits, the shorter is the smaller.
 *
 * A number and a text are two fields of a bucket, since one field for both would box every number.
 */
function idBefore(a: number | string, b: number | string): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  const [left, right] = [String(a), String(b)];
  return left.length === right.length ? left < right : left.length < right.length;
}

const isLast = ({ lastText, lastId }: Bucket, id: number | string): boolean =>
  typeof id === 'number' && lastText === null ? id > lastId : idBefore(lastText ?? lastId, id);

const isFirst = ({ firstText, firstId }: Bucket, id: number | string): boolean =>
  typeof id === 'number' && firstText === null ? id < firstId : idBefore(id, firstText ?? firstId);

type Print = Pick<Tick, 'at' | 'id' | 'price'>;

function setFirst(bucket: Bucket, { at, id, price }: Print): void {
  bucket.open = price;
  bucket.firstAt = at;
  if (typeof id === 'number') bucket.firstId = id;
  bucket.firstText = typeof id === 'number' ? null : id;
}

function setLast(bucket: Bucket, { at, id, price }: Print): void {
  bucket.close = price;
  bucket.lastAt = at;
  if (typeof id === 'number') bucket.lastId = id;
  bucket.lastText = typeof id === 'number' ? null : id;
}

function begin(bucket: Bucket, openAt: number, tick: Tick): void {
  bucket.openAt = openAt;
  bucket.high = tick.price;
  bucket.low = tick.price;
  bucket.volume = 0;
  bucket.buyVolume = 0;
  bucket.turnover = 0;
  bucket.buyTrades = 0;
  setFirst(bucket, tick);
  setLast(bucket, tick);
}

/** Sums and extremes do not depend on the order in which trades come; the first and the last go by the venue's. */
export function count(bucket: Bucket, openAt: number, tick: Tick): void {
  const { at, price, size } = tick;
  if (bucket.trades === 0) begin(bucket, openAt, tick);
  else {
    if (at > bucket.lastAt || (at === bucket.lastAt && isLast(bucket, tick.id)))
      setLast(bucket, tick);
    else if (at < bucket.firstAt || (at === bucket.firstAt && isFirst(bucket, tick.id)))
      setFirst(bucket, tick);
    if (price > bucket.high) bucket.high = price;
    else if (price < bucket.low) bucket.low = price;
  }
  bucket.volume += size;
  bucket.turnover += price * size;
  bucket.trades += 1;
  if (tick.isBuy) {
    bucket.buyVolume += size;
    bucket.buyTrades += 1;
  }
}

const idOf = (text: string | null, id: number): number | string => text ?? id;

/** Adds what `other` holds, as if its trades had come one by one. Both hold some. */
export function merge(bucket: Bucket, other: Bucket): void {
  const first = idOf(other.firstText, other.firstId);
  const last = idOf(other.lastText, other.lastId);
  if (
    other.firstAt < bucket.firstAt ||
    (other.firstAt === bucket.firstAt && isFirst(bucket, first))
  )
    setFirst(bucket, { at: other.firstAt, id: first, price: other.open });
  if (other.lastAt > bucket.lastAt || (other.lastAt === bucket.lastAt && isLast(bucket, last)))
    setLast(bucket, { at: other.lastAt, id: last, price: other.close });
  if (other.high > bucket.high) bucket.high = other.high;
  if (other.low < bucket.low) bucket.low = other.low;
  bucket.volume += other.volume;
  bucket.buyVolume += other.buyVolume;
  bucket.turnover += other.turnover;
  bucket.trades += other.trades;
  bucket.buyTrades += other.buyTrades;
}

/** What the bucket holds, as a bar of its own. */
export const barOf = (
  bucket: Bucket,
  { gapFilled, incomplete }: Pick<Bar, 'gapFilled' | 'incomplete'>,
): Bar => ({
  openAt: bucket.openAt,
  open: bucket.open,
  high: bucket.high,
  low: bucket.low,
  close: bucket.close,
  volume: bucket.volume,
  buyVolume: bucket.buyVolume,
  turnover: bucket.turnover,
  trades: bucket.trades,
  buyTrades: bucket.buyTrades,
  gapFilled,
  incomplete,
});
