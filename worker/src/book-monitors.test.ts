import type { BookDoc, PositionDoc } from '@tradewind/contracts/documents/book';
import { epochMs } from '@tradewind/core/lib/time';
import { createBookMonitors } from './book-monitors.ts';
import type { WorkerPorts } from './ports.ts';

const START = 1_000_000;

function desk(held: number) {
  const looks: number[] = [];
  let now = START;
  let changedAt = START - 10_000;
  const positions = Array.from<PositionDoc>({ length: held });
  const ledger = {
    books: new Map([['paper', { status: 'RUNNING' } as BookDoc]]),
    positions: () => positions,
    changedAt: () => epochMs(changedAt),
  };
  const ports = {
    clock: { wallNow: () => epochMs(now), marketNow: () => epochMs(now) },
    log: { error: () => undefined },
  } as unknown as WorkerPorts;
  const monitors = createBookMonitors(ports, ledger, () => {
    looks.push(now - START);
    return Promise.resolve(null);
  });
  const run = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      monitors.tick(new Map());
      await monitors.settled();
      now += 1_000;
    }
  };
  const change = (): void => {
    changedAt = now;
  };
  return { looks, run, change };
}

test('RSK-80 PF-60 looks at a book every ten seconds while it holds something', async () => {
  const { looks, run } = desk(1);
  await run(25);
  expect(looks).toEqual([0, 10_000, 20_000]);
});

test('RSK-80 looks once more after a fill, when its news have settled, also where nothing is left', async () => {
  const { looks, run, change } = desk(0);
  await run(5);
  change();
  await run(30);
  expect(looks).toEqual([0, 6_000]);
});
