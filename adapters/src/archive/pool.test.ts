import fc from 'fast-check';
import { createLimiter } from './limiter.ts';
import { createPool } from './pool.ts';

/** Handles that know whether they are open, and work that ends when it is told to. */
function fakeHandles(limit: number) {
  type Handle = { readonly key: string; isOpen: boolean };
  const opened: string[] = [];
  const closed: string[] = [];
  const pool = createPool<Handle>({
    limit,
    open: (key) => {
      opened.push(key);
      return Promise.resolve({ key, isOpen: true });
    },
    close: (handle) => {
      handle.isOpen = false;
      closed.push(handle.key);
    },
  });
  const hold = (key: string) => {
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    const state = { isOpenAtEnd: undefined as boolean | undefined };
    const ended = pool.use(key, async (handle) => {
      await promise;
      state.isOpenAtEnd = handle.isOpen;
    });
    const end = (): Promise<void> => {
      resolve();
      return ended;
    };
    return { end, state };
  };
  return { pool, opened, closed, hold };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('MD-83 a handle is opened once and shared', async () => {
  const { pool, opened } = fakeHandles(2);
  await Promise.all([pool.use('a', async ({ key }) => key), pool.use('a', async ({ key }) => key)]);
  await pool.use('a', async () => undefined);
  expect(opened).toEqual(['a']);
  expect(pool.stats()).toEqual({ open: 1, hits: 2, misses: 1, evictions: 0 });
});

test('MD-83 the least recently used handle makes room', async () => {
  const { pool, closed } = fakeHandles(2);
  for (const key of ['a', 'b', 'a', 'c']) await pool.use(key, async () => undefined);
  await settle();
  expect(closed).toEqual(['b']);
  expect(pool.stats().open).toBe(2);
});

test('MD-83 a handle in use is never closed: others wait for one that is free', async () => {
  const { closed, opened, hold } = fakeHandles(2);
  const [first, second, waiting] = [hold('a'), hold('b'), hold('c')];
  await settle();
  expect(opened).toEqual(['a', 'b']);
  await second.end();
  await waiting.end();
  expect(opened).toEqual(['a', 'b', 'c']);
  expect(closed).toEqual(['b']);
  await first.end();
  expect([first, second, waiting].map(({ state }) => state.isOpenAtEnd)).toEqual([
    true,
    true,
    true,
  ]);
});

test('prop: never more handles than the limit, and none closed while it is used', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 40 }),
      async (limit, keys) => {
        const open = new Set<object>();
        const state = { most: 0 };
        const pool = createPool<object>({
          limit,
          open: async () => {
            const handle = {};
            open.add(handle);
            state.most = Math.max(state.most, open.size);
            return handle;
          },
          close: (handle) => open.delete(handle),
        });
        await Promise.all(
          keys.map((key) =>
            pool.use(key, async (handle) => {
              await settle();
              expect(open.has(handle)).toBe(true);
            }),
          ),
        );
        await pool.close();
        expect(open.size).toBe(0);
        expect(state.most).toBeLessThanOrEqual(limit);
      },
    ),
    { numRuns: 40 },
  );
});

test('a handle that could not be opened is tried again, and its key is not stuck', async () => {
  let attempts = 0;
  const pool = createPool<string>({
    limit: 1,
    open: async (key) => {
      attempts += 1;
      if (attempts === 1) throw new Error('no memory');
      return key;
    },
    close: () => undefined,
  });
  await expect(pool.use('a', async () => 1)).rejects.toThrow('no memory');
  expect(await pool.use('a', async (handle) => handle)).toBe('a');
});

test('closing waits for what runs, and refuses what comes after', async () => {
  const { pool, closed, hold } = fakeHandles(2);
  const running = hold('a');
  await settle();
  const closing = pool.close();
  await settle();
  expect(closed).toEqual([]);
  await running.end();
  await closing;
  await settle();
  expect(closed).toEqual(['a']);
  await expect(pool.use('a', async () => 1)).rejects.toThrow('closed');
});

test('a limiter runs so many at a time, in turn, also when one fails', async () => {
  const limit = createLimiter(2);
  const state = { running: 0, most: 0 };
  const order: number[] = [];
  const work = (index: number) =>
    limit(async () => {
      state.running += 1;
      state.most = Math.max(state.most, state.running);
      await settle();
      order.push(index);
      state.running -= 1;
      if (index === 1) throw new Error('failed');
    });
  await Promise.allSettled([0, 1, 2, 3, 4].map(work));
  expect(state.most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4]);
});
