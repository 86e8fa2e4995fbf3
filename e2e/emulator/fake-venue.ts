import { FUTURES, SPOT } from '@tradewind/adapters/venue/capabilities';
import { err, ok } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import {
  addMoney,
  addQty,
  amountOf,
  feeMoney,
  feeQty,
  notional,
  subMoney,
  subQty,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { OrderReport } from '@tradewind/core/order/order';
import type {
  AccountOrder,
  Balance,
  CashFlow,
  LeverageSetup,
  Lookup,
  SubmitOutcome,
  Venue,
  VenueOrder,
  VenuePosition,
} from '@tradewind/adapters/venue/venue';
import {
  failure,
  fillsIn,
  fires,
  isOpen,
  isStop,
  reportOf,
  restOf,
  termsOf,
  type Behaviour,
  type Held,
} from './fake-orders.ts';

/** An in-memory venue for tests, with the bad habit of real ones: an id may be used again after a fill. */
export type FakeVenue = Venue & {
  /** What comes next, one behaviour a submission. */
  readonly script: Behaviour[];
  /** Every order that was ever taken, in order. */
  readonly taken: readonly VenueOrder[];
  readonly submissions: () => number;
  readonly cash: () => Money;
  readonly held: (symbol: string) => Qty;
  /** Everything trades at `price` from now on; stop orders that it reaches fire and fill. */
  setPrice: (price: Price) => void;
  /** What `positions` answers; with it, the fake is a futures account. `null` makes the reading fail. */
  setPositions: (positions: readonly VenuePosition[] | null) => void;
  setCashFlows: (flows: readonly CashFlow[]) => void;
  /** Somebody else trades on the account, by an order that is not ours. */
  foreignTrade: (trade: Pick<VenueOrder, 'symbol' | 'side' | 'quantity'>) => void;
  /** The account holds so much of a market's base, or of quote, and nothing tells why. */
  setHeld: (symbol: string, quantity: Qty) => void;
  setCash: (cash: Money) => void;
  /** While empty, balances are answered without a single asset. */
  setEmpty: (isEmpty: boolean) => void;
  /** While offline every look-up, listing and cancellation fails. */
  setOffline: (offline: boolean) => void;
  /** Runs before the next cancellation is answered: a fill that wins the race. */
  beforeCancel: (action: () => void) => void;
  /** Carries so many cancellations out and answers as if it did not know the order: not all of it has heard of it yet. */
  cancelUnseen: (times: number) => void;
  /** Fills `quantity`, or all that is left, of an open order. */
  fill: (clientOrderId: string, quantity?: Qty) => void;
  /** The same of an order that arrived late: everybody had taken it for gone. */
  fillLate: (clientOrderId: string, quantity?: Qty) => void;
  reveal: () => void;
};

const FEE_RATE = 0.001;

/**
 * A fake account with `cash`, where everything trades at one price. Stop orders rest until `setPrice`
 * fires them. `futures` makes its capabilities those of a futures account.
 */
export function createFakeVenue(start: {
  readonly futures?: boolean;
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
  let isEmpty = false;
  let positions: readonly VenuePosition[] | null = [];
  let cashFlows: readonly CashFlow[] = [];
  let setup: LeverageSetup = { leverage: 1, marginMode: 'isolated' };
  let trades = 0;
  let interruptCancel: (() => void) | undefined;
  let unseen = 0;

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
    held.status = restOf(held) === ZERO_QTY ? 'FILLED' : 'PARTIAL';
  };
  const report = (held: Held): OrderReport => reportOf(held, start.now());
  const listing = (held: Held): AccountOrder => ({ ...termsOf(held), ...report(held) });
  const take = (order: VenueOrder): Held => {
    taken.push(order);
    const venueOrderId = `v${taken.length}`;
    const held: Held = {
      order,
      venueOrderId,
      placedAt: start.now(),
      status: 'ACKNOWLEDGED',
      fills: [],
      hidden: false,
    };
    orders.set(order.clientOrderId, held);
    return held;
  };
  const accept = (order: VenueOrder, behaviour: Behaviour): Held => {
    const held = take(order);
    switch (behaviour.kind) {
      case 'fill': {
        const parts = BigInt(behaviour.parts ?? 1);
        const part = feeQty(order.quantity, 1 / Number(parts), 'floor');
        for (let index = 1n; index < parts; index += 1n) execute(held, part);
        execute(held, restOf(held));
        break;
      }
      case 'hidden':
        execute(held, order.quantity);
        held.hidden = true;
        break;
      case 'rest':
      case 'expire':
        if (behaviour.quantity !== undefined) execute(held, behaviour.quantity);
        if (behaviour.kind === 'expire') held.status = 'EXPIRED';
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
          report: report(held),
          fills: held.hidden ? [] : [...held.fills],
        };
      }
    }
  };
  /** Spot: a sale needs what it sells, and open sales bind theirs. */
  const isCovered = ({ symbol, side, quantity }: VenueOrder): boolean => {
    if (start.futures === true || side === 'BUY') return true;
    const bound = [...orders.values()]
      .filter((held) => isOpen(held) && held.order.symbol === symbol && held.order.side === 'SELL')
      .map(restOf);
    return bound.reduce(addQty, quantity) <= (inventory.get(symbol) ?? ZERO_QTY);
  };
  const find = (clientOrderId: string): Lookup => {
    if (isOffline) return { kind: 'failed', error: failure('VenueUnavailable', false) };
    const held = orders.get(clientOrderId);
    return held === undefined ? { kind: 'absent' } : { kind: 'found', report: report(held) };
  };
  const cancel = (clientOrderId: string): Lookup => {
    interruptCancel?.();
    interruptCancel = undefined;
    const held = orders.get(clientOrderId);
    if (!isOffline && held !== undefined && isOpen(held)) held.status = 'CANCELLED';
    if (unseen > 0) {
      unseen -= 1;
      return { kind: 'absent' };
    }
    return find(clientOrderId);
  };
  const offline = err(failure('VenueUnavailable', false));
  const futuresOnly = <T>(answer: () => T) => {
    if (isOffline) return offline;
    return start.futures === true ? ok(answer()) : err(failure('NotSupported', false));
  };

  return {
    capabilities: { ...(start.futures === true ? FUTURES : SPOT), simulated: true },
    script,
    taken,
    submissions: () => submissions,
    cash: () => cash,
    held: (symbol) => inventory.get(symbol) ?? ZERO_QTY,
    setPrice: (next) => {
      price = next;
      for (const held of [...orders.values()])
        if (isOpen(held) && fires(held.order, next)) execute(held, restOf(held));
    },
    setPositions: (next) => void (positions = next),
    setCashFlows: (next) => void (cashFlows = next),
    foreignTrade: (trade) => {
      const clientOrderId = `web_${orders.size}`;
      const terms = { type: 'MARKET', limitPrice: null, timeInForce: 'IOC' } as const;
      execute(take({ ...terms, ...trade, clientOrderId }), trade.quantity);
    },
    setHeld: (symbol, quantity) => void inventory.set(symbol, quantity),
    setCash: (next) => void (cash = next),
    setEmpty: (next) => void (isEmpty = next),
    setOffline: (next) => void (isOffline = next),
    cancelUnseen: (times) => {
      unseen = times;
    },
    beforeCancel: (action) => void (interruptCancel = action),
    fill: (clientOrderId, quantity) => {
      const held = orders.get(clientOrderId);
      if (held === undefined || !isOpen(held)) throw new Error(`${clientOrderId} is not open`);
      execute(held, quantity ?? restOf(held));
    },
    fillLate: (clientOrderId, quantity) => {
      const held = orders.get(clientOrderId);
      if (held === undefined) throw new Error(`${clientOrderId} never arrived`);
      execute(held, quantity ?? restOf(held));
    },
    reveal: () => {
      for (const held of orders.values()) held.hidden = false;
    },
    submit: async (order) => {
      submissions += 1;
      const known = orders.get(order.clientOrderId);
      if (known !== undefined && isOpen(known))
        return { kind: 'unknown', error: failure('DuplicateClientId', false) };
      if (!isCovered(order))
        return { kind: 'rejected', error: failure('InsufficientBalance', false) };
      return answer(order, script.shift() ?? { kind: isStop(order) ? 'rest' : 'fill' });
    },
    lookup: async (_symbol, clientOrderId) => find(clientOrderId),
    fills: async ({ clientOrderId }) => {
      const held = orders.get(clientOrderId);
      return isOffline || held === undefined || held.hidden ? offline : ok([...held.fills]);
    },
    openOrders: async () =>
      isOffline ? offline : ok([...orders.values()].filter(isOpen).map(listing)),
    ordersSince: async (symbol, since) =>
      isOffline
        ? offline
        : ok(
            [...orders.values()]
              .filter((held) => held.order.symbol === symbol && held.placedAt >= since)
              .map(listing),
          ),
    fillsSince: async (symbol, since) =>
      isOffline
        ? offline
        : ok(
            [...orders.values()]
              .filter(({ order, hidden }) => order.symbol === symbol && !hidden)
              .flatMap(fillsIn)
              .filter(({ at }) => at >= since),
          ),
    positions: async () =>
      positions === null ? offline : futuresOnly(() => [...(positions ?? [])]),
    leverage: async () => futuresOnly(() => setup),
    setLeverage: async (_symbol, wanted) => futuresOnly(() => (setup = wanted)),
    positionMode: async () => futuresOnly(() => 'oneWay' as const),
    liquidations: async () => futuresOnly(() => []),
    cashFlows: async (since) =>
      isOffline ? offline : ok(cashFlows.filter(({ at }) => at >= since)),
    cancel: async (_symbol, clientOrderId) => cancel(clientOrderId),
    cancelAll: async (symbol) => {
      if (isOffline) return offline;
      const open = [...orders.values()].filter(
        (held) => isOpen(held) && held.order.symbol === symbol,
      );
      for (const held of open) held.status = 'CANCELLED';
      return ok(open.map(report));
    },
    instruments: async () => ok([]),
    candles: async () => ok([]),
    balances: async () => {
      if (isOffline) return offline;
      if (isEmpty) return ok({});
      const balances: Record<string, Balance> = { USDT: { free: amountOf(cash), used: ZERO_QTY } };
      for (const [symbol, free] of inventory)
        balances[symbol.split('-')[0] ?? ''] = { free, used: ZERO_QTY };
      return ok(balances);
    },
    close: async () => undefined,
  };
}
