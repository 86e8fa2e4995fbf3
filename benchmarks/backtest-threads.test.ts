import { Worker } from 'node:worker_threads';
import { backtestText } from './backtest-thread.ts';

const script = new URL('backtest-thread.ts', import.meta.url);

/** The backtests of some seeds, in a thread of their own. */
const inThread = (seeds: readonly number[]): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: seeds });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

test('STR-95 a backtest gives the same bytes on this thread, on another, and beside a third', async () => {
  const seeds = [1, 2, 3, 4];
  const here = seeds.map(backtestText);
  expect(here[0]).toMatch('"trades":[{');
  expect(here[0]).not.toBe(here[1]);
  expect(await inThread(seeds)).toEqual(here);
  const [odd, even] = await Promise.all([inThread([1, 3]), inThread([2, 4])]);
  expect([odd[0], even[0], odd[1], even[1]]).toEqual(here);
  // Each thread loads every strategy first.
}, 60_000);
