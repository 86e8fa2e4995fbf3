import { aRiskState, at, MIDNIGHT, NOON } from '../order/fixtures.ts';
import { durationMs, epochMs, later } from '../lib/time.ts';
import { money } from '../lib/units.ts';
import { dailyPnl, dailyPnlPct, drawdownPct, isHigherPeak, revalue } from './day.ts';

const DAY = durationMs(86_400_000);
const TOMORROW = later(MIDNIGHT, DAY);

test('RSK-32 the daily result is equity less the equity at midnight UTC, in percent of that', () => {
  const state = { openingEquity: money('10000'), equity: money('9400') };
  expect(dailyPnl(state)).toBe(money('-600'));
  expect(dailyPnlPct(state)).toBe(-6);
  expect(dailyPnlPct({ ...state, openingEquity: money('0') })).toBeUndefined();
});

test('RSK-33 drawdown is the fall from peak equity', () => {
  expect(drawdownPct({ peakEquity: money('10000'), equity: money('8500') })).toBe(15);
  expect(drawdownPct({ peakEquity: money('0'), equity: money('0') })).toBeUndefined();
});

test('RSK-33 the peak rises with each valuation and never falls', () => {
  const up = revalue(aRiskState(), { equity: money('10200'), now: at(1) });
  const down = revalue(up, { equity: money('9000'), now: at(2) });
  expect(up.peakEquity).toBe(money('10200'));
  expect(down).toMatchObject({
    peakEquity: money('10200'),
    equity: money('9000'),
    equityAt: at(2),
    openingEquity: money('10000'),
    dayAt: MIDNIGHT,
  });
});

test('PF-04 a peak is worth a write of its own from 0.01 % on', () => {
  const from = (before: string, after: string) =>
    isHigherPeak({ peakEquity: money(before) }, { peakEquity: money(after) });
  expect([from('10000', '10000.99'), from('10000', '10001')]).toEqual([false, true]);
  expect([from('10000', '10000'), from('0', '0'), from('0', '0.01')]).toEqual([false, false, true]);
});

test('a valuation older than the stored one changes nothing', () => {
  const state = aRiskState({ equityAt: NOON });
  expect(revalue(state, { equity: money('1'), now: at(-1) })).toBe(state);
});

describe('a new day opens with the valuation nearest to its midnight', () => {
  const lastAt = (ms: number) =>
    aRiskState({ equity: money('9900'), equityAt: epochMs(TOMORROW - ms) });

  test('the last of the day before', () => {
    const next = revalue(lastAt(5_000), { equity: money('9500'), now: epochMs(TOMORROW + 60_000) });
    expect(next).toMatchObject({ dayAt: TOMORROW, openingEquity: money('9900') });
    expect(dailyPnl(next)).toBe(money('-400'));
  });

  test('or the first of the new one, when the desk slept', () => {
    const next = revalue(lastAt(3_600_000), { equity: money('9500'), now: TOMORROW });
    expect(next).toMatchObject({ dayAt: TOMORROW, openingEquity: money('9500') });
  });
});

test('fields of the stored state that a valuation does not know pass through', () => {
  const state = { ...aRiskState(), tradesToday: 3 };
  expect(revalue(state, { equity: money('1'), now: NOON }).tradesToday).toBe(3);
});
