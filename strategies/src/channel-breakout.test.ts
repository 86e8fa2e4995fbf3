import { channelBreakout } from './channel-breakout.ts';
import { runBars } from './testing/run-bars.ts';

const params = { timeframe: '1m', entryBars: 3, exitBars: 2, maxRiskPct: 5 };
const run = (closes: readonly number[], changes: object = {}) =>
  runBars(channelBreakout, { ...params, ...changes }, closes);

test('buys the close above the highest high, and sells the one below the lowest low', () => {
  const { done } = run([100, 101, 100, 101, 102, 103, 102.5, 101.5]);
  expect(done).toEqual([
    { bar: 4, action: 'ENTER', price: 102, stop: 100, reasons: ['closed above 101'] },
    { bar: 7, action: 'EXIT', price: 101.5, stop: null, reasons: ['closed below 102'] },
  ]);
});

test('a close at the top of the channel is no break', () => {
  expect(run([100, 101, 100, 101, 101, 101]).done).toEqual([]);
});

test('a break whose stop would be too far away is skipped, and says so', () => {
  const { done, audits } = run([100, 101, 100, 101, 107]);
  expect(done).toEqual([]);
  expect(audits.at(-1)?.failing).toMatchObject({ gate: 'riskPct', reason: 'stop_out_of_band' });
});

test('nothing is decided before the channel is whole', () => {
  const { done, audits } = run([100, 101, 102]);
  expect(done).toEqual([]);
  expect(audits.map(({ failing }) => failing?.reason)).toEqual(['warmup', 'warmup', 'warmup']);
});
