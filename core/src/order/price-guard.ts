import type { Instrument } from '../instrument/instrument.ts';
import { maxPrice, minPrice, movePrice, roundPrice, type Price } from '../lib/units.ts';
import type { Instruction } from './intent.ts';

/**
 * An entry at the market with the worst price that it may get (EXE-12): a limit order that takes what is there at
 * once up to `maxSlippagePct` beyond the expected price, and drops the rest. Exits and limit orders stay as they are,
 * and so does a sale whose worst price would be none.
 *
 * The limit is on the venue's grid, rounded to our side: never worse than asked for.
 */
export function withPriceGuard(
  instruction: Instruction,
  { tickSize, maxSlippagePct }: Pick<Instrument, 'tickSize'> & { readonly maxSlippagePct: number },
): Instruction {
  const { type, reduceOnly, side, expectedPrice } = instruction;
  if (type !== 'MARKET' || reduceOnly) return instruction;
  const isBuy = side === 'BUY';
  const worst = movePrice(
    expectedPrice,
    isBuy ? maxSlippagePct : -maxSlippagePct,
    isBuy ? 'floor' : 'ceil',
  );
  const limitPrice = roundPrice(worst, tickSize, isBuy ? 'floor' : 'ceil');
  if (limitPrice <= 0n) return instruction;
  return { ...instruction, type: 'LIMIT', limitPrice, timeInForce: 'IOC' };
}

/**
 * The worst price of an entry that is quoted anew after the venue found it too far from the market: as far beyond the
 * price of now as it was to be beyond the price that was decided on, and never worse than before.
 */
export function requotedPrice(
  entry: Pick<Instruction, 'side'> & { readonly limitPrice: Price },
  quote: Pick<Instrument, 'tickSize'> & { readonly price: Price; readonly maxSlippagePct: number },
): Price {
  const { side, limitPrice } = entry;
  const isBuy = side === 'BUY';
  const { price, maxSlippagePct, tickSize } = quote;
  const worst = movePrice(
    price,
    isBuy ? maxSlippagePct : -maxSlippagePct,
    isBuy ? 'floor' : 'ceil',
  );
  const next = roundPrice(worst, tickSize, isBuy ? 'floor' : 'ceil');
  return isBuy ? minPrice(limitPrice, next) : maxPrice(limitPrice, next);
}
