import { bookMarket, isOfBook, type BookDoc } from '@tradewind/contracts/documents/book';
import type { BotDoc } from '@tradewind/contracts/documents/bot';
import type { Role } from '@tradewind/contracts/documents/system';
import { formatDecimal, money } from '@tradewind/core/lib/units';

/** Quote amount of a trade in small books where a person names none, and the most that a trader may name (STR-22). */
export const SMALL_SIZE = money('25');

/** Why a bot with these settings may not be in this book; `null` when it may. */
export function botFault(
  { temperatureTable, positionSizeQuote, marketKey, leverage = 1, allowShort = false }: BotDoc,
  book: BookDoc,
  role: Role,
): string | null {
  const { mode, name, quote } = book;
  if (!isOfBook(book, marketKey))
    return `marketKey: ${name} trades ${bookMarket(book)} markets of ${book.venue}; ${marketKey} is none.`;
  if (bookMarket(book) === 'spot' && allowShort)
    return `allowShort: ${name} trades spot, where nothing can be sold short. Choose a book of futures.`;
  if (bookMarket(book) === 'spot' && leverage > 1)
    return `leverage: ${name} trades spot, which knows no leverage. Leave it out, or choose a book of futures.`;
  if (mode !== 'paper' && temperatureTable === 'sensitive')
    return `temperatureTable: ${name} is a live book, which refuses the sensitive temperature table. Choose "production".`;
  if (mode === 'small' && positionSizeQuote > SMALL_SIZE && role !== 'admin')
    return `positionSizeQuote: in a small book one trade is at most ${formatDecimal(SMALL_SIZE)} ${quote}; an admin may set more.`;
  return null;
}
