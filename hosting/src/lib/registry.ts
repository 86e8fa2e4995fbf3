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
type Ports = Pick<DeskPorts, 'watch' | 'wallNow'>;

/** Since when all that the browser shows is from its cache; `null` while the server answers. */
type Connectivity = {
  readonly cachedSince: EpochMs | null;
  readonly listeners: number;
  /** Billed reads of this tab since it was opened. */
  readonly reads: number;
};

export type Registry = {
  readonly open: (target: WatchTarget) => Store;
  readonly connectivity: () => Connectivity;
  /** Starts every failed listener again. */
  readonly retry: () => void;
};

const PENDING: RawState = { status: 'pending' };

/** What is drawn of one target, and who draws it. */
class Slot {
  readonly listeners = new Set<() => void>();
  state: RawState = PENDING;
  private pending: RawState | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private drawnAt = 0;
  private readonly wallNow: () => EpochMs;

  constructor(wallNow: () => EpochMs) {
    this.wallNow = wallNow;
  }

  show(state: RawState): void {
    this.state = state;
    this.pending = null;
    this.drawnAt = this.wallNow();
    this.listeners.forEach((changed) => {
      changed();
    });
  }

  /** The first change is drawn at once, those that follow within 250 ms together. */
  offer(state: RawState): void {
    this.pending = state;
    if (this.timer !== null) return;
    const wait = COALESCE_MS - (this.wallNow() - this.drawnAt);
    if (wait <= 0 || this.state.status !== 'ready') this.show(state);
    else
      this.timer = setTimeout(() => {
        this.timer = null;
        if (this.pending !== null) this.show(this.pending);
      }, wait);
  }

  clear(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.pending = null;
  }
}

/** The one listener of a target. */
class Watch {
  readonly slot: Slot;
  private stop: (() => void) | null = null;
  private seenServer = false;
  private readonly ports: Ports;
  private readonly target: WatchTarget;
  private readonly heard: (snapshot: RawSnapshot) => void;

  constructor(ports: Ports, target: WatchTarget, heard: (snapshot: RawSnapshot) => void) {
    this.ports = ports;
    this.target = target;
    this.heard = heard;
    this.slot = new Slot(ports.wallNow);
  }

  start(): void {
    this.stop = this.ports.watch(this.target, {
      next: (snapshot) => {
        this.received(snapshot);
      },
      failed: (message) => {
        this.stop = null;
        this.slot.clear();
        this.slot.show({ status: 'error', message });
      },
    });
  }

  retry(): void {
    if (this.slot.state.status !== 'error') return;
    this.seenServer = false;
    this.slot.show(PENDING);
    this.start();
  }

  release(): void {
    this.stop?.();
    this.slot.clear();
  }

  private received(snapshot: RawSnapshot): void {
    const { documents, fromCache } = snapshot;
    this.heard(snapshot);
    // An empty cache says nothing about the server: "no positions" must come from it.
    if (fromCache && !this.seenServer) return;
    this.seenServer = true;
    this.slot.offer({ status: 'ready', documents, live: !fromCache });
  }
}

/** Keeps one listener per target however many panels look at it, and none when nobody looks. */
export function createRegistry(ports: Ports): Registry {
  const watches = new Map<string, Watch>();
  let cachedSince: EpochMs | null = null;
  let read = 0;
  const heard = ({ fromCache, reads = 0 }: RawSnapshot): void => {
    read += reads;
    cachedSince = fromCache ? (cachedSince ?? ports.wallNow()) : null;
  };

  const join = (key: string, target: WatchTarget, changed: () => void): Watch => {
    const known = watches.get(key);
    const watch = known ?? new Watch(ports, target, heard);
    watch.slot.listeners.add(changed);
    if (known === undefined) {
      watches.set(key, watch);
      watch.start();
    }
    return watch;
  };

  return {
    open: (target) => {
      const key = JSON.stringify(target);
      return {
        get: () => watches.get(key)?.slot.state ?? PENDING,
        subscribe: (changed) => {
          const listener = (): void => {
            changed();
          };
          const watch = join(key, target, listener);
          return () => {
            watch.slot.listeners.delete(listener);
            if (watch.slot.listeners.size > 0) return;
            watch.release();
            watches.delete(key);
          };
        },
      };
    },
    connectivity: () => ({ cachedSince, listeners: watches.size, reads: read }),
    retry: () => {
      watches.forEach((watch) => {
        watch.retry();
      });
    },
  };
}
