import { BAR_LENGTHS, type Kind } from '@tradewind/adapters/archive/layout';
import type { TextRow } from '@tradewind/adapters/archive/store-rows';
import type { MarketData, VenueError } from '@tradewind/adapters/venue/venue';
import type { Result } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { formatDecimal } from '@tradewind/core/lib/units';
import type { Candle, Trade } from '@tradewind/core/market/market';
import { Fault } from '../lib/fault.ts';

/** Most rows that a page holds; every venue gives fewer where it likes to. */
const PAGE = 1_000;
const MAX_ATTEMPTS = 6;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** A part of history: rows as text, and where the next part begins. */
export type Page = { readonly rows: readonly TextRow[]; readonly next: number | null };

export type Waits = {
  readonly sleep: (ms: number) => Promise<void>;
  /** Told before each wait, in words. */
  readonly onWait: (words: string) => void;
};

/** Asks until there is an answer: the same question again after a fault that passes. @throws Fault for one that stays. */
export async function ask<T>(
  question: () => Promise<Result<T, VenueError>>,
  { sleep, onWait }: Waits,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await question();
    if (answer.ok) return answer.value;
    const { message, retryable, retryAfterMs } = answer.error;
    if (!retryable || attempt === MAX_ATTEMPTS)
      throw new Fault(
        `The venue did not answer: ${message}` +
          (retryable
            ? `\nTried ${attempt} times. What came so far is kept: run the same command again to go on.`
            : ''),
      );
    const wait = retryAfterMs ?? Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
    onWait(`${message}; trying again in ${Math.round(wait / 1_000)} s`);
    await sleep(wait);
  }
}

const candleRow = (candle: Candle): TextRow => {
  // A venue that does not tell what buyers bought tells neither its turnover nor its trades.
  const isFull = candle.buyVolume !== null;
  return [
    String(candle.openAt),
    ...[candle.open, candle.high, candle.low, candle.close, candle.volume].map(formatDecimal),
    candle.buyVolume === null ? null : formatDecimal(candle.buyVolume),
    isFull ? formatDecimal(candle.quoteVolume) : null,
    isFull ? String(candle.trades) : null,
  ];
};

const tradeRow = (trade: Trade): TextRow => [
  String(trade.at),
  null,
  trade.tradeId,
  formatDecimal(trade.price),
  formatDecimal(trade.size),
  trade.side,
];

export type Span = { readonly from: number; readonly to: number };
type History = {
  readonly data: MarketData;
  readonly symbol: string;
  readonly kind: Kind;
  readonly waits: Waits;
};

/** Closed candles of `[since, to)`. */
async function candlePage(
  { data, symbol, kind, waits }: History,
  since: number,
  to: number,
): Promise<Page> {
  if (kind !== '1m' && kind !== '5m' && kind !== '15m' && kind !== '1h')
    throw new Fault(`Venues are asked for candles of 1m, 5m, 15m or 1h, not ${kind}.`);
  const length = BAR_LENGTHS[kind];
  const range = { since: epochMs(since), limit: PAGE, timeframe: kind };
  const candles = await ask(() => data.candles(symbol, range), waits);
  const inside = candles.filter(({ openAt }) => openAt >= since && openAt + length <= to);
  const last = candles.reduce((latest, { openAt }) => Math.max(latest, openAt), -1);
  // An empty page is a time before the market was listed, or a halt: look beyond it.
  const next = last < since ? since + PAGE * length : last + length;
  return { rows: inside.map(candleRow), next: next >= to ? null : next };
}

/** Trades of `[since, to)`, after the trade `afterId` where the venue counts them. */
function tradePages({ data, symbol, waits }: History, to: number) {
  const { tradesById, tradesByTime } = data.capabilities;
  if (!tradesByTime) throw new Fault('This venue does not tell trades of the past.');
  let afterId: string | undefined;
  return async (since: number): Promise<Page> => {
    const query =
      tradesById && afterId !== undefined
        ? { sinceId: afterId, limit: PAGE }
        : { since: epochMs(since), limit: PAGE };
    const trades = await ask(() => data.trades(symbol, query), waits);
    const last = trades.at(-1);
    if (last === undefined) return { rows: [], next: null };
    afterId = last.tradeId;
    const rows = trades.filter(({ at }) => at >= since && at < to).map(tradeRow);
    // By time a page begins with what ended the one before; a page that is all of one moment is left behind.
    const next = tradesById ? Math.max(since, last.at) : last.at > since ? last.at : since + 1;
    return { rows, next: last.at >= to || trades.length === 1 ? null : next };
  };
}

/** The parts of a stretch of history, oldest first. */
export async function* pages(history: History, { from, to }: Span): AsyncGenerator<Page> {
  const tradePage = history.kind === 'ticks' ? tradePages(history, to) : undefined;
  for (let since: number | null = from; since !== null && since < to;) {
    const page: Page =
      tradePage === undefined ? await candlePage(history, since, to) : await tradePage(since);
    yield page;
    since = page.next;
  }
}
