import { readPrices, type Prices } from '@tradewind/adapters/market/read-prices';
import { openPositions } from '@tradewind/adapters/execution/ledger-queries';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { Store } from '@tradewind/adapters/ledger/store';
import {
  equityDoc,
  ledgerDoc,
  positionDoc,
  tradeDoc,
  type BookDoc,
  type PositionDoc,
  type TradeDoc,
} from '@tradewind/contracts/documents/book';
import { chunkDoc } from '@tradewind/contracts/documents/market';
import { performanceDoc } from '@tradewind/contracts/documents/performance';
import type { WeeklyReportDoc } from '@tradewind/contracts/documents/report';
import { integrityDoc } from '@tradewind/contracts/documents/risk';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { ageMs, type EpochMs } from '@tradewind/core/lib/time';
import { notional, subMoney, sumMoney, type Money } from '@tradewind/core/lib/units';
import { dumpPrecision, type DumpExit } from '@tradewind/core/portfolio/dump-precision';
import { monthScope } from '@tradewind/core/portfolio/performance';
import type { Week } from '@tradewind/core/portfolio/weekly-report';

const HOUR_MS = 3_600_000;
/** A chunk of the exit's hour, and the one that its next ten minutes may reach into. */
const AFTER_MS = 600_000;

/** Everything that a book's report is made of. */
export type WeekFacts = {
  readonly trades: readonly TradeDoc[];
  readonly before: Money | null;
  readonly after: Money | null;
  /** Deposits less withdrawals of the week. */
  readonly flows: Money;
  readonly positions: WeeklyReportDoc['positions'];
  /** Of the month so far. */
  readonly monthPct: number | null;
  readonly dumps: WeeklyReportDoc['dumps'];
  readonly unverified: WeeklyReportDoc['unverified'];
};

/** What a book was worth at a time, as the worker wrote it within the hour before; `null` = it did not. */
async function equityAt(store: Store, bookId: string, at: EpochMs): Promise<Money | null> {
  const last = store.firestore
    .collection(paths.equityCurve(bookId))
    .where('at', '<=', new Date(at))
    .orderBy('at', 'desc')
    .limit(1);
  const [point] = await store.query(last, equityDoc);
  return point !== undefined && at - point.at <= HOUR_MS ? point.equity : null;
}

/** A book that began within the week began with its first balance. */
const equityBefore = (store: Store, book: BookDoc, from: EpochMs): Promise<Money | null> =>
  book.createdAt > from ? Promise.resolve(book.initialBalance) : equityAt(store, book.bookId, from);

async function flowsOf(store: Store, bookId: string, { from, to }: Week): Promise<Money> {
  const moved = store.firestore
    .collection(paths.ledger(bookId))
    .where('kind', 'in', ['deposit', 'withdrawal']);
  const entries = await store.query(moved, ledgerDoc);
  return sumMoney(
    entries
      .filter(({ at }) => at >= from && at < to)
      .flatMap(({ postings }) => postings.filter(({ account }) => account === 'cash'))
      .map(({ amount }) => amount),
  );
}

async function tradesOf(store: Store, bookId: string, { from, to }: Week): Promise<TradeDoc[]> {
  const closed = store.firestore
    .collection(paths.trades(bookId))
    .where('closedAt', '>=', new Date(from))
    .where('closedAt', '<', new Date(to))
    .orderBy('closedAt');
  return store.query(closed, tradeDoc);
}

/** The minutes after an exit, as far as their chunks are still there. */
async function dumpExit(store: Store, trade: TradeDoc): Promise<DumpExit> {
  const { marketKey, side, exitPrice, closedAt } = trade;
  const hours = new Set([closedAt, closedAt + AFTER_MS].map((at) => chunkId(at)));
  const chunks = await Promise.all(
    [...hours].map((hour) => store.get(paths.chunk(marketKey, hour), chunkDoc)),
  );
  const candles = chunks.flatMap((chunk) => chunk?.candles ?? []);
  return { side, exitPrice, closedAt, candles: candles.filter(({ incomplete }) => !incomplete) };
}

function valued(position: PositionDoc, prices: Prices, now: { wall: EpochMs; market: EpochMs }) {
  const { symbol, side, strategyId, quantity, averageEntry, cost, marketKey, openedAt } = position;
  const live = prices.get(marketKey);
  const isYoung = live !== undefined && now.wall - live.writtenAt <= live.maxAgeMs && !live.stale;
  const price = isYoung ? live.price : null;
  const worth = price === null ? null : notional(price, quantity, 'floor');
  const gain =
    worth === null ? null : side === 'LONG' ? subMoney(worth, cost) : subMoney(cost, worth);
  const heldMs = ageMs(openedAt, now.market);
  return { symbol, side, strategyId, quantity, averageEntry, price, unrealizedPnl: gain, heldMs };
}

/** Reads a book's week; what is not known of it is `null`. */
export async function readWeek(
  { store, clock }: Pick<ExecutionPorts, 'store' | 'clock'>,
  book: BookDoc,
  week: Week,
): Promise<WeekFacts> {
  const { bookId } = book;
  const [trades, before, after, flows, held, prices, month, integrity] = await Promise.all([
    tradesOf(store, bookId, week),
    equityBefore(store, book, week.from),
    equityAt(store, bookId, week.to),
    flowsOf(store, bookId, week),
    store.query(openPositions(store, bookId), positionDoc),
    readPrices(store),
    store.get(paths.performance(bookId, monthScope(clock.marketNow())), performanceDoc),
    store.get(paths.riskIntegrity(bookId), integrityDoc),
  ]);
  const dumped = trades.filter(({ exitReason }) => exitReason === 'dump');
  const exits: DumpExit[] = [];
  for (const trade of dumped) exits.push(await dumpExit(store, trade));
  const now = { wall: clock.wallNow(), market: clock.marketNow() };
  return {
    ...{ trades, before, after, flows },
    positions: held.map((position) => valued(position, prices, now)),
    monthPct: month?.figures.returnPct ?? null,
    dumps: { ...dumpPrecision(exits) },
    unverified: integrity?.unverified ?? null,
  };
}
