import { checkBook } from '@tradewind/adapters/reconcile/check-book';
import { epochMs } from '@tradewind/core/lib/time';
import { formatDecimal } from '@tradewind/core/lib/units';
import type { UnverifiedOrder } from '@tradewind/core/order/unverified';
import type { Answer } from './answer.ts';
import { connect, type Target } from './connect.ts';

/** Checks a book against itself (EXE-64). @throws Error when the book is not there. */
export async function checkLedger(target: Target, bookId: string): Promise<Answer> {
  const { store } = await connect(target);
  const check = await checkBook(store, bookId, epochMs(Date.now()));
  const { faults, orders, fills, entries, origins, unverified } = check;
  const seen = `${orders} orders, ${fills} fills, ${entries} entries`;
  const counts = Object.entries(origins)
    .filter(([, count]) => count > 0)
    .map(([origin, count]) => `${origin} ${count}`);
  const text = [
    faults.length === 0
      ? `${bookId} is right: ${seen}.`
      : `${bookId} has ${faults.length} faults in ${seen}:`,
    ...faults.map(({ check: name, words }) => `  ${name.padEnd(10)} ${words}`),
    `Fills by origin: ${counts.length === 0 ? 'none' : counts.join(', ')}.`,
    ...(unverified.length === 0
      ? []
      : [`${unverified.length} orders are not confirmed by the venue and in no figure:`]),
    ...unverified.map(
      ({ orderId, symbol, cause, quote }) =>
        `  ${orderId} ${symbol} worth ${formatDecimal(quote)}: ${WORDS[cause]}`,
    ),
  ].join('\n');
  return { ok: faults.length === 0, text, data: check };
}

const WORDS: Readonly<Record<UnverifiedOrder['cause'], string>> = {
  noVenueId: 'the venue has not named it',
  noFills: 'the venue says that it was filled and shows no fill',
  sizeAssumed: 'what its size is counted in is an assumption',
};
