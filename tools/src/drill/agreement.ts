import { addQty, formatDecimal, qty, ZERO_QTY } from '@tradewind/core/lib/units';
import * as z from 'zod';
import { readBook } from '../desk/book-figures.ts';
import type { Desk } from '../desk/desk.ts';
import { BOOK } from '../desk/seed.ts';
import { callJson } from '../lib/http.ts';

const account = z.looseObject({
  balances: z.record(z.string(), z.object({ free: z.string(), locked: z.string() })),
});

/** What is held by asset, in exact decimal text. */
type Holdings = Readonly<Record<string, string>>;
export type Agreement = { readonly venue: Holdings; readonly ledger: Holdings };

/** Cash and every coin of the desk, as the venue has them and as the ledger has them. */
export async function readAgreement({ store, plan }: Desk): Promise<Agreement> {
  const { book, positions } = await readBook(store, BOOK);
  const { balances } = account.parse(
    await callJson({ method: 'GET', port: plan.ports.sandbox, path: '/admin/account' }),
  );
  const atVenue = (asset: string): string => {
    const held = balances[asset] ?? { free: '0', locked: '0' };
    return formatDecimal(addQty(qty(held.free), qty(held.locked)));
  };
  const inLedger = (symbol: string): string => {
    const own = positions.filter((position) => position.symbol === symbol);
    const dust = book.dust[`binance_spot_${symbol}`]?.quantity ?? ZERO_QTY;
    return formatDecimal(own.map(({ quantity }) => quantity).reduce(addQty, dust));
  };
  const baseOf = (symbol: string): string => symbol.split('-')[0] ?? '';
  const coins = (amountOf: (symbol: string) => string): Holdings =>
    Object.fromEntries(plan.symbols.map((symbol) => [baseOf(symbol), amountOf(symbol)]));
  return {
    venue: { ...coins((symbol) => atVenue(baseOf(symbol))), USDT: atVenue('USDT') },
    ledger: { ...coins(inLedger), USDT: formatDecimal(book.cash) },
  };
}

/** Whether both hold the same, to the last decimal. */
export const agrees = ({ venue, ledger }: Agreement): boolean =>
  Object.entries(venue).every(([asset, amount]) => ledger[asset] === amount);
