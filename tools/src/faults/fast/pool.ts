import { Worker } from 'node:worker_threads';
import { toSummary, type Batch, type Summary } from './summary.ts';

/** Scenarios that a thread runs before it asks for more. */
const BATCH = 100;

/** Which scenarios, one seed each from `seed` on, and on how many threads. */
export type Wanted = {
  readonly seed: number;
  readonly scenarios: number;
  readonly threads: number;
  /** Stop with the first that fails. */
  readonly stopAtFirst?: boolean;
};

/**
 * Runs scenarios on worker threads. The sum is the same on any number of them.
 *
 * @param entry - the module that a thread runs; another one for copies of the sources.
 */
export async function runPool(
  { seed, scenarios, threads, stopAtFirst = false }: Wanted,
  entry: URL,
  progress: (done: number) => void = () => undefined,
): Promise<Summary> {
  const batches: Batch[] = [];
  const end = seed + scenarios;
  let next = seed;
  let isStopped = false;
  const take = (): readonly [from: number, to: number] | undefined => {
    if (next >= end || isStopped) return undefined;
    const from = next;
    next = Math.min(next + BATCH, end);
    return [from, next];
  };
  const receive = (batch: Batch): void => {
    batches.push(batch);
    isStopped = stopAtFirst && batches.some(({ failed }) => failed.length > 0);
    progress(batches.reduce((sum, { scenarios: count }) => sum + count, 0));
  };
  await Promise.all(
    Array.from({ length: threads }, () => serve(new Worker(entry), { take, receive })),
  );
  return toSummary(batches);
}

/** Gives a thread one batch after the other until there are no more. */
function serve(
  worker: Worker,
  {
    take,
    receive,
  }: {
    readonly take: () => readonly [from: number, to: number] | undefined;
    readonly receive: (batch: Batch) => void;
  },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (): void => {
      const range = take();
      if (range === undefined)
        void worker.terminate().then(() => {
          resolve();
        }, reject);
      else worker.postMessage(range);
    };
    worker.on('message', (batch: Batch) => {
      receive(batch);
      give();
    });
    worker.on('error', reject);
    give();
  });
}
