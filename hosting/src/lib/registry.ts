import type { EpochMs } from '@tradewind/core/lib/time';
import type { RawState } from './loaded.ts';
import type { DeskPorts, RawSnapshot, WatchTarget } from './ports.ts';

/** Lists are drawn at most four times a second (UI-08). */
export const COALESCE_MS = 250;
/** Bound on live listeners (UI-09). */
export const MAX_LISTENERS = 25;

type Store = {
  readonly subscribe: (changed: () => void) => () => void;
  readonly get: () => RawState;
};
type Slot = {
  readonly listeners: Set<() => void>;
  state: RawState;
  pending: RawState | null;
  timer: ReturnType<typeof setTimeout> | null;
  drawnAt: number;
  stop: (() => void) | null;
  seenServer: boolean;
};

/** Since when all that the browser shows is from its cache; `null` while the server answers. */
export type Connectivity = { readonly cachedSince: EpochMs | null; readonly listeners: number };

export type Registry = {
  readonly open: (target: WatchTarget) => Store;
  readonly connectivity: () => Connectivity;
  /** Starts every failed listener again. */
  readonly retry: () => void;
};

const PENDING: RawState = { status: 'pending' };

/** Keeps one listener per target however many panels look at it, and none when nobody looks. */
export function createRegistry(ports: Pick<DeskPorts, 'watch' | 'wallNow'>): Registry {
  const slots = new Map<string, { slot: Slot; target: WatchTarget }>();
  let cachedSince: EpochMs | null = null;

  const show = (slot: Slot, state: RawState): void => {
    slot.state = state;
    slot.pending = null;
    slot.drawnAt = ports.wallNow();
    slot.listeners.forEach((changed) => {
      changed();
    });
  };

  /** The first change is drawn at once, those that follow within 250 ms together. */
  const offer = (slot: Slot, state: RawState): void => {
    const wait = COALESCE_MS - (ports.wallNow() - slot.drawnAt);
    slot.pending = state;
    if (slot.timer !== null) return;
    if (wait <= 0 || slot.state.status !== 'ready') {
      show(slot, state);
      return;
    }
    slot.timer = setTimeout(() => {
      slot.timer = null;
      if (slot.pending !== null) show(slot, slot.pending);
    }, wait);
  };

  const received = (slot: Slot, snapshot: RawSnapshot): void => {
    if (snapshot.fromCache) cachedSince ??= ports.wallNow();
    else cachedSince = null;
    // An empty cache says nothing about the server: "no positions" must come from it.
    if (snapshot.fromCache && !slot.seenServer) return;
    slot.seenServer = true;
    offer(slot, {
      status: 'ready',
      documents: snapshot.documents,
      live: !snapshot.fromCache,
      at: ports.wallNow(),
    });
  };

  const start = (slot: Slot, target: WatchTarget): void => {
    slot.stop = ports.watch(target, {
      next: (snapshot) => {
        received(slot, snapshot);
      },
      failed: (message) => {
        slot.stop = null;
        show(slot, { status: 'error', message });
      },
    });
  };

  const release = (key: string, slot: Slot): void => {
    slot.stop?.();
    if (slot.timer !== null) clearTimeout(slot.timer);
    slots.delete(key);
  };

  const fresh = (): Slot => ({
    listeners: new Set(),
    state: PENDING,
    pending: null,
    timer: null,
    drawnAt: 0,
    stop: null,
    seenServer: false,
  });

  return {
    open: (target) => {
      const key = JSON.stringify(target);
      return {
        get: () => slots.get(key)?.slot.state ?? PENDING,
        subscribe: (changed) => {
          const known = slots.get(key);
          const slot = known?.slot ?? fresh();
          slot.listeners.add(changed);
          if (known === undefined) {
            slots.set(key, { slot, target });
            start(slot, target);
          }
          return () => {
            slot.listeners.delete(changed);
            if (slot.listeners.size === 0) release(key, slot);
          };
        },
      };
    },
    connectivity: () => ({ cachedSince, listeners: slots.size }),
    retry: () => {
      for (const { slot, target } of slots.values()) {
        if (slot.state.status !== 'error') continue;
        show(slot, PENDING);
        start(slot, target);
      }
    },
  };
}
