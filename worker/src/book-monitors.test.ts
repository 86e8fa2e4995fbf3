import type { BookDoc, PositionDoc } from '@tradewind/contracts/documents/book';
import { epochMs } from '@tradewind/core/lib/time';
import { price } from '@tradewind/core/lib/units';
import { createBookMonitors } from './book-monitors.ts';
import type { WorkerPorts } from './ports.ts';

const START = 900_000;
const KEY = 'binance_spot_BTC-USDT';

function desk(held: number) {
  const looks: number[] = [];
  const falls: string[][] = [];
  const followed: (number | null)[] = [];
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
  const monitors = createBookMonitors(ports, ledger, (_, { moves, correlationOf }) => {
    looks.push(now - START);
    falls.push([...(moves ?? [])].map((pair) => pair.join(' ')));
    followed.push(correlationOf?.(KEY, 'BTC-USDT') ?? null);
    return Promise.resolve(null);
  });
  const run = async (seconds: number, text = '100'): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      monitors.tick(new Map([[KEY, price(text)]]));
      await monitors.settled();
      now += 1_000;
    }
  };
  const change = (): void => {
    changedAt = now;
  };
  return { looks, falls, followed, run, change };
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

test('PF-75 tells a look which leader has just fallen, as far back as five minutes', async () => {
  const { falls, run } = desk(1);
  await run(60);
  await run(11, '98.5');
  expect(falls.at(-1)).toEqual(['BTC-USDT fall']);
  await run(290, '98.5');
  expect(falls.at(-1)).toEqual([]);
});

test('PF-77 a leader follows itself once a bar has closed, and nothing is known before', async () => {
  const { followed, run } = desk(1);
  await run(1);
  expect(followed.at(-1)).toBeNull();
  await run(320);
  expect(followed.at(-1)).toBe(1);
});
