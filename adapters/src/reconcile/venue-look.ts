import { fillDoc, orderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import { durationMs, epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { addQty, type Qty } from '@tradewind/core/lib/units';
import { isProof } from '@tradewind/core/order/fill-size';
import type { Line } from '@tradewind/core/order/reconcile/lines';
import type { VenueFill, VenueSnapshot } from '@tradewind/core/order/reconcile/snapshot';
import { isDocumentId, orderAtVenue } from '../execution/ledger-queries.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import { resultFailure, withRetries } from '../execution/venue-calls.ts';
import type { AccountFill, AccountOrder, Venue, VenueError } from '../venue/venue.ts';
import type { Account } from './accounts.ts';
import { externalOrderId, isExternalOrder } from './external-order.ts';
import type { LedgerLook } from './ledger-look.ts';

/** How far back fills are looked for: long enough for a desk that was off over night. */
const HISTORY = durationMs(24 * 3_600_000);

type Read<T> = Promise<Result<T, VenueError>>;

/** Balances and positions: what a pass compares when nothing seems wrong. */
export type Holdings = Pick<VenueSnapshot, 'balances' | 'positions'>;

/**
 * What the account holds.
 *
 * An answer without a single asset, where the books have cash, is none: some failure looks like that (EXE-51).
 */
export async function readHoldings(
  ports: ExecutionPorts,
  { venue, books }: Account,
): Read<Holdings & { readonly totals: Readonly<Record<string, Qty>> }> {
  const balances = await withRetries(ports, () => venue.balances(), resultFailure);
  if (!balances.ok) return balances;
  const totals = Object.fromEntries(
    Object.entries(balances.value).map(([asset, { free, used }]) => [asset, addQty(free, used)]),
  );
  const isEmpty = Object.values(totals).every((total) => total === 0n);
  if (isEmpty && books.some(({ cash }) => cash > 0n)) return err(emptyAnswer);
  if (venue.capabilities.market === 'spot')
    return ok({ balances: totals, positions: null, totals });
  const positions = await withRetries(ports, () => venue.positions(), resultFailure);
  if (!positions.ok) return positions;
  return ok({ balances: null, positions: positions.value, totals });
}

const emptyAnswer: VenueError = {
  code: 'SchemaMismatch',
  severity: 'HIGH',
  retryable: false,
  message: 'the account was answered to hold nothing at all',
  retryAfterMs: null,
};

/** Everything that a difference is judged on: open orders around the holdings. */
export async function readCarefully(
  ports: ExecutionPorts,
  account: Account,
): Read<Omit<VenueSnapshot, 'fills'> & { readonly orders: readonly AccountOrder[] }> {
  const { venue } = account;
  const before = await withRetries(ports, () => venue.openOrders(), resultFailure);
  if (!before.ok) return before;
  const holdings = await readHoldings(ports, account);
  if (!holdings.ok) return holdings;
  const after = await withRetries(ports, () => venue.openOrders(), resultFailure);
  if (!after.ok) return after;
  const { balances, positions } = holdings.value;
  return ok({
    balances,
    positions,
    ordersBefore: before.value,
    ordersAfter: after.value,
    orders: after.value,
    at: ports.clock.wallNow(),
  });
}

/** Fills of the last day in the markets of some lines, with what the ledger knows of each. */
export async function readFills(
  ports: ExecutionPorts,
  account: Account,
  { lines, look }: { readonly lines: readonly Line[]; readonly look: LedgerLook },
): Read<readonly VenueFill[]> {
  const { venue } = account;
  const fills: VenueFill[] = [];
  for (const symbol of symbolsOf(lines, look)) {
    const since = sinceOf(ports, account);
    const read = await withRetries(ports, () => venue.fillsSince(symbol, since), resultFailure);
    // A market that the venue does not have has no fills.
    if (!read.ok && read.error.code === 'BadSymbol') continue;
    if (!read.ok) return read;
    if (read.value.length === 0) continue;
    const orders = await withRetries(ports, () => venue.ordersSince(symbol, since), resultFailure);
    if (!orders.ok) return orders;
    const liquidated = await readLiquidations(ports, venue, { symbol, since });
    if (!liquidated.ok) return liquidated;
    const known = { orders: orders.value, liquidated: liquidated.value };
    // One whose size is assumed explains nothing: what it would explain stays a difference (PF-20).
    const proofs = read.value.filter(isProof);
    fills.push(...(await withLedger(ports, account, { fills: proofs, ...known })));
  }
  return ok(fills.toSorted((a, b) => a.at - b.at));
}

/** Not before the account's first book: what was traded before is what it began with. */
const sinceOf = ({ clock }: ExecutionPorts, { books }: Account): EpochMs =>
  epochMs(Math.max(books[0].createdAt, clock.marketNow() - HISTORY));

function symbolsOf(lines: readonly Line[], { books, markets }: LedgerLook): readonly string[] {
  const symbols = lines.flatMap(({ market, name, positions, dust }) =>
    market === 'futures'
      ? [name]
      : [
          ...positions.map(({ symbol }) => symbol),
          ...dust.map(({ marketKey }) => markets.get(marketKey)?.symbol ?? ''),
          ...books.map(({ quote }) => `${name}-${quote}`),
        ],
  );
  return [...new Set(symbols)].filter((symbol) => symbol !== '');
}

async function readLiquidations(
  ports: ExecutionPorts,
  venue: Venue,
  { symbol, since }: { readonly symbol: string; readonly since: EpochMs },
): Read<ReadonlySet<string>> {
  if (!venue.capabilities.liquidationHistory) return ok(new Set());
  const read = await withRetries(ports, () => venue.liquidations(symbol, since), resultFailure);
  return read.ok ? ok(new Set(read.value.map(({ venueOrderId }) => venueOrderId))) : read;
}

/** Each fill with the order of ours that it belongs to, and whether it is booked. */
async function withLedger(
  ports: ExecutionPorts,
  account: Account,
  read: {
    readonly fills: readonly AccountFill[];
    readonly orders: readonly AccountOrder[];
    readonly liquidated: ReadonlySet<string>;
  },
): Promise<readonly VenueFill[]> {
  const { store } = ports;
  const market = account.venue.capabilities.market;
  const ours = await ourOrders(ports, account, read);
  const judged = read.fills.map(async (fill): Promise<VenueFill> => {
    const order = ours.get(fill.venueOrderId) ?? null;
    const orderId = order?.orderId ?? externalOrderId(fill.symbol, fill.venueOrderId);
    const bookIds = order === null ? account.books.map(({ bookId }) => bookId) : [order.bookId];
    const stored = await Promise.all(
      bookIds.map((bookId) => store.get(paths.fill(bookId, orderId, fill.fillId), fillDoc)),
    );
    return {
      ...fill,
      orderId,
      market,
      ours: order,
      booked: stored.some((doc) => doc !== undefined),
      liquidation: read.liquidated.has(fill.venueOrderId),
    };
  });
  return Promise.all(judged);
}

type Ours = { readonly bookId: string; readonly orderId: string };

/** Orders of ours by the venue's id: by our own id where the venue tells it, else by what was recorded. */
async function ourOrders(
  { store }: ExecutionPorts,
  { books }: Account,
  {
    fills,
    orders,
  }: { readonly fills: readonly AccountFill[]; readonly orders: readonly AccountOrder[] },
): Promise<ReadonlyMap<string, Ours>> {
  const clientIds = new Map(orders.map((order) => [order.venueOrderId, order.clientOrderId]));
  const found = new Map<string, Ours>();
  for (const venueOrderId of new Set(fills.map((fill) => fill.venueOrderId))) {
    const clientOrderId = clientIds.get(venueOrderId);
    for (const { bookId } of books) {
      const byId = isDocumentId(clientOrderId)
        ? await store.get(paths.order(bookId, clientOrderId), orderDoc)
        : undefined;
      const order = byId ?? (await orderAtVenue(store, bookId, venueOrderId));
      if (order === undefined || isExternalOrder(order.orderId)) continue;
      found.set(venueOrderId, { bookId, orderId: order.orderId });
    }
  }
  return found;
}
