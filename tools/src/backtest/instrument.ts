import { marketName } from '@tradewind/adapters/archive/layout';
import { marketKindOf, type Instrument } from '@tradewind/core/instrument/instrument';
import {
  formatDecimal,
  money,
  price,
  qty,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';

/** The venue's rules where the person knows them. */
export type Rules = { readonly tick?: Price; readonly lot?: Qty; readonly minNotional?: Money };

/** What the data show of a market: digits after the point, and about what one unit of base costs. */
export type Shown = {
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  readonly price: number;
};

const MAX_DECIMALS = 12;
const stepOf = (decimals: number): string =>
  decimals === 0 ? '1' : `0.${'0'.repeat(Math.min(decimals, MAX_DECIMALS) - 1)}1`;

/**
 * Digits of a lot that is worth less than one unit of quote: venues choose theirs about so. What the data show may be
 * coarser, as where futures are tested as spot, and a coarse lot leaves much of each purchase as dust that its fee
 * made unsellable.
 */
const fineLot = (px: number): number => (px > 1 ? Math.ceil(Math.log10(px)) : 0);

/** A market with its rules: as told, else supposed from what the data show; and what was supposed, in words. */
export function instrumentOf(
  marketKey: string,
  shown: Shown,
  rules: Rules,
): { readonly instrument: Instrument; readonly supposed: readonly string[] } {
  const { venue, symbol } = marketName(marketKey);
  const market = marketKindOf(marketKey);
  if (market === undefined) throw new Error(`Invariant: ${marketKey} is a market`);
  const [base = symbol, quote = ''] = symbol.split('-');
  const tickSize = rules.tick ?? price(stepOf(shown.priceDecimals));
  const lotSize = rules.lot ?? qty(stepOf(Math.max(shown.sizeDecimals, fineLot(shown.price))));
  const minNotional = rules.minNotional ?? money('0');
  const supposed = [
    rules.tick === undefined &&
      `prices move in steps of ${formatDecimal(tickSize)}, the finest in the data; say otherwise with --tick`,
    rules.lot === undefined &&
      `sizes move in steps of ${formatDecimal(lotSize)}, the finest in the data or what is worth less than one ${quote}; say otherwise with --lot`,
    rules.minNotional === undefined &&
      'orders may be of any value; say otherwise with --min-notional',
  ].filter((text) => text !== false);
  const own = { marketKey, venue, market, symbol, base, quote };
  return {
    instrument: { ...own, tickSize, lotSize, minQty: lotSize, minNotional },
    supposed,
  };
}
