import { isFuturesKey } from '../instrument/instrument.ts';
import { toNumber } from '../lib/units.ts';
import type { Market } from './market.ts';
import type { Run } from './state.ts';

/** What the book holds, as floats: the worth of every close is told by it. */
export type Holdings = {
  /** Version of the book that it tells of. */
  version: number;
  cash: number;
  /** As of the last call: cash and all that is held, and what of it is at stake in the market. */
  equity: number;
  invested: number;
  /** Positions that are open; dust is none. */
  open: number;
  /** `quantity` is below zero for what is owed; `paid` is what a future was opened at, and nothing of spot. */
  held: readonly { readonly market: Market; readonly quantity: number; readonly paid: number }[];
};

export const holdingsInit = (): Holdings => ({
  version: 0,
  cash: 0,
  equity: 0,
  invested: 0,
  open: 0,
  held: [],
});

function refresh(holdings: Holdings, { book, lanes, markets }: Run): void {
  holdings.version = book.version;
  holdings.cash = toNumber(book.cash);
  const held: { market: Market; quantity: number; paid: number }[] = [];
  for (const { position, market } of lanes) {
    if (position === null) continue;
    const sign = position.side === 'LONG' ? 1 : -1;
    const isFuture = isFuturesKey(position.marketKey);
    held.push({
      market,
      quantity: sign * toNumber(position.quantity),
      paid: isFuture ? sign * toNumber(position.cost) : 0,
    });
  }
  holdings.open = held.length;
  for (const market of markets) {
    const dust = book.dust[market.series.marketKey];
    if (dust !== undefined) held.push({ market, quantity: toNumber(dust.quantity), paid: 0 });
  }
  holdings.held = held;
}

/** Values the book at the last prices, to the precision of floats, in place; `valueNow` has it to the last decimal. */
export function appraise(holdings: Holdings, run: Run): void {
  if (holdings.version !== run.book.version) refresh(holdings, run);
  let equity = holdings.cash;
  let invested = 0;
  for (const { market, quantity, paid } of holdings.held) {
    const value = quantity * market.last;
    equity += value - paid;
    invested += Math.abs(value);
  }
  holdings.equity = equity;
  holdings.invested = invested;
}
