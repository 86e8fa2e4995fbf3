import { exitPosition } from '@tradewind/adapters/execution/exit-position';
import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import type { Price } from '@tradewind/core/lib/units';
import { onPrice } from '@tradewind/core/portfolio/protection';
import { monitorBooks } from './book-monitor.ts';
import { isInjected } from './injected.ts';
import type { Market } from './market.ts';
import type { Stored } from './memory-disk.ts';
import type { Platform } from './platform.ts';
import type { Process } from './process.ts';
import { comparePositions } from './position-sync.ts';
import { BOOK } from './seed-book.ts';
import type { World } from './world.ts';

const RESTART_MS = 3_000;
const AFTER_WISH_MS = 2_000;
const AFTER_FAILURE_MS = 1_000;

type Watched = { readonly marketKey: string; readonly doc: PositionDoc };

/** Positions as their listener has them: decoded once for each version. */
const decoded = new WeakMap<Stored, Watched>();

function watched(stored: Stored): Watched {
  const known = decoded.get(stored);
  if (known !== undefined) return known;
  const doc = positionDoc.parse(stored.data);
  const made = { marketKey: doc.marketKey, doc };
  decoded.set(stored, made);
  return made;
}

/** What a worker works on. */
type Parts = {
  readonly platform: Platform;
  readonly market: Market;
  readonly instruments: readonly Instrument[];
};

/**
 * The worker's guard of positions, as worker/position-guard does it: every trade is held against stop
 * and target, and what is reached asks for an exit on the fast path, one at a time. It starts again
 * when it was killed.
 */
export function startWorker(
  world: World,
  { platform, market, instruments }: Parts,
  name: string,
): void {
  const { timeline, disk } = world;
  let process: Process;
  let pending = new Set<string>();
  let notBefore = new Map<string, number>();
  const start = (): void => {
    process = platform.spawn(name);
    pending = new Set();
    notBefore = new Map();
    process.onDeath(() => {
      timeline.at(timeline.now() + RESTART_MS, start);
    });
  };
  start();

  const ask = (id: string, wish: () => Promise<unknown>): void => {
    const mine = pending;
    mine.add(id);
    // Trades are quiet events; from here on there is something to wait for.
    timeline.at(timeline.now(), () => undefined);
    wish().then(
      () => {
        mine.delete(id);
        notBefore.set(id, timeline.now() + AFTER_WISH_MS);
      },
      (error: unknown) => {
        if (!isInjected(error)) world.bug(error);
        mine.delete(id);
        notBefore.set(id, timeline.now() + AFTER_FAILURE_MS);
      },
    );
  };
  const judge = ({ doc }: Watched, price: Price): void => {
    const { positionId, marketKey } = doc;
    const wanted = { bookId: BOOK, positionId, marketKey };
    if (doc.closeIntentId !== null || doc.status === 'CLOSED' || doc.quantity === 0n) return;
    const { trigger } = onPrice(doc.protection, doc.side, price);
    if (trigger === null || pending.has(positionId)) return;
    if ((notBefore.get(positionId) ?? 0) > timeline.now()) return;
    const ports = platform.portsOf(process, 'protectiveExit');
    ask(positionId, () => exitPosition(ports, { ...wanted, reason: trigger, price, fast: true }));
  };
  comparePositions(world, platform, () => process);
  monitorBooks(world, platform, { instruments, process: () => process });
  market.onTrade((marketKey, price) => {
    if (!process.isAlive()) return;
    for (const stored of disk.list(paths.positions(BOOK)).values()) {
      const one = watched(stored);
      if (one.marketKey === marketKey) judge(one, price);
    }
  });
}
