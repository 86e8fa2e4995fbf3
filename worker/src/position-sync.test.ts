import type { BookDoc } from '@tradewind/contracts/documents/book';
import { epochMs } from '@tradewind/core/lib/time';
import { startPositionSync } from './position-sync.ts';
import type { WorkerPorts } from './ports.ts';

const START = 900_000;

/** A worker that has just begun; seconds at which it compared what is held. */
async function desk(compare: () => Promise<unknown> = () => Promise.resolve()) {
  const books = new Map([['paper', { status: 'STOPPED', updatedAt: START } as BookDoc]]);
  const compared: number[] = [];
  let now = START;
  const ports = {
    clock: { wallNow: () => epochMs(now) },
    log: { warn: () => undefined },
  } as unknown as WorkerPorts;
  const sync = await startPositionSync(ports, { books }, () => {
    compared.push((now - START) / 1_000);
    return compare();
  });
  const run = async (seconds: number, reconnects = 0): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      sync.tick(reconnects);
      await Promise.resolve();
      await Promise.resolve();
      now += 1_000;
    }
  };
  const book = (): void => {
    books.set('paper', { status: 'STOPPED', updatedAt: epochMs(now) } as BookDoc);
  };
  return { compared, run, book };
}

test('what is held is compared at once, and then every ten seconds', async () => {
  const { compared, run } = await desk();
  await run(25);
  expect(compared).toEqual([0, 10, 20]);
});

test('EXE-49 a booking brings the next comparison forward, once the venue has had a second to show it', async () => {
  const { compared, run, book } = await desk();
  await run(3);
  book();
  await run(5);
  expect(compared).toEqual([0, 4]);
});

test('EXE-49 so does a reconnect', async () => {
  const { compared, run } = await desk();
  await run(3);
  await run(5, 1);
  expect(compared).toEqual([0, 4]);
});

test('a comparison that fails is made again, and one that hangs is not doubled', async () => {
  const failing = await desk(() => Promise.reject(new Error('away')));
  await failing.run(25);
  expect(failing.compared).toEqual([0, 10, 20]);
  const hanging = await desk(() => new Promise(() => undefined));
  await hanging.run(25);
  expect(hanging.compared).toEqual([0]);
});
