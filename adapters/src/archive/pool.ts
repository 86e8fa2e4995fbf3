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

export type PoolOptions<H> = {
  readonly limit: number;
  readonly open: (key: string) => Promise<H>;
  readonly close: (handle: H) => void;
};

type Entry<H> = { readonly handle: Promise<H>; users: number };

/** The open handles, least recently used first: a Map keeps its keys in the order of insertion. */
function createEntries<H>({ limit, open, close }: PoolOptions<H>) {
  const entries = new Map<string, Entry<H>>();
  const counts = { hits: 0, misses: 0, evictions: 0 };
  /** Closes the handle that nobody has used for longest; `undefined` when all are in use. */
  const closeIdle = (): Promise<void> | undefined => {
    for (const [key, entry] of entries)
      if (entry.users === 0) {
        entries.delete(key);
        return entry.handle.then(close, () => undefined);
      }
    return undefined;
  };
  /** Room for one more, once what had to go is closed; `undefined` when all are in use. */
  const room = (): Promise<void> | undefined => {
    if (entries.size < limit) return Promise.resolve();
    const closing = closeIdle();
    if (closing !== undefined) counts.evictions += 1;
    return closing;
  };
  const add = (key: string): Entry<H> | undefined => {
    const isReady = room();
    if (isReady === undefined) return undefined;
    counts.misses += 1;
    return { handle: isReady.then(() => open(key)), users: 0 };
  };
  return {
    closeIdle,
    stats: () => ({ open: entries.size, ...counts }),
    isAnyUsed: () => [...entries.values()].some(({ users }) => users > 0),
    /** The handle of `key` with one user more; `undefined` when there is no room for it now. */
    enter: (key: string): Entry<H> | undefined => {
      const known = entries.get(key);
      if (known !== undefined) counts.hits += 1;
      const entry = known ?? add(key);
      if (entry === undefined) return undefined;
      entry.users += 1;
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    forget: (key: string, entry: Entry<H>): void => {
      if (entries.get(key) === entry) entries.delete(key);
    },
  };
}

/**
 * A pool of at most `limit` handles by key. A new one displaces the least recently used of those that nobody
 * uses; when all are in use it waits for one, so that a handle in use is never closed.
 */
export function createPool<H>(options: PoolOptions<H>): Pool<H> {
  const entries = createEntries(options);
  const waiting: (() => void)[] = [];
  const change = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const wake = (): void => {
    for (const resume of waiting.splice(0)) resume();
  };
  const state = { isClosed: false };
  const enter = async (key: string): Promise<Entry<H>> => {
    for (;;) {
      if (state.isClosed) throw new Error('Invariant: the pool is closed');
      const entry = entries.enter(key);
      if (entry !== undefined) return entry;
      await change();
    }
  };
  return {
    use: async (key, work) => {
      const entry = await enter(key);
      try {
        const handle = await entry.handle.catch((error: unknown) => {
          entries.forget(key, entry);
          throw error;
        });
        return await work(handle);
      } finally {
        entry.users -= 1;
        wake();
      }
    },
    stats: entries.stats,
    close: async () => {
      state.isClosed = true;
      wake();
      while (entries.isAnyUsed()) await change();
      for (let closing = entries.closeIdle(); closing !== undefined; closing = entries.closeIdle())
        await closing;
    },
  };
}
