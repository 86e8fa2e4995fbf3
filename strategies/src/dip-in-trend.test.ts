import { dipInTrend } from './dip-in-trend.ts';
import { runBars } from './testing/run-bars.ts';

const params = {
  timeframe: '1m',
  rsiBars: 2,
  dip: 30,
  relief: 60,
  trendTimeframe: '15m',
  trendBars: 2,
  patienceMinutes: 10,
};
/** An hour up by one a minute: far above its averages. */
const rise = Array.from({ length: 60 }, (_, minute) => 100 + minute);
const actions = (closes: readonly number[]) =>
  runBars(dipInTrend, params, closes).done.map(({ bar, action, reasons }) => [
    bar,
    action,
    reasons[0],
  ]);

test('buys a dip in a rise, and sells when it is over', () => {
  expect(actions([...rise, 157, 155, 157, 159])).toEqual([
    [61, 'ENTER', 'a dip in an upward trend'],
    [62, 'EXIT', 'the dip is over'],
  ]);
});

test('loses patience with a dip that does not recover, and does not buy it again', () => {
  const flat = Array.from({ length: 15 }, (_, minute) => 156 - minute / 10);
  expect(actions([...rise, ...flat])).toEqual([
    [60, 'ENTER', 'a dip in an upward trend'],
    [70, 'EXIT', 'the dip does not recover'],
  ]);
});

test('a fall is not bought, however deep: the longer timeframe is below its average', () => {
  const fall = rise.map((close) => 300 - close);
  expect(actions([...fall, 140, 130, 120])).toEqual([]);
});
