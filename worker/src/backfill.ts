import type { MarketData } from '@tradewind/adapters/venue/venue';
import type { Result } from '@tradewind/core/lib/result';
import { err, ok } from '@tradewind/core/lib/result';
import { epochMs, later, minutes, type EpochMs } from '@tradewind/core/lib/time';
import { TIMEFRAMES, type Candle, type Timeframe, type Trade } from '@tradewind/core/market/market';

const PAGE = 1_000;
/** Pages that one gap may cost: beyond it candles are cheaper than trades (MD-23). */
const MAX_PAGES = 10;
const MINUTE = minutes(1);

/** Why trades are not to be had: the gap is longer than is worth it, the venue cannot, or it did not answer. */
export type Unfilled =
  | { readonly kind: 'tooLong' }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'failed'; readonly message: string };

type Source = Pick<MarketData, 'capabilities' | 'trades'>;
type Page = Result<Trade[], Unfilled>;

async function page(
  data: Source,
  symbol: string,
  query: Parameters<Source['trades']>[1],
): Promise<Page> {
  const read = await data.trades(symbol, query);
  if (read.ok) return ok(read.value);
  const isUnable = read.error.code === 'UnsupportedCall';
  return err(isUnable ? { kind: 'unsupported' } : { kind: 'failed', message: read.error.message });
}

/** Pages after the last of `begun` until one is not full, in order. */
async function forward(data: Source, symbol: string, begun: readonly Trade[]): Promise<Page> {
  const trades = [...begun];
  for (let pages = 1; ; pages += 1) {
    const last = trades.at(-1);
    if (last === undefined) return ok(trades);
    if (pages === MAX_PAGES) return err({ kind: 'tooLong' });
    const next = await page(data, symbol, { sinceId: last.tradeId, limit: PAGE });
    if (!next.ok) return next;
    trades.push(...next.value);
    if (next.value.length < PAGE) return ok(trades);
  }
}

/** All trades after the one with `id`, oldest first (MD-23). */
export async function tradesAfter(data: Source, symbol: string, id: string): Promise<Page> {
  if (!data.capabilities.tradesById) return err({ kind: 'unsupported' });
  const first = await page(data, symbol, { sinceId: id, limit: PAGE });
  return first.ok && first.value.length === PAGE ? forward(data, symbol, first.value) : first;
}

/** Pages backwards by counted ids, from the newest to the one that reaches `since`. */
async function backward(data: Source, symbol: string, since: EpochMs): Promise<Page> {
  const newest = await page(data, symbol, { limit: PAGE });
  if (!newest.ok) return newest;
  let trades = newest.value;
  for (let pages = 1; ; pages += 1) {
    const oldest = trades[0];
    if (oldest === undefined || oldest.at < since) return ok(trades);
    const id = Number(oldest.tradeId);
    if (!Number.isSafeInteger(id)) return err({ kind: 'unsupported' });
    if (id <= 1) return ok(trades);
    if (pages === MAX_PAGES) return err({ kind: 'tooLong' });
    const before = String(Math.max(0, id - PAGE - 1));
    const older = await page(data, symbol, { sinceId: before, limit: PAGE });
    if (!older.ok) return older;
    const fresh = older.value.filter(({ tradeId }) => Number(tradeId) < id);
    if (fresh.length === 0) return ok(trades);
    trades = [...fresh, ...trades];
  }
}

/** All trades from `since` on, oldest first; what came before it may be among them no more. */
export async function tradesSince(data: Source, symbol: string, since: EpochMs): Promise<Page> {
  const { tradesById, tradesByTime } = data.capabilities;
  if (!tradesById) return err({ kind: 'unsupported' });
  const read = tradesByTime
    ? await byTime(data, symbol, since)
    : await backward(data, symbol, since);
  return read.ok ? ok(read.value.filter(({ at }) => at >= since)) : read;
}

async function byTime(data: Source, symbol: string, since: EpochMs): Promise<Page> {
  const first = await page(data, symbol, { since, limit: PAGE });
  // Even one that is not full may not be the last: a venue may find a place first, and cut before it.
  return first.ok ? forward(data, symbol, first.value) : first;
}

/**
 * The venue's own candles whose buckets lie in `[from, until)`, page by page, marked as read after the
 * fact; an error when it does not answer.
 */
export async function venueCandles(
  data: Pick<MarketData, 'candles'>,
  symbol: string,
  range: { readonly from: EpochMs; readonly until: EpochMs; readonly timeframe?: Timeframe },
): Promise<Result<Candle[], string>> {
  const { from, until, timeframe = '1m' } = range;
  const length = TIMEFRAMES[timeframe];
  const candles: Candle[] = [];
  for (let since = from; since < until;) {
    const limit = Math.min(PAGE, Math.ceil((until - since) / length));
    const read = await data.candles(symbol, { since, limit, timeframe });
    if (!read.ok) return err(read.error.message);
    const start = since;
    const fresh = read.value.filter(({ openAt }) => openAt >= start && openAt + length <= until);
    candles.push(
      ...fresh.map((candle): Candle => ({ ...candle, gapFilled: true, source: 'venue' })),
    );
    const last = fresh.at(-1);
    if (last === undefined || read.value.length < limit) break;
    since = epochMs(last.openAt + length);
  }
  return ok(candles);
}

/** The end of the minute that holds `at`. */
export const minuteAfter = (at: EpochMs): EpochMs => later(epochMs(at - (at % MINUTE)), MINUTE);
