import { epochMs } from '@tradewind/core/lib/time';
import { createCoalescer } from './coalescer.ts';

function bench(fails = false) {
  const state = { now: 10_000 };
  const writes: string[] = [];
  const errors: string[] = [];
  const coalescer = createCoalescer<number>({
    everyMs: 1_000,
    wallNow: () => epochMs(state.now),
    write: async (key, value) => {
      if (fails) throw new Error('down');
      writes.push(`${key}=${value}`);
    },
    onError: (key) => errors.push(key),
  });
  return { state, writes, errors, coalescer };
}
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

test('ARC-41 a key is written at most once a second, with its newest value', async () => {
  const { state, writes, coalescer } = bench();
  for (let n = 1; n <= 100; n += 1) coalescer.offer('a', n);
  await settle();
  expect(writes).toEqual(['a=1']);
  coalescer.flush();
  await settle();
  expect(writes).toEqual(['a=1']);
  state.now += 1_000;
  coalescer.flush();
  await settle();
  expect(writes).toEqual(['a=1', 'a=100']);
  state.now += 5_000;
  coalescer.flush();
  await settle();
  expect(writes).toHaveLength(2);
});

test('keys do not hold each other up', async () => {
  const { writes, coalescer } = bench();
  coalescer.offer('a', 1);
  coalescer.offer('b', 2);
  await settle();
  expect(writes).toEqual(['a=1', 'b=2']);
});

test('draining writes what waits, due or not', async () => {
  const { writes, coalescer } = bench();
  coalescer.offer('a', 1);
  coalescer.offer('a', 2);
  await coalescer.drain();
  expect(writes).toEqual(['a=1', 'a=2']);
});

test('a failed write is told, and the next one is tried', async () => {
  const { state, errors, coalescer } = bench(true);
  coalescer.offer('a', 1);
  await settle();
  state.now += 1_000;
  coalescer.offer('a', 2);
  await settle();
  expect(errors).toEqual(['a', 'a']);
});
