import type { BookDoc } from '@tradewind/contracts/documents/book';
import type { BotDoc } from '@tradewind/contracts/documents/bot';
import type { Role } from '@tradewind/contracts/documents/system';
import { formatDecimal, money } from '@tradewind/core/lib/units';

/** Quote amount of a trade in small books where a person names none, and the most that a trader may name (STR-22). */
export const SMALL_SIZE = money('25');

/** Why a bot with these settings may not be in this book; `null` when it may. */
export function botFault(
  { temperatureTable, positionSizeQuote }: BotDoc,
  { mode, name, quote }: BookDoc,
  role: Role,
): string | null {
  if (mode !== 'paper' && temperatureTable === 'sensitive')
    return `temperatureTable: ${name} is a live book, which refuses the sensitive temperature table. Choose "production".`;
  if (mode === 'small' && positionSizeQuote > SMALL_SIZE && role !== 'admin')
    return `positionSizeQuote: in a small book one trade is at most ${formatDecimal(SMALL_SIZE)} ${quote}; an admin may set more.`;
  return null;
}
