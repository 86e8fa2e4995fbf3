import { bookDoc, ledgerDoc, positionDoc } from '@tradewind/contracts/documents/book';
import {
  fillDoc,
  intentDoc,
  orderDoc,
  type OrderDoc,
  type IntentDoc,
} from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { reconciliationDoc } from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { isFuturesKey } from '@tradewind/core/instrument/instrument';
import {
  addMoney,
  addQty,
  moneyOf,
  negMoney,
  subMoney,
  sumMoney,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Qty,
} from '@tradewind/core/lib/units';
import { isIntentWorking, isTerminal } from '@tradewind/core/order/transitions';
import { externalOrderId, isExternalOrder } from '@tradewind/adapters/reconcile/external-order';
import type { Schema } from '@tradewind/adapters/ledger/store';
import type * as z from 'zod';
import { isLiquidation, reportOf, symbolOf, type Account, type OrderAtVenue } from './exchange.ts';
import type { Data, Disk } from './memory-disk.ts';
import { findBare } from './protection.ts';
import { BOOK, CASH } from './seed-book.ts';

/** What is wrong after a scenario, in words, by figure. */
export type Findings = {
  readonly duplicates: readonly string[];
  readonly untracked: readonly string[];
  readonly unprotected: readonly string[];
  readonly unbalanced: readonly string[];
  readonly undecidedSignals: readonly string[];
};

const sumQty = (values: readonly Qty[]): Qty => values.reduce(addQty, ZERO_QTY);

function listOf<S extends Schema>(disk: Disk, collection: string, schema: S): z.infer<S>[] {
  return [...disk.list(collection).values()].map(({ data }) => schema.parse(data));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Orders of the venue that should be one. */
function findDuplicates(
  taken: readonly OrderAtVenue[],
  orders: ReadonlyMap<string, OrderDoc>,
): string[] {
  const byId = grouped(taken, ({ order }) => order.clientOrderId);
  const entries = taken.flatMap(({ order }) => {
    const known = orders.get(order.clientOrderId);
    return known?.signalId == null ? [] : [{ id: known.orderId, signalId: known.signalId }];
  });
  const bySignal = grouped(entries, ({ signalId }) => signalId);
  return [
    ...[...byId].flatMap(([id, all]) =>
      all.slice(1).map(() => `order ${id} was taken ${all.length} times`),
    ),
    ...[...bySignal].flatMap(([signalId, all]) =>
      [...new Set(all.map(({ id }) => id))]
        .slice(1)
        .map((id) => `order ${id} is another one of signal ${signalId}`),
    ),
  ];
}

/** What the ledger calls an order: those with which the venue closed a position are not ours. */
const ledgerId = (taken: OrderAtVenue): string =>
  isLiquidation(taken)
    ? externalOrderId(symbolOf(taken.order.marketKey), taken.venueOrderId)
    : taken.order.clientOrderId;

/** An order of the venue that the ledger does not know as it is. */
function judgeTaken(taken: OrderAtVenue, order: OrderDoc | undefined, isNewest: boolean): string[] {
  const id = ledgerId(taken);
  if (order === undefined) return [`order ${id} of the venue is in no ledger`];
  if (!isNewest) return [];
  const report = reportOf(taken);
  if (order.status !== report.status)
    return [`order ${id} is ${report.status} at the venue and ${order.status} in the ledger`];
  return order.filledQuantity === report.filledQuantity
    ? []
    : [`order ${id} has filled ${report.filledQuantity} and the ledger ${order.filledQuantity}`];
}

/** An order of the ledger that never was at the venue. */
const judgeAbsent = (order: OrderDoc): string[] =>
  order.status === 'REJECTED' || order.status === 'NOT_SENT'
    ? []
    : [`order ${order.orderId} is ${order.status} and unknown to the venue`];

const SIDES = ['LONG', 'SHORT'] as const;

/** A stop at the venue waits for its price. */
const rests = ({ type, status }: IntentDoc): boolean => type === 'STOP' && status === 'SENT';

function findUntracked(disk: Disk, exchange: Account, orders: ReadonlyMap<string, OrderDoc>) {
  const taken = exchange.all();
  const book = bookDoc.parse(disk.get(paths.book(BOOK))?.data);
  const positions = listOf(disk, paths.positions(BOOK), positionDoc);
  const holdings = listOf(disk, paths.markets, marketDoc).flatMap((market) =>
    SIDES.flatMap((side) => {
      const { marketKey, base } = market;
      const own = positions.filter((each) => each.marketKey === marketKey && each.side === side);
      const dust = side === 'LONG' ? (book.dust[marketKey]?.quantity ?? ZERO_QTY) : ZERO_QTY;
      const held = sumQty([dust, ...own.map(({ quantity }) => quantity)]);
      const there = exchange.held(market, side);
      return held === there
        ? []
        : [`${base} ${side}: the venue holds ${there} and the ledger ${held}`];
    }),
  );
  const working = listOf(disk, paths.intents(BOOK), intentDoc)
    .filter((intent) => isIntentWorking(intent.status) && !rests(intent))
    .map(({ intentId, status }) => `intent ${intentId} is ${status} for ever`);
  const atVenue = new Set(taken.map(ledgerId));
  return [
    ...taken.flatMap((one) => {
      const isNewest = exchange.find(one.order.clientOrderId) === one;
      return judgeTaken(one, orders.get(ledgerId(one)), isNewest);
    }),
    ...[...orders.values()].filter(({ orderId }) => !atVenue.has(orderId)).flatMap(judgeAbsent),
    ...holdings,
    ...working,
  ];
}

/** What a book's open futures were entered at, as {@link Account.entered} has it; spot pays for what it holds. */
const enteredBy = (disk: Disk): Money =>
  sumMoney(
    listOf(disk, paths.positions(BOOK), positionDoc)
      .filter(({ marketKey }) => isFuturesKey(marketKey))
      .map(({ side, cost }) => (side === 'LONG' ? cost : negMoney(cost))),
  );

/**
 * Money that does not add up, to the last decimal. Of orders that are filled at the same time a book may hear in another
 * order than the venue had them: more or less of a future's result is realised then, and the rest is in what is open.
 */
function findUnbalanced(disk: Disk, exchange: Account, orders: readonly OrderDoc[]): string[] {
  const { cash } = bookDoc.parse(disk.get(paths.book(BOOK))?.data);
  const entries = listOf(disk, paths.ledger(BOOK), ledgerDoc);
  const moved = entries.flatMap(({ postings }) =>
    postings.filter(({ account }) => account === 'cash').map(({ amount }) => amount),
  );
  const owed = subMoney(enteredBy(disk), exchange.entered());
  const venueCash = addMoney(moneyOf(exchange.cash()), owed);
  const fills = orders.flatMap(({ orderId }) =>
    listOf(disk, paths.fills(BOOK, orderId), fillDoc).map(({ fillId }) => `${orderId}-${fillId}`),
  );
  const known = new Set(entries.map(({ entryId }) => entryId));
  return [
    ...entries
      .filter(({ postings }) => sumMoney(postings.map(({ amount }) => amount)) !== ZERO_MONEY)
      .map(({ entryId }) => `entry ${entryId} does not add up to zero`),
    ...(addMoney(CASH, sumMoney(moved)) === cash ? [] : ['cash is not what the entries moved']),
    ...(cash >= 0n && cash === venueCash
      ? []
      : [`the book has ${cash} of cash and the venue ${venueCash}`]),
    ...fills.filter((id) => !known.has(id)).map((id) => `fill ${id} is in no entry`),
  ];
}

/**
 * What the comparison of the account took for somebody else's or could not explain. Nobody else trades on it, and the
 * venue only liquidates: whatever differs for a while is our own, on its way.
 */
function findMistaken(disk: Disk, exchange: Account, orders: readonly OrderDoc[]): string[] {
  const liquidations = new Set(exchange.all().filter(isLiquidation).map(ledgerId));
  const strangers = orders.filter(
    ({ orderId }) => isExternalOrder(orderId) && !liquidations.has(orderId),
  );
  const open = listOf(disk, paths.reconciliations(BOOK), reconciliationDoc).filter(
    ({ status }) => status === 'OPEN',
  );
  return [
    ...strangers.map(({ orderId }) => `order ${orderId} was taken for a stranger's`),
    ...open.map(({ type, key, cause }) => `${type} is open: ${key}: ${cause}`),
  ];
}

/** Positions that nobody can close any more: their exit is over and its lock is not. */
function findLocked(disk: Disk): string[] {
  const intents = new Map(
    listOf(disk, paths.intents(BOOK), intentDoc).map((intent) => [intent.intentId, intent]),
  );
  return listOf(disk, paths.positions(BOOK), positionDoc)
    .filter(({ status, closeIntentId }) => status !== 'CLOSED' && closeIntentId !== null)
    .filter(({ closeIntentId }) => {
      const exit = intents.get(closeIntentId ?? '');
      return exit === undefined || !isIntentWorking(exit.status);
    })
    .map(({ positionId }) => `position ${positionId} is locked by an exit that is over`);
}

const pendingSignals = (disk: Disk): string[] =>
  [...disk.list(paths.signals(BOOK))]
    .filter(([, { data }]) => data['executionStatus'] === 'PENDING')
    .map(([id]) => id);

/** True when the ledger has heard of everything that the venue did by itself. */
function knowsVenue(disk: Disk, exchange: Account): boolean {
  const orders = disk.list(paths.orders(BOOK));
  const flows = [...disk.list(paths.ledger(BOOK)).values()].filter(
    ({ data }) => data['kind'] === 'funding' || data['kind'] === 'insurance',
  );
  const isKnown = (one: OrderAtVenue): boolean => !isLiquidation(one) || orders.has(ledgerId(one));
  return exchange.all().every(isKnown) && flows.length >= exchange.flows();
}

/** True when nothing is under way in the ledger; stops at the venue rest for as long as they are wanted. */
export function isSettled(disk: Disk, exchange: Account): boolean {
  if (pendingSignals(disk).length > 0 || !knowsVenue(disk, exchange)) return false;
  const waits = (id: string): boolean => {
    const order = exchange.find(id)?.order;
    return order?.status === 'NEW' && order.triggeredAt === null;
  };
  const intents = [...disk.list(paths.intents(BOOK)).values()].map(({ data }) => data);
  const orders = [...disk.list(paths.orders(BOOK)).values()].map(({ data }) => data);
  const isOver = (data: Data): boolean =>
    isIntentOver(data) || (data['type'] === 'STOP' && data['status'] === 'SENT');
  const isDone = (data: Data): boolean =>
    isTerminal(orderDoc.shape.status.parse(data['status'])) ||
    (data['type'] === 'STOP' &&
      data['status'] === 'ACKNOWLEDGED' &&
      waits(String(data['orderId'])));
  // A comparison that died holds its lease until that ends; the next one closes what it had opened.
  const records = listOf(disk, paths.reconciliations(BOOK), reconciliationDoc);
  const isSettledRecord = records.every(({ status }) => status !== 'OPEN');
  return intents.every(isOver) && orders.every(isDone) && isSettledRecord;
}

const isIntentOver = ({ status }: Data): boolean =>
  !isIntentWorking(intentDoc.shape.status.parse(status));

/** Holds the ledger against the venue once everything is quiet. */
export function compare(disk: Disk, exchange: Account): Findings {
  const orders = new Map(
    listOf(disk, paths.orders(BOOK), orderDoc).map((order) => [order.orderId, order]),
  );
  return {
    duplicates: findDuplicates(exchange.all(), orders),
    untracked: [
      ...findUntracked(disk, exchange, orders),
      ...findMistaken(disk, exchange, [...orders.values()]),
    ],
    unprotected: [...findLocked(disk), ...findBare(disk, exchange)],
    unbalanced: findUnbalanced(disk, exchange, [...orders.values()]),
    undecidedSignals: pendingSignals(disk),
  };
}
