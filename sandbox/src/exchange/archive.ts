import type { SimFill, SimIncome, SimOrder } from '@tradewind/core/simulation/state';

/** Every order and fill there ever was, by the ways they are asked for. */
export type Archive = {
  readonly putOrder: (order: SimOrder) => void;
  readonly putFill: (fill: SimFill) => void;
  readonly orders: () => readonly SimOrder[];
  readonly order: (orderId: number) => SimOrder | undefined;
  /** The newest order of that client id. */
  readonly orderByClientId: (marketKey: string, clientOrderId: string) => SimOrder | undefined;
  readonly fills: () => readonly SimFill[];
  readonly fillsOf: (orderId: number) => readonly SimFill[];
  /** Movements of the futures wallet. */
  readonly incomes: () => readonly SimIncome[];
  readonly putIncome: (income: SimIncome) => void;
};

const keyOf = (marketKey: string, clientOrderId: string): string => `${marketKey} ${clientOrderId}`;

/** An archive that begins with what was saved. */
export function createArchive(saved: {
  readonly orders: readonly SimOrder[];
  readonly fills: readonly SimFill[];
  readonly incomes: readonly SimIncome[];
}): Archive {
  const orders = new Map<number, SimOrder>();
  const newest = new Map<string, number>();
  const fills: SimFill[] = [];
  const incomes = [...saved.incomes];
  const byOrder = new Map<number, SimFill[]>();
  const putOrder = (order: SimOrder): void => {
    const key = keyOf(order.marketKey, order.clientOrderId);
    orders.set(order.orderId, order);
    newest.set(key, Math.max(order.orderId, newest.get(key) ?? 0));
  };
  const putFill = (fill: SimFill): void => {
    fills.push(fill);
    byOrder.set(fill.orderId, [...(byOrder.get(fill.orderId) ?? []), fill]);
  };
  saved.orders.forEach(putOrder);
  saved.fills.forEach(putFill);
  return {
    putOrder,
    putFill,
    orders: () => [...orders.values()],
    order: (orderId) => orders.get(orderId),
    orderByClientId: (marketKey, clientOrderId) => {
      const orderId = newest.get(keyOf(marketKey, clientOrderId));
      return orderId === undefined ? undefined : orders.get(orderId);
    },
    fills: () => fills,
    incomes: () => incomes,
    putIncome: (income) => void incomes.push(income),
    fillsOf: (orderId) => byOrder.get(orderId) ?? [],
  };
}
