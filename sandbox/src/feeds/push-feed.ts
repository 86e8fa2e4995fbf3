import type { EpochMs } from '@tradewind/core/lib/time';
import { knownSymbols, instrumentOf } from '../symbols.ts';
import type { Feed, FeedPrint } from './feed.ts';

/** A feed that is told its trades from outside (`POST /admin/trades`). */
export type PushFeed = Feed & { readonly push: (prints: readonly FeedPrint[]) => void };

/** @throws RangeError for a symbol whose rules are not in the table. */
export function createPushFeed(symbols: readonly string[]): PushFeed {
  const instruments = symbols.map((symbol) => {
    const instrument = instrumentOf(symbol);
    if (instrument === undefined)
      throw new RangeError(
        `The rules of "${symbol}" are not known. Choose from ${knownSymbols().join(', ')}.`,
      );
    return instrument;
  });
  const waiting: FeedPrint[] = [];
  let firstAt: EpochMs | null = null;
  let lastAt: EpochMs | null = null;
  return {
    instruments,
    take: () => waiting.splice(0).sort((a, b) => a.at - b.at),
    push: (prints) => {
      for (const print of prints) {
        firstAt ??= print.at;
        lastAt = print.at;
        waiting.push(print);
      }
    },
    report: () => ({ kind: 'push', ended: false, firstAt, lastAt, badRows: 0 }),
    snapshot: () => null,
  };
}
