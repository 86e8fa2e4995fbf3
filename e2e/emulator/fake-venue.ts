import { err, ok } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import {
  addMoney,
  addQty,
  amountOf,
  averagePrice,
  feeMoney,
  feeQty,
  notional,
  subMoney,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Fill, OrderReport } from '@tradewind/core/order/order';
import type {
  Lookup,
  SubmitOutcome,
  Venue,
  VenueError,
  VenueOrder,
} from '@tradewind/adapters/venue/venue';

/** What the fake does with one submission; without a script it fills at once. */
export type Behaviour =
  | { readonly kind: 'fill'; readonly parts?: number }
  /** Fills `quantity` and keeps the rest open. */
  | { readonly kind: 'rest'; readonly quantity?: Qty }
  | { readonly kind: 'reject'; readonly code?: string }
  | { readonly kind: 'notSent'; readonly retryable?: boolean }
  /** Time-out; it never arrived. */
  | { readonly kind: 'lostBefore' }
  /** Time-out after the venue took it and did `then`. */
  | { readonly kind: 'lostAfter'; readonly then: Behaviour }
  /** Answers with the totals, but its fills cannot be read until {@link FakeVenue.reveal}. */
  | { readonly kind: 'hidden' };

type Held = {
  readonly order: VenueOrder;
  readonly venueOrderId: string;
  status: OrderReport['status'];
  fills: Fill[];
  hidden: boolean;
};

/** An in-memory venue for tests, with the bad habit of real ones: an id may be used again after a fill. */
export type FakeVenue = Venue & {
  /** What comes next, one behaviour a submission. */
  readonly script: Behaviour[];
  /** Every order that was ever taken, in order. */
  readonly taken: readonly VenueOrder[];
  readonly submissions: () => number;
  readonly cash: () => Money;
  readonly held: (symbol: string) => Qty;
  setPrice: (price: Price) => void;
  /** While offline every look-up, listing and cancellation fails. */
  setOffline: (offline: boolean) => void;
  /** Runs before the next cancellation is answered: a fill that wins the race. */
  beforeCancel: (action: () => void) => void;
  /** Fills `quantity`, or all that is left, of an open order. */
  fill: (clientOrderId: string, quantity?: Qty) => void;
  reveal: () => void;
};

const FEE_RATE = 0.001;

const failure = (code: string, retryable: boolean): VenueError => ({
  code,
  severity: 'MEDIUM',
  retryable,
  message: `the fake venue says ${code}`,
  retryAfterMs: null,
});

const filledOf = ({ fills }: Held): Qty =>
  fills.reduce((sum, { quantity }) => addQty(sum, quantity), ZERO_QTY);
const quoteOf = ({ fills }: Held): Money =>
  fills.reduce(
    (sum, fill) => addMoney(sum, notional(fill.price, fill.quantity, 'floor')),
    ZERO_MONEY,
  );

/** A fake account with `cash`, where everything trades at one price. */
export function createFakeVenue(start: {
  readonly cash: Money;
  readonly price: Price;
  readonly now: () => EpochMs;
}): FakeVenue {
  const orders = new Map<string, Held>();
  const taken: VenueOrder[] = [];
  const script: Behaviour[] = [];
  const inventory = new Map<string, Qty>();
  let { cash, price } = start;
  let submissions = 0;
  let isOffline = false;
  let trades = 0;
  let interruptCancel: (() => void) | undefined;

  const execute = (held: Held, quantity: Qty): void => {
    const { symbol, side, clientOrderId } = held.order;
    const [base = '', quote = ''] = symbol.split('-');
    const gross = notional(price, quantity, 'floor');
    const isBuy = side === 'BUY';
    const baseFee = feeQty(quantity, FEE_RATE, 'ceil');
    const quoteFee = feeMoney(gross, FEE_RATE, 'ceil');
    const before = inventory.get(symbol) ?? ZERO_QTY;
    inventory.set(
      symbol,
      isBuy ? addQty(before, subQty(quantity, baseFee)) : subQty(before, quantity),
    );
    cash = isBuy ? subMoney(cash, gross) : addMoney(cash, subMoney(gross, quoteFee));
    trades += 1;
    held.fills.push({
      fillId: String(trades),
      orderId: clientOrderId,
      side,
      price,
      quantity,
      fee: isBuy ? baseFee : amountOf(quoteFee),
      feeCurrency: isBuy ? base : quote,
      at: start.now(),
    });
    held.status = filledOf(held) === held.order.quantity ? 'FILLED' : 'PARTIAL';
  };
  const reportOf = (held: Held): OrderReport => {
    const filledQuantity = filledOf(held);
    const filledQuote = quoteOf(held);
    return {
      clientOrderId: held.order.clientOrderId,
      venueOrderId: held.venueOrderId,
      status: held.status,
      filledQuantity,
      filledQuote,
      averagePrice: filledQuantity > 0n ? averagePrice(filledQuote, filledQuantity, 'floor') : null,
      updatedAt: start.now(),
    };
  };
  const take = (order: VenueOrder): Held => {
    taken.push(order);
    const venueOrderId = `v${taken.length}`;
    const held: Held = { order, venueOrderId, status: 'ACKNOWLEDGED', fills: [], hidden: false };
    orders.set(order.clientOrderId, held);
    return held;
  };
  const isOpen = ({ status }: Held): boolean => status === 'ACKNOWLEDGED' || status === 'PARTIAL';

  const accept = (order: VenueOrder, behaviour: Behaviour): Held => {
    const held = take(order);
    switch (behaviour.kind) {
      case 'fill': {
        const parts = BigInt(behaviour.parts ?? 1);
        const part = feeQty(order.quantity, 1 / Number(parts), 'floor');
        for (let index = 1n; index < parts; index += 1n) execute(held, part);
        execute(held, subQty(order.quantity, filledOf(held)));
        break;
      }
      case 'hidden':
        execute(held, order.quantity);
        held.hidden = true;
        break;
      case 'rest':
        if (behaviour.quantity !== undefined) execute(held, behaviour.quantity);
        break;
      default:
        throw new Error(`Invariant: ${behaviour.kind} accepts nothing`);
    }
    return held;
  };
  const answer = (order: VenueOrder, behaviour: Behaviour): SubmitOutcome => {
    switch (behaviour.kind) {
      case 'reject':
        return { kind: 'rejected', error: failure(behaviour.code ?? 'InsufficientBalance', false) };
      case 'notSent':
        return { kind: 'notSent', error: failure('RateLimited', behaviour.retryable ?? true) };
      case 'lostBefore':
        return { kind: 'unknown', error: failure('NetworkTimeout', false) };
      case 'lostAfter':
        accept(order, behaviour.then);
        return { kind: 'unknown', error: failure('NetworkTimeout', false) };
      default: {
        const held = accept(order, behaviour);
        return {
          kind: 'accepted',
          report: reportOf(held),
          fills: held.hidden ? [] : [...held.fills],
        };
      }
    }
  };
  const find = (clientOrderId: string): Lookup => {
    if (isOffline) return { kind: 'failed', error: failure('VenueUnavailable', false) };
    const held = orders.get(clientOrderId);
    return held === undefined ? { kind: 'absent' } : { kind: 'found', report: reportOf(held) };
  };
  const cancel = (clientOrderId: string): Lookup => {
    interruptCancel?.();
    interruptCancel = undefined;
    const held = orders.get(clientOrderId);
    if (!isOffline && held !== undefined && isOpen(held)) held.status = 'CANCELLED';
    return find(clientOrderId);
  };
  const offline = err(failure('VenueUnavailable', false));

  return {
    script,
    taken,
    submissions: () => submissions,
    cash: () => cash,
    held: (symbol) => inventory.get(symbol) ?? ZERO_QTY,
    setPrice: (next) => {
      price = next;
    },
    setOffline: (next) => {
      isOffline = next;
    },
    beforeCancel: (action) => {
      interruptCancel = action;
    },
    fill: (clientOrderId, quantity) => {
      const held = orders.get(clientOrderId);
      if (held === undefined || !isOpen(held)) throw new Error(`${clientOrderId} is not open`);
      execute(held, quantity ?? subQty(held.order.quantity, filledOf(held)));
    },
    reveal: () => {
      for (const held of orders.values()) held.hidden = false;
    },
    submit: async (order) => {
      submissions += 1;
      const known = orders.get(order.clientOrderId);
      if (known !== undefined && isOpen(known))
        return { kind: 'unknown', error: failure('DuplicateClientId', false) };
      return answer(order, script.shift() ?? { kind: 'fill' });
    },
    lookup: async (_symbol, clientOrderId) => find(clientOrderId),
    fills: async ({ clientOrderId }) => {
      const held = orders.get(clientOrderId);
      return isOffline || held === undefined || held.hidden ? offline : ok([...held.fills]);
    },
    openOrders: async () =>
      isOffline ? offline : ok([...orders.values()].filter(isOpen).map(reportOf)),
    cancel: async (_symbol, clientOrderId) => cancel(clientOrderId),
    cancelAll: async (symbol) => {
      if (isOffline) return offline;
      const open = [...orders.values()].filter(
        (held) => isOpen(held) && held.order.symbol === symbol,
      );
      for (const held of open) held.status = 'CANCELLED';
      return ok(open.map(reportOf));
    },
    instruments: async () => ok([]),
    candles: async () => ok([]),
    balances: async () => ok({}),
    close: async () => undefined,
  };
}
