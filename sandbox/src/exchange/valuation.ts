import {
  addMoney,
  addQty,
  moneyOf,
  notional,
  subMoney,
  ZERO_MONEY,
  type Money,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Exchange } from './exchange.ts';

/** Value of the account in `quote` at the last prices; `undefined` while a price is missing. */
export function quoteValue(
  exchange: Exchange,
  quote: string,
  balances: Readonly<Record<string, Qty>> = totals(exchange),
): Money | undefined {
  let sum = ZERO_MONEY;
  for (const [asset, amount] of Object.entries(balances)) {
    if (amount === 0n) continue;
    if (asset === quote) {
      sum = addMoney(sum, moneyOf(amount));
      continue;
    }
    const px = exchange.lastPrice(`${asset}-${quote}`);
    if (px === undefined) return undefined;
    sum = addMoney(sum, notional(px, amount, 'floor'));
  }
  return sum;
}

const totals = (exchange: Exchange): Readonly<Record<string, Qty>> =>
  Object.fromEntries(
    Object.entries(exchange.engine().balances).map(([asset, { free, locked }]) => [
      asset,
      addQty(free, locked),
    ]),
  );

/** What the account was worth when it was opened. */
export type Opening = {
  readonly quote: string;
  readonly value: () => Money | undefined;
  readonly pnl: (now: Money | undefined) => Money | undefined;
};

/** Remembers the value of the first balances, taken at the first prices that are known. */
export function createOpening(
  exchange: Exchange,
  quote: string,
  saved: { readonly initial: Readonly<Record<string, Qty>>; readonly value: Money | undefined },
): Opening {
  let known = saved.value;
  const value = (): Money | undefined => {
    known ??= quoteValue(exchange, quote, saved.initial);
    return known;
  };
  return {
    quote,
    value,
    pnl: (now) => {
      const start = value();
      return now === undefined || start === undefined ? undefined : subMoney(now, start);
    },
  };
}
