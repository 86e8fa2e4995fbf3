import type { BoardDoc, BoardPrice } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import { price } from '@tradewind/core/lib/units';
import { createBoard } from './board.ts';
import { fakePorts } from './testing/fake-ports.ts';

const told: BoardPrice = {
  symbol: 'BTC-USDT',
  price: price('100'),
  bid: null,
  ask: null,
  at: epochMs(1_000),
  receivedAt: epochMs(1_000),
  source: 'ws',
  stale: false,
  degraded: false,
  conflict: false,
  dataQuality: 1,
};
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

function bench() {
  const fake = fakePorts();
  fake.state.now = 1_000_000;
  const viewers = { watching: false };
  const board = createBoard(fake.ports, 'worker-0', {
    prices: () => ({ 'binance_spot_BTC-USDT': told }),
    isWatched: () => viewers.watching,
  });
  const runFor = async (seconds: number): Promise<void> => {
    for (let n = 0; n < seconds; n += 1) {
      fake.state.now += 1_000;
      board.tick();
      await settle();
    }
  };
  const doc = () => fake.documents.get('livePrices/worker-0') as BoardDoc;
  return { ...fake, board, viewers, runFor, doc };
}

test('with nobody watching the board is written every five seconds, for all its markets at once', async () => {
  const { runFor, writes, doc } = bench();
  await runFor(60);
  expect(writes).toHaveLength(12);
  expect(doc()).toMatchObject({ shard: 'worker-0', maxAgeMs: 15_000, origin: 'synthetic' });
  expect(Object.keys(doc().prices)).toEqual(['binance_spot_BTC-USDT']);
});

test('while somebody watches it is written once a second, and promises no more than that', async () => {
  const { runFor, writes, doc, viewers } = bench();
  viewers.watching = true;
  await runFor(10);
  expect(writes).toHaveLength(10);
  expect(doc().maxAgeMs).toBe(3_000);
  viewers.watching = false;
  await runFor(1);
  expect(doc().maxAgeMs).toBe(15_000);
  await runFor(10);
  expect(writes).toHaveLength(13);
});

test('it is written at once for those who are about to decide, one write at a time', async () => {
  const { board, writes } = bench();
  await Promise.all([board.publish(), board.publish(), board.publish()]);
  expect(writes).toHaveLength(2);
});

test('MD-27 nothing is written any more by who lost its shard', async () => {
  const { board, writes, runFor } = bench();
  board.halt();
  await board.publish();
  await runFor(10);
  expect(writes).toEqual([]);
});
