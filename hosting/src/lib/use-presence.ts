import { epochMs } from '@tradewind/core/lib/time';
import { useEffect } from 'react';
import { useDesk } from './desk-context.tsx';

/** How often an open, visible tab says that it is there. */
export const PRESENCE_MS = 60_000;
/** A tab that was closed without a word is gone this long after it spoke last. */
export const PRESENCE_LASTS_MS = 90_000;

/**
 * Says that somebody watches, while the tab can be seen: prices are then written every second instead of
 * every five. A hidden tab falls silent and is taken away, and so is one that closes in order.
 */
export function usePresence(uid: string): void {
  const { ports } = useDesk();
  useEffect(() => {
    const { presence } = ports;
    const tab = ports.newCommandId();
    let timer: ReturnType<typeof setInterval> | undefined;
    const show = (): void => {
      const at = ports.wallNow();
      presence.show(uid, tab, { at, expiresAt: epochMs(at + PRESENCE_LASTS_MS) });
    };
    const leave = (): void => {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      presence.clear(uid, tab);
    };
    const arrive = (): void => {
      if (timer !== undefined) return;
      timer = setInterval(show, PRESENCE_MS);
      show();
    };
    const seen = (): void => {
      if (document.visibilityState === 'visible') arrive();
      else leave();
    };
    seen();
    document.addEventListener('visibilitychange', seen);
    addEventListener('pagehide', leave);
    return () => {
      document.removeEventListener('visibilitychange', seen);
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [ports, uid]);
}
