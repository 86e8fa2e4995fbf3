import { monitorBook } from '@tradewind/adapters/execution/monitor-book';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { isInjected } from './injected.ts';
import type { Platform } from './platform.ts';
import type { Process } from './process.ts';
import { BOOK } from './seed-book.ts';
import type { World } from './world.ts';

/** The worker looks each ten seconds, and after every change. */
const EVERY_MS = 5_000;

/**
 * Looks after a book of futures as worker/book-monitors does, in whichever process lives: as long as nobody knows how
 * the margin of what is held stands, nothing is entered.
 */
export function monitorBooks(
  world: World,
  platform: Platform,
  {
    instruments,
    process,
  }: { readonly instruments: readonly Instrument[]; readonly process: () => Process },
): void {
  const { timeline } = world;
  let isLooking: Process | null = null;
  const look = (): void => {
    timeline.at(timeline.now() + EVERY_MS, look);
    const own = process();
    if (!own.isAlive() || isLooking === own) return;
    isLooking = own;
    const prices = new Map(
      instruments.flatMap(({ marketKey }) => {
        const last = world.lastPrice(marketKey);
        return last === undefined ? [] : [[marketKey, last] as const];
      }),
    );
    monitorBook(platform.portsOf(own, 'bookMonitor'), { bookId: BOOK, prices })
      .catch((error: unknown) => {
        if (!isInjected(error)) world.bug(error);
      })
      .finally(() => {
        if (isLooking === own) isLooking = null;
      });
  };
  if (instruments.some(({ market }) => market === 'futures')) look();
}
