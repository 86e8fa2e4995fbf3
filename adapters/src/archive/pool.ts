/** Handles that are opened once and shared; what it did so far is for metrics (MD-83). */
export type Pool<H> = {
  /** Runs `work` with the handle of `key`, which is not closed before it ends. */
  readonly use: <R>(key: string, work: (handle: H) => Promise<R>) => Promise<R>;
  readonly stats: () => {
    readonly open: number;
    readonly hits: number;
    readonly misses: number;
    readonly evictions: number;
  };
  /** Waits for what runs, closes every handle, and refuses more work. */
  readonly close: () => Promise<void>;
};

type Entry<H> = { readonly handle: Promise<H>; users: number };

/**
 * A pool of at most `limit` handles by key. A new one displaces the least recently used of those that nobody
 * uses; when all are in use it waits for one, so that a handle in use is never closed.
 */
export function createPool<H>(options: {
  readonly limit: number;
  readonly open: (key: string) => Promise<H>;
  readonly close: (handle: H) => void;
}): Pool<H> {
  // A Map keeps its keys in the order of insertion: the first is the one not used for longest.
  const entries = new Map<string, Entry<H>>();
  const waiting: (() => void)[] = [];
  const counts = { hits: 0, misses: 0, evictions: 0 };
  let isClosed = false;

  const closeIdle = (): boolean => {
    for (const [key, entry] of entries)
      if (entry.users === 0) {
        entries.delete(key);
        counts.evictions += 1;
        void entry.handle.then(options.close, () => undefined);
        return true;
      }
    return false;
  };

  const enter = async (key: string): Promise<Entry<H>> => {
    for (;;) {
      if (isClosed) throw new Error('Invariant: the pool is closed');
      const known = entries.get(key);
      if (known !== undefined) {
        counts.hits += 1;
        known.users += 1;
        entries.delete(key);
        entries.set(key, known);
        return known;
      }
      if (entries.size < options.limit || closeIdle()) {
        counts.misses += 1;
        const entry = { handle: options.open(key), users: 1 };
        entries.set(key, entry);
        return entry;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };

  const leave = (key: string, entry: Entry<H>, isBroken: boolean): void => {
    entry.users -= 1;
    if (isBroken && entries.get(key) === entry) entries.delete(key);
    if (entry.users === 0) for (const wake of waiting.splice(0)) wake();
  };

  return {
    use: async (key, work) => {
      const entry = await enter(key);
      let isOpen = false;
      try {
        const handle = await entry.handle;
        isOpen = true;
        return await work(handle);
      } finally {
        leave(key, entry, !isOpen);
      }
    },
    stats: () => ({ open: entries.size, ...counts }),
    close: async () => {
      isClosed = true;
      for (const wake of waiting.splice(0)) wake();
      while ([...entries.values()].some(({ users }) => users > 0))
        await new Promise<void>((resolve) => waiting.push(resolve));
      while (closeIdle());
    },
  };
}
