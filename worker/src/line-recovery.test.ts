import type { Trade } from '@tradewind/core/market/market';
import { at, faultsOf, FEED, lineBench, SYMBOL } from './testing/line-bench.ts';

test('MD-47 a market begins with 600 closed candles of every timeframe, read over REST', async () => {
  const { begin, market, candles, play, line } = lineBench();
  await begin(at(0, 30));
  const asked = market.state.calls.filter((call) => call.startsWith('candles'));
  expect(asked).toEqual(
    ['1m', '5m', '15m', '1h'].map((timeframe) => `candles ${SYMBOL} ${timeframe}`),
  );
  await play(at(2, 30));
  expect(candles().filter(({ openAt }) => openAt < at(0))).toHaveLength(600);
  expect(line().failures).toBe(0);
});

test('the minute in which the stream begins is rebuilt from its trades, and marked', async () => {
  const { begin, play, candles } = lineBench();
  await begin(at(0, 30));
  await play(at(4, 30));
  expect(faultsOf(candles(), 0, 3)).toEqual([]);
  const flags = candles()
    .slice(-4)
    .map(({ gapFilled, source }) => [gapFilled, source]);
  expect(flags.slice(0, 3)).toEqual([
    [true, 'trades'],
    [false, 'trades'],
    [false, 'trades'],
  ]);
});

test('MD-23 MD-T04 what a lost connection missed is read by trade ids: candles are those of an undisturbed run', async () => {
  const { live, begin, play, silence, lines, candles, line } = lineBench();
  await begin(at(0, 30));
  await play(at(2, 20));
  silence(at(4, 40));
  lines.rejoin(FEED);
  await live();
  await play(at(7, 30));
  expect(faultsOf(candles(), 0, 6)).toEqual([]);
  const marked = candles().filter(({ openAt, gapFilled }) => openAt >= at(1) && gapFilled);
  expect(marked.map(({ openAt }) => (openAt - at(0)) / 60_000)).toEqual([2, 3, 4]);
  expect(line().backfilled).toBeGreaterThan(60);
});

test('MD-31 duplicates, late and reordered trades give the same candles', async () => {
  const { begin, play, candles } = lineBench();
  await begin(at(0, 30));
  let kept: Trade[] = [];
  await play(at(6, 30), (trades) => {
    const [now, held] = [kept, [...trades]];
    kept = held;
    // A second late, backwards, and each of them twice.
    return [...now, ...now].reverse();
  });
  expect(faultsOf(candles(), 0, 5)).toEqual([]);
});

test('a silence that looked like a quiet market is corrected: the minute gets its next revision (MD-33)', async () => {
  const { live, begin, play, candles, lines } = lineBench();
  await begin(at(0, 30));
  await play(at(2, 50));
  // The stream is mute, and minutes close without the trades that were made.
  await play(at(3, 10), () => []);
  lines.rejoin(FEED);
  await live();
  await play(at(6, 30));
  expect(faultsOf(candles(), 0, 5)).toEqual([]);
  const corrected = candles().find(({ openAt }) => openAt === at(2));
  expect(corrected).toMatchObject({ revision: 1, gapFilled: true });
});

test('a venue that does not count its trades fills the gap with its own candles, and they say so', async () => {
  const { live, begin, play, silence, lines, candles, market } = lineBench();
  market.state.tradesById = false;
  await begin(at(0, 30));
  await play(at(3, 20));
  silence(at(4, 40));
  lines.rejoin(FEED);
  await live();
  await play(at(8, 30));
  expect(faultsOf(candles(), 0, 7)).toEqual([]);
  const told = candles().filter(({ openAt, source }) => openAt >= at(0) && source === 'venue');
  expect(told.length).toBeGreaterThan(1);
});
