import type { EpochMs } from '@tradewind/core/lib/time';

/** Turns many values of a key into few writes: the newest wins. */
export type Coalescer<T> = {
  /** Writes at once where the key's turn has come, else keeps the value for `flush`. */
  readonly offer: (key: string, value: T) => void;
  /** Writes what is due; called by the worker's clock. */
  readonly flush: () => void;
  /** Writes all that waits, due or not, and waits for it: for an orderly end. */
  readonly drain: () => Promise<void>;
};

type Slot<T> = {
  waiting: { readonly value: T } | null;
  lastAt: number;
  writing: Promise<void> | null;
};

/**
 * At most one write per key in `everyMs`, and never two at a time (ARC-41). A write that fails is
 * told to `onError`; its value is not kept, since a newer one is on its way.
 */
export function createCoalescer<T>(options: {
  readonly everyMs: number;
  readonly wallNow: () => EpochMs;
  readonly write: (key: string, value: T) => Promise<void>;
  readonly onError: (key: string, error: unknown) => void;
}): Coalescer<T> {
  const slots = new Map<string, Slot<T>>();
  const slotOf = (key: string): Slot<T> => {
    const slot = slots.get(key) ?? { waiting: null, lastAt: -Infinity, writing: null };
    slots.set(key, slot);
    return slot;
  };
  const start = (key: string, slot: Slot<T>): void => {
    if (slot.waiting === null || slot.writing !== null) return;
    const { value } = slot.waiting;
    slot.waiting = null;
    slot.lastAt = options.wallNow();
    slot.writing = options
      .write(key, value)
      .catch((error: unknown) => {
        options.onError(key, error);
      })
      .finally(() => {
        slot.writing = null;
      });
  };
  const isDue = (slot: Slot<T>): boolean => options.wallNow() - slot.lastAt >= options.everyMs;
  return {
    offer: (key, value) => {
      const slot = slotOf(key);
      slot.waiting = { value };
      if (isDue(slot)) start(key, slot);
    },
    flush: () => {
      for (const [key, slot] of slots) if (isDue(slot)) start(key, slot);
    },
    drain: async () => {
      for (const [key, slot] of slots) {
        await slot.writing;
        start(key, slot);
        await slot.writing;
      }
    },
  };
}
