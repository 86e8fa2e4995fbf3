import type { ChunkDoc } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import type { Candle, Trade } from '@tradewind/core/market/market';
import { createRecorder } from './recorder.ts';
import { fakePorts } from './testing/fake-ports.ts';

const MARKET = { marketKey: 'binance_spot_BTC-USDT', symbol: 'BTC-USDT' };
/** A full hour, in minutes. */
const START = 29_919_000;
const at = (minute: number, seconds = 0) => epochMs((START + minute) * 60_000 + seconds * 1_000);
const fromVenue = (minute: number): Candle => ({
  openAt: at(minute),
  open: price('100'),
  high: price('100'),
  low: price('100'),
  close: price('100'),
  volume: qty('9'),
  buyVolume: qty('4'),
  quoteVolume: money('900'),
  trades: 9,
  gapFilled: false,
  buyTrades: null,
  incomplete: false,
  revision: 0,
  source: 'trades',
});
let ids = 0;
const trade = (minute: number, seconds: number, text = '101'): Trade => ({
  marketKey: MARKET.marketKey,
  tradeId: String((ids += 1)),
  price: price(text),
  size: qty('1'),
  side: 'buy',
  at: at(minute, seconds),
});
function bench(minutes: number) {
  const fake = fakePorts(Array.from({ length: minutes }, (_, n) => fromVenue(n - 5)));
  const recorder = createRecorder(fake.ports, MARKET);
  const stored = (): Candle[] =>
    [...fake.documents.values()]
      .flatMap((doc) => (doc as ChunkDoc).candles)
      .sort((a, b) => a.openAt - b.openAt);
  /** Which minutes are stored, with an `r` for what REST told. */
  const minutesOf = (): string[] =>
    stored().map(({ openAt, gapFilled }) => `${(openAt - at(0)) / 60_000}${gapFilled ? 'r' : ''}`);
  const play = (...trades: readonly Trade[]): void => {
    for (const each of trades) {
      fake.state.now = each.at;
      recorder.add(each);
    }
  };
  return { ...fake, recorder, stored, minutesOf, play };
}

test('MD-43 the minute in which the stream begins comes from REST, the next ones from trades', async () => {
  const { state, recorder, minutesOf, play, writes, stored } = bench(20);
  state.now = at(0, 30);
  recorder.join();
  await recorder.flush();
  expect(minutesOf()).toEqual(['-5r', '-4r', '-3r', '-2r', '-1r']);
  play(trade(0, 40), trade(1, 5), trade(1, 50, '99'), trade(2, 10));
  const { closedBar, gapFilled } = await recorder.flush();
  expect(minutesOf()).toEqual(['-5r', '-4r', '-3r', '-2r', '-1r', '0r', '1']);
  expect(closedBar).toBe(at(2));
  expect(gapFilled.map(({ openAt }) => openAt)).toEqual([at(0)]);
  expect(stored().at(-1)).toMatchObject({ open: price('101'), low: price('99'), trades: 2 });
  expect(writes).toHaveLength(2);
});

test('MD-23 what a lost connection missed is read over REST and marked', async () => {
  const { state, recorder, minutesOf, play } = bench(20);
  state.now = at(0);
  recorder.join();
  await recorder.flush();
  play(trade(1, 5), trade(2, 5), trade(2, 30));
  await recorder.flush();
  state.now = at(4, 20);
  recorder.join();
  await recorder.flush();
  play(trade(4, 30), trade(5, 10), trade(6, 10));
  await recorder.flush();
  expect(minutesOf().slice(5)).toEqual(['0r', '1', '2r', '3r', '4r', '5']);
});

test('MD-81 a market is written once a minute, and never twice in a second', async () => {
  const { state, recorder, play, writes } = bench(20);
  state.now = at(0, 30);
  recorder.join();
  await recorder.flush();
  const before = writes.length;
  for (let seconds = 0; seconds < 60; seconds += 1) {
    play(trade(1, seconds));
    await recorder.flush();
  }
  play(trade(2, 3));
  await recorder.flush();
  await recorder.flush();
  expect(writes.length - before).toBe(2);
});

test('a write that failed is made good with the next one', async () => {
  const { ports, state, minutesOf } = bench(20);
  let broken = true;
  const set: typeof ports.store.set = (...args) =>
    broken ? Promise.reject(new Error('unavailable')) : ports.store.set(...args);
  const recorder = createRecorder({ ...ports, store: { ...ports.store, set } }, MARKET);
  state.now = at(0, 30);
  recorder.join();
  await expect(recorder.flush()).rejects.toThrow('unavailable');
  broken = false;
  for (const each of [trade(1, 5), trade(2, 5)]) recorder.add(each);
  state.now = at(2, 5);
  await recorder.flush();
  expect(minutesOf()).toEqual(['-5r', '-4r', '-3r', '-2r', '-1r', '0r', '1']);
});
