import {
  NO_VENUE_STOP,
  positionDoc,
  tradeDoc,
  type BookDoc,
  type PositionDoc,
} from '@tradewind/contracts/documents/book';
import { marketDoc, type MarketDoc } from '@tradewind/contracts/documents/market';
import { reconciliationDoc } from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { isSellable, marketKeyOf } from '@tradewind/core/instrument/instrument';
import { hashId } from '@tradewind/core/lib/ids';
import { sumMoney, ZERO_MONEY, type Price } from '@tradewind/core/lib/units';
import type {
  DustLoss,
  Import,
  ReconcileAction,
  Resize,
} from '@tradewind/core/order/reconcile/discrepancy';
import {
  importPosition,
  shrinkDust,
  shrinkPosition,
  type Correction,
  type PositionCorrection,
} from '@tradewind/core/portfolio/correct';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { openPositions } from '../execution/ledger-queries.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import { resultFailure, withRetries } from '../execution/venue-calls.ts';
import type { StoreTx } from '../ledger/store.ts';
import { readPrices } from '../market/read-prices.ts';
import { homeOf, type Account } from './accounts.ts';
import { readOpenBook, writeBookChange } from './book-change.ts';
import { resolveIn, type Difference } from './records.ts';

type Correct = Extract<ReconcileAction, { readonly kind: 'correct' }>;

/** A difference that is acted on: where its record is, and what the ledger was seen to hold. */
export type Acting = {
  readonly account: Account;
  readonly bookId: string;
  readonly recordId: string;
  readonly difference: Difference;
  /** Positions as the comparison saw them: what has changed since is not touched. */
  readonly seen: readonly PositionDoc[];
};

/** What became of an action. `done` = written; `changed` = the ledger moved meanwhile; `ignored` = not worth a record. */
export type Acted = {
  readonly kind: 'done' | 'changed' | 'ignored';
  readonly outcome: string;
};

/** A holding of nobody's that is worth taking over, with its market and price. */
type Priced = {
  readonly item: Import;
  readonly market: MarketDoc;
  readonly isNewMarket: boolean;
  readonly price: Price;
};

/**
 * Corrects quantities that nothing explains, and takes over what is nobody's, book by book. Everything of one book is
 * one transaction with the record of it.
 */
export async function carryOutCorrection(
  ports: ExecutionPorts,
  acting: Acting,
  action: Correct,
): Promise<Acted> {
  const home = homeOf(acting.account);
  const priced = await Promise.all(action.imports.map((item) => priceOf(ports, acting, item)));
  const imports = priced.filter((item) => item !== null);
  const books = new Set([...action.resizes, ...action.dust].map(({ bookId }) => bookId));
  if (imports.length > 0) books.add(home.bookId);
  if (books.size === 0) return { kind: 'ignored', outcome: 'too little to be traded' };
  // The record's own book last: then a crash between two books leaves it open.
  const order = [...books].sort(
    (a, b) => Number(a === acting.bookId) - Number(b === acting.bookId),
  );
  const outcomes: string[] = [];
  for (const bookId of order) {
    const outcome = await ports.store.transact((tx) =>
      correctBook(ports, tx, {
        acting,
        bookId,
        isLast: bookId === order.at(-1),
        resizes: action.resizes.filter((resize) => resize.bookId === bookId),
        dust: action.dust.filter((loss) => loss.bookId === bookId),
        imports: bookId === home.bookId ? imports : [],
      }),
    );
    if (outcome === null)
      return { kind: 'changed', outcome: 'the ledger changed while it was compared' };
    outcomes.push(outcome);
  }
  return { kind: 'done', outcome: outcomes.join('; ') };
}

type BookCorrection = {
  readonly acting: Acting;
  readonly bookId: string;
  readonly isLast: boolean;
  readonly resizes: readonly Resize[];
  readonly dust: readonly DustLoss[];
  readonly imports: readonly Priced[];
};

async function correctBook(
  ports: ExecutionPorts,
  tx: StoreTx,
  correction: BookCorrection,
): Promise<string | null> {
  const { acting, bookId, resizes, isLast } = correction;
  const { recordId, difference } = acting;
  const recordPath = paths.reconciliation(acting.bookId, recordId);
  const [record, open, stored, held] = await Promise.all([
    tx.get(recordPath, reconciliationDoc),
    readOpenBook(tx, bookId),
    tx.getMany(
      resizes.map(({ positionId }) => paths.position(bookId, positionId)),
      positionDoc,
    ),
    correction.imports.length === 0
      ? []
      : tx.query(openPositions(ports.store, bookId), positionDoc),
  ]);
  if (record?.status === 'RESOLVED' || !stored.every((doc) => isAsSeen(acting, doc))) return null;
  const [marketNow, wallNow] = [ports.clock.marketNow(), ports.clock.wallNow()];
  const changes: PositionCorrection[] = [
    ...resizes.flatMap(({ to, reason }, index) => {
      const position = stored[index];
      return position === undefined
        ? []
        : [shrinkPosition(position, { to, reason, now: marketNow })];
    }),
    ...correction.imports.map((item) => imported(correction, { ...item, held, now: marketNow })),
  ];
  const { dust, losses } = withoutDust(open.book, correction.dust);
  const all: readonly Correction[] = [...changes, ...losses];
  writePositions(tx, changes, { stored: [...stored, ...held], wallNow });
  for (const { market, isNewMarket } of correction.imports)
    if (isNewMarket) tx.set(paths.market(market.marketKey), marketDoc, market);
  writeBookChange(tx, open, {
    change: {
      cash: ZERO_MONEY,
      realizedPnl: sumMoney(all.map(({ realizedPnl }) => realizedPnl)),
      flow: sumMoney(all.map(({ inKind }) => inKind)),
      dust,
      entry: {
        entryId: `rec-${recordId}-${bookId}`.slice(0, 128),
        kind: 'correction',
        postings: all.flatMap(({ postings }) => postings),
        cause: `${difference.type}: ${difference.cause}`,
      },
    },
    wallNow,
    marketNow,
  });
  const outcome = [
    ...changes.map(({ position }) => `${position.positionId} is ${position.status}`),
    ...losses.map(({ marketKey }) => `the dust of ${marketKey} is less`),
  ].join(', ');
  const end = { bookId: acting.bookId, id: recordId, difference, now: wallNow, outcome };
  if (isLast) resolveIn(tx, record, end);
  return outcome;
}

/** Positions as corrected, and the trades of those that were closed. */
function writePositions(
  tx: StoreTx,
  changes: readonly PositionCorrection[],
  {
    stored,
    wallNow,
  }: {
    readonly stored: readonly (PositionDoc | undefined)[];
    readonly wallNow: PositionDoc['updatedAt'];
  },
): void {
  for (const { position, trade } of changes) {
    const { bookId, positionId } = position;
    const before = stored.find((doc) => doc?.positionId === positionId);
    tx.set(paths.position(bookId, positionId), positionDoc, {
      ...position,
      entrySignalId: before?.entrySignalId ?? null,
      stop: before?.stop ?? NO_VENUE_STOP,
      updatedAt: wallNow,
      version: before === undefined ? 0 : before.version + 1,
    });
    if (trade !== null) tx.set(paths.trade(bookId, trade.tradeId), tradeDoc, trade);
  }
}

/** Still what the comparison saw. */
function isAsSeen({ seen }: Acting, doc: PositionDoc | undefined): boolean {
  const known = seen.find(({ positionId }) => positionId === doc?.positionId);
  return (
    doc !== undefined &&
    known !== undefined &&
    doc.quantity === known.quantity &&
    doc.closeIntentId === known.closeIntentId &&
    doc.status !== 'CLOSED'
  );
}

function withoutDust(book: BookDoc, losses: readonly DustLoss[]) {
  const found = losses.flatMap(({ marketKey, less }) => {
    const dust = book.dust[marketKey];
    return dust === undefined ? [] : [{ marketKey, ...shrinkDust(marketKey, { dust, less }) }];
  });
  const left = Object.fromEntries(found.map(({ marketKey, dust }) => [marketKey, dust]));
  return { dust: { ...book.dust, ...left }, losses: found };
}

function imported(
  { acting, bookId }: BookCorrection,
  {
    item,
    market,
    price,
    held,
    now,
  }: Priced & { readonly held: readonly PositionDoc[]; readonly now: PositionDoc['openedAt'] },
): PositionCorrection {
  const { marketKey, symbol } = market;
  const known = held.find(
    (position) =>
      position.strategyId === EXTERNAL &&
      position.marketKey === marketKey &&
      position.side === item.side,
  );
  const positionId = hashId('position', EXTERNAL, acting.recordId, marketKey);
  const found = { positionId, bookId, marketKey, symbol, side: item.side, price, now };
  return importPosition({ ...found, quantity: item.quantity }, known ?? null);
}

/** Market and price of a holding; `null` for what this desk can neither value nor trade. */
async function priceOf(
  ports: ExecutionPorts,
  { account }: Acting,
  item: Import,
): Promise<Priced | null> {
  const { quote, venue } = homeOf(account);
  const symbol = item.market === 'futures' ? item.name : `${item.name}-${quote}`;
  const marketKey = marketKeyOf(venue, item.market, symbol);
  const known = await ports.store.get(paths.market(marketKey), marketDoc);
  const market = known ?? (await newMarket(ports, account, symbol));
  if (market === null) return null;
  const price = item.venue?.entryPrice ?? (await lastPriceOf(ports, account, market));
  if (price === null)
    throw new Error(`No price of ${symbol} is known: it cannot be taken over yet.`);
  if (item.market === 'spot' && !isSellable(market, item.quantity, price)) return null;
  return { item, market, isNewMarket: known === undefined, price };
}

async function newMarket(
  ports: ExecutionPorts,
  { venue }: Account,
  symbol: string,
): Promise<MarketDoc | null> {
  const read = await withRetries(ports, () => venue.instruments([symbol]), resultFailure);
  if (!read.ok && read.error.code === 'BadSymbol') return null;
  if (!read.ok)
    throw new Error(`${read.error.code}: the rules of ${symbol}: ${read.error.message}`);
  const [instrument] = read.value;
  return instrument === undefined ? null : { ...instrument, updatedAt: ports.clock.wallNow() };
}

async function lastPriceOf(
  ports: ExecutionPorts,
  { venue }: Account,
  { marketKey, symbol }: MarketDoc,
): Promise<Price | null> {
  const told = (await readPrices(ports.store)).get(marketKey);
  if (told !== undefined) return told.price;
  const since = ports.clock.marketNow();
  const range = { since: (since - 600_000) as typeof since, limit: 20 };
  const read = await withRetries(ports, () => venue.candles(symbol, range), resultFailure);
  return read.ok ? (read.value.at(-1)?.close ?? null) : null;
}
