import { epochMs } from '@tradewind/core/lib/time';
import type { FeedBatch } from '@tradewind/adapters/venue/venue';
import { stateOf } from './connection.ts';
import { startFeedLoop } from './feed-loop.ts';
import { FEED } from './testing/line-bench.ts';
import { fakePorts, settle } from './testing/fake-ports.ts';
import { tradeOf } from './testing/fake-market.ts';

function bench(streams = true) {
  const fake = fakePorts();
  fake.state.now = 1_000_000;
  const batches: FeedBatch[] = [];
  let lost = 0;
  const end = new AbortController();
  const loop = startFeedLoop({ ...fake.ports, streams: () => Promise.resolve(streams) }, FEED, {
    signal: end.signal,
    onBatch: (batch) => void batches.push(batch),
    onLost: () => {
      lost += 1;
    },
  });
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let n = 0; n < 1_000 && !isSo(); n += 1) await settle();
    if (!isSo()) throw new Error('it did not come to that');
  };
  const state = () => stateOf(loop.connection(), epochMs(fake.state.now));
  const stop = async (): Promise<void> => {
    end.abort();
    await loop.done;
  };
  return { ...fake, loop, batches, state, until, stop, lost: () => lost };
}
const btc = { symbol: 'BTC-USDT', quotes: false };

test('MD-20 nothing is connected while nothing is wanted', async () => {
  const { state, stop, stream } = bench();
  await settle();
  expect(state()).toBe('IDLE');
  expect(stream.subscribed()).toEqual([]);
  await stop();
});

test('MD-24 what is wanted is subscribed, and given up, on the same connection', async () => {
  const { loop, stream, until, stop, state, batches } = bench();
  loop.want([btc]);
  await until(() => stream.subscribed().length === 1);
  stream.send([tradeOf('BTC-USDT', 1, { at: 1_000_000 })], 1_000_000);
  await until(() => batches.length === 1);
  expect(state()).toBe('LIVE');
  loop.want([
    { ...btc, quotes: true },
    { symbol: 'ETH-USDT', quotes: false },
  ]);
  expect(stream.subscribed().sort()).toEqual([
    'BTC-USDT quotes',
    'BTC-USDT trades',
    'ETH-USDT trades',
  ]);
  loop.want([{ symbol: 'ETH-USDT', quotes: false }]);
  expect(stream.subscribed()).toEqual(['ETH-USDT trades']);
  expect(loop.connection().reconnects).toBe(0);
  await stop();
});

test('a connection that fails is told, and waits before the next attempt', async () => {
  const { loop, stream, until, stop, state, batches, lost } = bench();
  loop.want([btc]);
  stream.send([tradeOf('BTC-USDT', 1, { at: 1_000_000 })], 1_000_000);
  await until(() => batches.length === 1);
  stream.fail('reset by peer');
  await until(() => lost() === 1);
  expect(state()).toBe('RECONNECTING');
  expect(loop.connection().failures).toBe(1);
  await stop();
});

test('MD-20 a venue that cannot be streamed here has failed, and is not tried again', async () => {
  const { loop, until, stop, state, lost } = bench(false);
  loop.want([btc]);
  await until(() => state() === 'FAILED');
  expect(lost()).toBe(0);
  await stop();
});
