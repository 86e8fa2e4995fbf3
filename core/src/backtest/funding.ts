import { addMoney, moneyFromFloat, notional, subMoney, toNumber } from '../lib/units.ts';
import { applyFunding } from '../portfolio/linear-fill.ts';
import { lastPrice, type Market } from './market.ts';
import type { Lane, Run } from './state.ts';

/**
 * Pays the funding of a market that has fallen due by `until`, on what was held at the last price: a long pays a
 * positive rate and a short receives it (PF-30).
 */
export function payFunding(
  run: Run,
  market: Market,
  { lanes, until }: { readonly lanes: readonly Lane[]; readonly until: number },
): void {
  const { funding } = market;
  if (funding === null) return;
  for (;;) {
    const at = funding.at[market.fundingRow];
    if (at === undefined || at > until) return;
    const rate = funding.rate[market.fundingRow] ?? 0;
    market.fundingRow += 1;
    for (const lane of lanes) pay(run, lane, rate);
  }
}

function pay({ book }: Run, lane: Lane, rate: number): void {
  const { position, stay, market } = lane;
  if (position === null || stay === null) return;
  const value = toNumber(notional(lastPrice(market), position.quantity, 'floor'));
  const paid = applyFunding(position, moneyFromFloat(value * rate, 'floor'));
  lane.position = paid.position;
  stay.funding = subMoney(stay.funding, paid.cash);
  book.cash = addMoney(book.cash, paid.cash);
  book.funding = subMoney(book.funding, paid.cash);
  book.version += 1;
}
