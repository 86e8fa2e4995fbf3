import {
  bookDoc,
  ledgerDoc,
  positionDoc,
  riskStateDoc,
  tradeDoc,
  type BookDoc,
  type PositionDoc,
  type RiskStateDoc,
} from '@tradewind/contracts/documents/book';
import {
  fillDoc,
  intentDoc,
  orderDoc,
  signalDoc,
  type IntentDoc,
  type OrderDoc,
  type SignalDoc,
} from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import { applyReport, type ReportFault } from '@tradewind/core/order/apply-report';
import { isProof } from '@tradewind/core/order/fill-size';
import type { Fill, OrderReport } from '@tradewind/core/order/order';
import { followUpOf } from '@tradewind/core/order/reversal';
import { unprovenAfter } from '@tradewind/core/order/unverified';
import type { OrderAnalysis } from '@tradewind/core/portfolio/order-analysis';
import { originOf } from '@tradewind/core/portfolio/origins';
import type { Limits } from '@tradewind/core/risk/limits';
import type { ProtectionPcts, ProtectionPlan } from '@tradewind/core/portfolio/protection';
import { protectionPctsFor } from '@tradewind/core/portfolio/trailing';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { Store, StoreTx } from '../ledger/store.ts';
import type { Venue } from '../venue/venue.ts';
import { analysisOfEnded, entryAnalysis } from './analyse-order.ts';
import { applyFills, lateTarget, totalOf, type Booked, type BookingFault } from './apply-fills.ts';
import { readLimits } from './gate-figures.ts';
import { openPositions } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';
import { instrumentOf, isEntry, requireBook } from './records.ts';
import { isSameUnproven, tellUnproven } from './unproven.ts';
import {
  intentAfter,
  orderAfter,
  positionAfter,
  provenReport,
  riskAfter,
  sortFills,
} from './report-effects.ts';
import { readTraders } from '../strategies/traders.ts';
import { closedNews, tellNews, type RiskNews } from './trader-news.ts';
import { resultFailure, withRetries } from './venue-calls.ts';

/** What the venue said of one order. */
export type Report = {
  readonly bookId: string;
  readonly orderId: string;
  readonly report: OrderReport;
  /** Fills that came with it; missing ones are fetched. */
  readonly fills: readonly Fill[];
  readonly venue: Venue;
  /** Wall time of the answer. */
  readonly at: EpochMs;
};

/** The order as it is stored now. `complete`: every fill that the venue reports is booked. */
export type Recorded = { readonly order: OrderDoc; readonly complete: boolean };

/** Also the order as it was, and what somebody must know of. */
type Told = Recorded & { readonly told: readonly RiskNews[]; readonly before: OrderDoc };

/** Why a report was not booked; an alert was raised. */
export type RecordFault = ReportFault | BookingFault | { readonly kind: 'unknownOrder' };

/** Protection where the position's bot no longer exists (PF-48). */
const DEFAULT_PROTECTION: ProtectionPcts = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
};

/**
 * Books what the venue reports of an order: its state, its new fills, and what they change of the
 * position, the book, the ledger, the round trip, the risk counters and the intent, in one
 * transaction. Any true reports, in any order and any number of times, end in the same state.
 */
export async function recordReport(
  ports: ExecutionPorts,
  input: Report,
): Promise<Result<Recorded, RecordFault>> {
  const fills = await collectFills(ports, input);
  const recorded = await ports.store.transact((tx) => book(ports, tx, { ...input, fills }));
  if (!recorded.ok) {
    await alertFault(ports, input, recorded.error);
    return recorded;
  }
  const { told, before, ...result } = recorded.value;
  await tellNews(ports, input.bookId, told);
  await tellUnproven(ports, before, result.order);
  return ok(result);
}

/** The fills that came along, or all of the order's when those prove less than the venue says. */
async function collectFills(
  ports: ExecutionPorts,
  { venue, report, fills, orderId, bookId }: Report,
): Promise<readonly Fill[]> {
  if (totalOf(fills.filter(isProof)).quantity >= report.filledQuantity) return fills;
  const order = await ports.store.get(paths.order(bookId, orderId), orderDoc);
  if (order === undefined || order.filledQuantity >= report.filledQuantity) return fills;
  const { clientOrderId, venueOrderId } = report;
  const fetched = await withRetries(
    ports,
    () => venue.fills({ symbol: order.symbol, clientOrderId, venueOrderId }),
    resultFailure,
  );
  if (fetched.ok) return fetched.value;
  ports.log.warn('fills of an order could not be read; sync will ask again', {
    orderId,
    code: fetched.error.code,
  });
  return fills;
}

type Ledger = {
  readonly intent: IntentDoc;
  readonly book: BookDoc;
  readonly risk: RiskStateDoc | undefined;
  readonly position: PositionDoc | undefined;
  readonly instrument: Instrument;
  readonly protection: ProtectionPlan;
  readonly limits: Limits;
  /** The entry that is due once a reversal has closed its position. */
  readonly followUp: SignalDoc | null;
};

/** An order with the fills of it that are to be booked. */
type Filled = { readonly order: OrderDoc; readonly fills: readonly Fill[] };

/**
 * The position that a report changes. An exit that was filled although its position is closed sold what another one of
 * its market holds: it is booked there.
 */
async function positionOf(
  store: Store,
  tx: StoreTx,
  { order, fills }: Filled,
): Promise<PositionDoc | undefined> {
  const { bookId, positionId } = order;
  const own = await tx.get(paths.position(bookId, positionId), positionDoc);
  if (own?.status !== 'CLOSED' || isEntry(order) || fills.length === 0) return own;
  const open = await tx.query(openPositions(store, bookId), positionDoc);
  return lateTarget(open, { order, sold: totalOf(fills).quantity }) ?? own;
}

async function readLedger(
  { store, clock }: ExecutionPorts,
  tx: StoreTx,
  { order, fills }: Filled,
): Promise<Ledger> {
  const { bookId } = order;
  const [intent, bookOf, risk, position, market, traders, reversal] = await Promise.all([
    tx.get(paths.intent(bookId, order.intentId), intentDoc),
    requireBook(tx, bookId),
    tx.get(paths.riskState(bookId), riskStateDoc),
    positionOf(store, tx, { order, fills }),
    tx.get(paths.market(order.marketKey), marketDoc),
    readTraders(tx, [order.strategyId]),
    order.closeReason === 'reversal' && order.signalId !== null
      ? tx.get(paths.signal(bookId, order.signalId), signalDoc)
      : undefined,
  ]);
  if (intent === undefined) throw new Error(`Invariant: order ${order.orderId} has an intent`);
  if (market === undefined) throw new Error(`Market "${order.marketKey}" does not exist.`);
  return {
    limits: await readLimits(tx, bookOf, clock.wallNow()),
    followUp: followUpOf(reversal ?? null, {
      policy: traders.get(order.strategyId)?.reversal ?? 'flatten',
      reason: order.closeReason,
    }),
    intent,
    book: bookOf,
    risk,
    position,
    instrument: instrumentOf(market),
    protection: {
      ...protectionPctsFor(traders.get(order.strategyId)?.protection ?? DEFAULT_PROTECTION, order),
      stopAt: intent.suggestedStop,
      targetAt: intent.suggestedTarget,
    },
  };
}

async function book(
  ports: ExecutionPorts,
  tx: StoreTx,
  { bookId, orderId, report, fills, venue, at }: Report,
): Promise<Result<Told, RecordFault>> {
  const order = await tx.get(paths.order(bookId, orderId), orderDoc);
  if (order === undefined) return err({ kind: 'unknownOrder' });
  const proofs = fills.filter(isProof);
  const stored = await tx.getMany(
    proofs.map(({ fillId }) => paths.fill(bookId, orderId, fillId)),
    fillDoc,
  );
  const fresh = sortFills(proofs.filter((_, index) => stored[index] === undefined));
  const proven = provenReport(order, report, fresh);
  const moved = applyReport(order, proven);
  if (!moved.ok) return err(moved.error);

  const ledger = await readLedger(ports, tx, { order, fills: fresh });
  const complete = proven.filledQuantity >= report.filledQuantity;
  const nextIntent = intentAfter(ledger.intent, moved.value, at);
  const assumed = fills.length - proofs.length;
  const unverified = unprovenAfter(order, { report, after: moved.value, assumed });
  const isAsBefore = isSameUnproven(order.unverified ?? null, unverified);
  if (moved.value === order && fresh.length === 0 && nextIntent === ledger.intent && isAsBefore)
    return ok({ order, complete, told: [], before: order });

  const now = ports.clock.marketNow();
  const origin = originOf(ledger.book, venue.capabilities.simulated);
  const booked = applyFills({ ...ledger, order: moved.value, fills: fresh, origin, now });
  if (!booked.ok) return err(booked.error);
  const positionId = booked.value.position?.positionId ?? order.positionId;
  const filled = isAsBefore ? moved.value : { ...moved.value, unverified };
  const after = orderAfter(filled, { fills: booked.value.fills, positionId, at });
  const analysis = analysisOfEnded(after, ledger);
  const next = analysis === null ? after : { ...after, analysis };
  const opening =
    booked.value.trade === null ? null : await entryAnalysis(tx, ledger.position ?? order);
  const told = write(tx, { before: order, next, ledger, booked: booked.value, opening, at });
  if (nextIntent !== ledger.intent)
    tx.set(paths.intent(bookId, order.intentId), intentDoc, nextIntent);
  return ok({ order: next, complete, told, before: order });
}

type Outcome = {
  readonly before: OrderDoc;
  readonly next: OrderDoc;
  readonly ledger: Ledger;
  readonly booked: Booked;
  /** Of the order that opened a position which this one closes. */
  readonly opening: OrderAnalysis | null;
  readonly at: EpochMs;
};

function write(tx: StoreTx, outcome: Outcome): readonly RiskNews[] {
  const { before, next, ledger, booked, opening, at } = outcome;
  const { bookId, orderId } = next;
  tx.set(paths.order(bookId, orderId), orderDoc, next);
  for (const [index, fill] of booked.fills.entries()) {
    const entryId = `${orderId}-${fill.fillId}`;
    tx.create(paths.fill(bookId, orderId, fill.fillId), fillDoc, fill);
    tx.set(paths.ledgerEntry(bookId, entryId), ledgerDoc, {
      entryId,
      bookId,
      orderId,
      kind: 'fill',
      postings: [...(booked.postings[index] ?? [])],
      at: fill.at,
    });
  }
  if (booked.book !== ledger.book)
    tx.set(paths.book(bookId), bookDoc, { ...booked.book, updatedAt: at });
  if (booked.position !== null) {
    const stored =
      ledger.position?.positionId === booked.position.positionId ? ledger.position : undefined;
    const position = positionAfter(booked.position, { stored, order: next, now: at });
    if (position !== stored)
      tx.set(paths.position(bookId, position.positionId), positionDoc, position);
  }
  // Once: only the report that closes it finds it open.
  const isClosed = booked.position?.status === 'CLOSED' && ledger.position?.status !== 'CLOSED';
  if (ledger.followUp !== null && isClosed) askAgain(tx, ledger.followUp, at);
  if (booked.trade !== null)
    tx.set(paths.trade(bookId, booked.trade.tradeId), tradeDoc, {
      ...booked.trade,
      analysis: { entry: opening, exit: isEntry(next) ? null : (next.analysis ?? null) },
    });
  const closed = isClosed ? [closedNews(booked.position)] : [];
  if (ledger.risk === undefined) return closed;
  const { fills, trade } = booked;
  const { limits } = ledger;
  const seen = { before, order: next, fills, trade, limits, now: at };
  const { risk, told } = riskAfter(ledger.risk, seen);
  if (risk !== ledger.risk) tx.set(paths.riskState(bookId), riskStateDoc, risk);
  return [...told, ...closed];
}

/** Puts an entry before the gate that had to wait for its position to be closed (policy `flip`). */
function askAgain(tx: StoreTx, signal: SignalDoc, now: EpochMs): void {
  tx.set(paths.signal(signal.bookId, signal.signalId), signalDoc, {
    ...signal,
    executionStatus: 'PENDING',
    rejectionReason: null,
    rejections: [],
    intentId: null,
    createdAt: now,
    updatedAt: now,
  });
}

/** A report that contradicts the ledger is never dropped: a person has to look. */
async function alertFault(
  ports: ExecutionPorts,
  { bookId, orderId, report }: Report,
  fault: RecordFault,
): Promise<void> {
  const numbers = Object.entries<unknown>(fault).map(
    ([key, value]) => [key, String(value)] as const,
  );
  ports.log.error('report refused', { orderId, fault: fault.kind });
  await raiseAlert(ports.store, {
    rule: 'report_refused',
    severity: 'CRITICAL',
    message: `The venue's report on order ${orderId} does not fit the ledger (${fault.kind}). Nothing was booked.`,
    details: { orderId, reported: report.status, ...Object.fromEntries<string>(numbers) },
    bookId,
    symbol: null,
    label: orderId,
    now: ports.clock.wallNow(),
  });
}
