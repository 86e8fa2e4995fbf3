import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import { formatAge } from './format.ts';
import { freshness } from './freshness.ts';

/** A warning beside a price: a word, and what follows from it. */
export type PriceMark = {
  readonly kind: 'unknown' | 'old' | 'conflict' | 'silent' | 'degraded';
  readonly word: string;
  readonly title: string;
};

/** What must be said beside a price, the gravest first; nothing for one that is live (UI-02, MD-12, MD-61, MD-62). */
export function priceMarks(live: LivePriceDoc | undefined, now: EpochMs): readonly PriceMark[] {
  if (live === undefined)
    return [{ kind: 'unknown', word: 'no price', title: 'No price of this market is known.' }];
  const { writtenAt, maxAgeMs, receivedAt } = live;
  const told = freshness({ at: writtenAt, maxAgeMs }, now);
  const marks: PriceMark[] = [];
  if (told.kind !== 'fresh')
    marks.push({
      kind: 'old',
      word: `stale ${formatAge(now - writtenAt)}`,
      title: 'The source of this price has fallen silent. Strategies wait.',
    });
  if (live.conflict)
    marks.push({
      kind: 'conflict',
      word: 'sources disagree',
      title: 'Two sources disagree about this price: nothing is entered until they agree.',
    });
  if (live.stale && told.kind === 'fresh')
    marks.push({
      kind: 'silent',
      word: `no trade for ${formatAge(now - receivedAt)}`,
      title: 'This market has been silent for longer than usual: entries pause.',
    });
  if (live.degraded)
    marks.push({
      kind: 'degraded',
      word: 'fallback price',
      title: 'This price comes from a fallback source: nothing is entered on it.',
    });
  return marks;
}

/** True where the figure itself may be wrong by now. */
export const isAged = (marks: readonly PriceMark[]): boolean =>
  marks.some(({ kind }) => kind === 'old' || kind === 'unknown' || kind === 'silent');
