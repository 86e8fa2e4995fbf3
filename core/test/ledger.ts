import { anInstrument, at } from '../src/order/fixtures.ts';
import { epochMs } from '../src/lib/time.ts';
import {
  addMoney,
  addQty,
  averagePrice,
  notional,
  price,
  qty,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
  type Price,
  type Qty,
} from '../src/lib/units.ts';
import type { Ledger, LedgerFill, LedgerOrder } from '../src/parity/ledger.ts';
import { applyFill } from '../src/portfolio/apply-fill.ts';
import type { Position } from '../src/portfolio/position.ts';
import type { RoundTrip } from '../src/portfolio/fill-effect.ts';

const PROTECTION = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
  stopAt: null,
  targetAt: null,
};

/** One round trip as a venue would execute it; minutes from noon. */
export type Trip = {
  readonly minute: number;
  readonly heldMinutes: number;
  /** Price of each entry fill, and of each exit fill. */
  readonly entries: readonly string[];
  readonly exits: readonly string[];
  /** Base quantity of each entry fill. */
  readonly quantity: string;
  readonly fee: { readonly amount: string; readonly currency: 'BTC' | 'USDT' };
};

type Books = {
  orders: LedgerOrder[];
  fills: LedgerFill[];
  positions: Position[];
  trades: RoundTrip[];
};

/** The venue's answer arrives this long after the fill. */
const ANSWER_MS = 200;

type OrderPlan = {
  readonly orderId: string;
  readonly positionId: string;
  readonly side: 'BUY' | 'SELL';
  readonly minute: number;
  readonly prices: readonly Price[];
  readonly quantities: readonly Qty[];
  readonly fee: Trip['fee'];
};

/** Books an order's fills as the ledger does: one after the other, totals kept beside them. */
function execute(books: Books, plan: OrderPlan, before: Position | null): Position | null {
  const { orderId, positionId, side } = plan;
  const total = plan.quantities.reduce((sum, one) => addQty(sum, one), ZERO_QTY);
  let [filled, quote, fees, position] = [ZERO_QTY, ZERO_MONEY, ZERO_MONEY, before];
  const named = {
    intentId: `intent-${orderId}`,
    positionId,
    strategyId: 'balanced',
    bookId: 'paper',
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    side,
    closeReason: side === 'SELL' ? ('ZE1' as const) : null,
    expectedPrice: plan.prices[0] ?? price('1'),
  };
  const times = plan.prices.map((_, index) => at(plan.minute * 60_000 + index * 1_000));
  plan.prices.forEach((px, index) => {
    const quantity = plan.quantities[index] ?? ZERO_QTY;
    const inBase = plan.fee.currency === 'BTC' && side === 'BUY';
    const fill = {
      fillId: `${orderId}-${index}`,
      orderId,
      side,
      price: px,
      quantity,
      fee: inBase || plan.fee.currency === 'USDT' ? qty(plan.fee.amount) : ZERO_QTY,
      feeCurrency: plan.fee.currency,
      at: times[index] ?? at(0),
    };
    filled = addQty(filled, quantity);
    quote = addMoney(quote, notional(px, quantity, 'floor'));
    const booked = applyFill({
      position,
      fill,
      order: { ...named, remaining: subQty(total, filled) },
      instrument: anInstrument(),
      protection: PROTECTION,
    });
    if (!booked.ok) throw new Error(`The plan of ${orderId} is not possible: ${booked.error.kind}`);
    position = booked.value.position;
    fees = addMoney(fees, booked.value.feeQuote);
    const sizeQuote = notional(px, quantity, 'floor');
    books.fills.push({ ...fill, positionId, sizeQuote, feeQuote: booked.value.feeQuote });
    if (booked.value.trade !== null) books.trades.push(booked.value.trade);
  });
  const [first, last] = [times[0] ?? at(0), times.at(-1) ?? at(0)];
  books.orders.push({
    ...named,
    orderId,
    status: 'FILLED',
    quantity: total,
    filledQuantity: filled,
    filledQuote: quote,
    averagePrice: averagePrice(quote, filled, 'floor'),
    fees,
    filledAt: last,
    marks: { firstFillAt: epochMs(first + ANSWER_MS), doneAt: epochMs(last + ANSWER_MS) },
  });
  return position;
}

/** `whole` in as many parts as asked, the last with what is left, each on the lot grid. */
function parts(whole: Qty, count: number): Qty[] {
  const lots = Number(whole / qty('0.00001'));
  const each = Math.max(1, Math.floor(lots / count));
  const first = Array.from({ length: count - 1 }, () => qty((each / 100_000).toFixed(5)));
  const rest = lots - each * (count - 1);
  return [...first, qty((rest / 100_000).toFixed(5))];
}

/** What the ledger would hold after these trips; wall time and market time are the same. */
export function aLedger(trips: readonly Trip[]): Ledger {
  const books: Books = { orders: [], fills: [], positions: [], trades: [] };
  trips.forEach((trip, index) => {
    const { fee } = trip;
    const positionId = `position-${index}`;
    const opened = execute(
      books,
      {
        orderId: `entry-${index}`,
        positionId,
        side: 'BUY',
        minute: trip.minute,
        prices: trip.entries.map(price),
        quantities: trip.entries.map(() => qty(trip.quantity)),
        fee,
      },
      null,
    );
    if (opened === null) throw new Error('A trip has at least one entry');
    const minute = trip.minute + trip.heldMinutes;
    const quantities = parts(opened.quantity, Math.max(1, trip.exits.length));
    const plan = { positionId, minute, quantities, fee, prices: trip.exits.map(price) };
    const closed =
      trip.exits.length === 0
        ? opened
        : execute(books, { ...plan, orderId: `exit-${index}`, side: 'SELL' }, opened);
    if (closed !== null) books.positions.push(closed);
  });
  return { instrument: anInstrument(), ...books };
}
