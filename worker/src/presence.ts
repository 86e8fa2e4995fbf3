import { presenceDoc } from '@tradewind/contracts/documents/system';
import { followQuery } from './follow-query.ts';
import type { WorkerPorts } from './ports.ts';

/** How often the listener is made anew, so that it does not collect tabs that faded long ago. */
export const RENEW_MS = 3_600_000;

/** Knows whether anybody watches: each open tab of the dashboard writes and renews a document of its own. */
export type Presence = {
  readonly isWatched: () => boolean;
  /** Called once a second. */
  readonly tick: () => void;
  readonly close: () => void;
};

/**
 * Watches for viewers.
 *
 * @param onLost The listener ended for good.
 */
export function watchPresence(ports: WorkerPorts, onLost: (error: Error) => void): Presence {
  const { store, clock } = ports;
  const expiries = new Map<string, number>();
  let startedAt = 0;
  let stop = (): void => undefined;
  const start = (): void => {
    stop();
    startedAt = clock.wallNow();
    const query = store.firestore
      .collectionGroup('presence')
      .where('expiresAt', '>', new Date(startedAt));
    const following = followQuery(ports, {
      query,
      schema: presenceDoc,
      onDoc: (id, { expiresAt }) => void expiries.set(id, expiresAt),
      onGone: (id) => void expiries.delete(id),
      onLost,
    });
    stop = following.stop;
  };
  start();
  return {
    isWatched: () => {
      const now = clock.wallNow();
      for (const expiresAt of expiries.values()) if (expiresAt > now) return true;
      return false;
    },
    tick: () => {
      const now = clock.wallNow();
      for (const [id, expiresAt] of expiries) if (expiresAt <= now) expiries.delete(id);
      if (now - startedAt >= RENEW_MS) start();
    },
    close: () => {
      stop();
    },
  };
}
