import { bounceStrength } from '../orderflow/bounce.ts';
import { isNearZone, type Zone } from '../orderflow/zone.ts';
import { analyticsHistory, analyticsView, type AnalyticsState } from './analytics.ts';
import { ringBar, ringCorrect } from './bar-ring.ts';
import { evaluate } from './evaluate.ts';
import { indicatorValue } from './series-indicators.ts';
import { alignmentAt, bounceAt } from './structure.ts';
import { feed, fresh, minutes, START, walk } from './testing.ts';

/** A market with 600 minutes of history; its bars of these timeframes end as told. */
function known(): AnalyticsState {
  const state = fresh();
  analyticsHistory(state, minutes(600));
  return state;
}

const lastBar = (state: AnalyticsState, timeframe: '1m' | '5m' | '15m' | '1h') => {
  const bar = ringBar(state.bars[timeframe], 0);
  if (bar === undefined) throw new Error('There is history');
  return bar;
};

function close(state: AnalyticsState, moves: Record<'1m' | '5m' | '15m' | '1h', number>): void {
  for (const timeframe of ['1m', '5m', '15m', '1h'] as const) {
    const bar = lastBar(state, timeframe);
    ringCorrect(state.bars[timeframe], { ...bar, close: bar.open + moves[timeframe] });
  }
}

const readingsOf = (state: AnalyticsState, now = START) =>
  analyticsView(state, now).analytics?.readings ?? {};

describe('alignment', () => {
  test.each([
    [{ '1m': 1, '5m': 2, '15m': 3, '1h': 4 }, 1],
    [{ '1m': -1, '5m': -2, '15m': -3, '1h': -4 }, -1],
    [{ '1m': 1, '5m': 2, '15m': 3, '1h': 0 }, 0],
  ])('IND-93 closes of %j tell %i', (moves, expected) => {
    const state = known();
    close(state, moves);
    expect(readingsOf(state)['ALIGNMENT']).toBe(expected);
    expect(alignmentAt(state, ['1m', '5m'])).toBe(Math.sign(moves['1m']));
  });

  test('IND-93 MD-50 is not known before every timeframe has a bar and trades enough', () => {
    const state = fresh();
    feed(state, walk(200));
    expect(readingsOf(state, START + 200_000)['ALIGNMENT']).toBeNull();
    expect(alignmentAt(state, ['1m', '1h'])).toBeUndefined();
  });
});

describe('bounce', () => {
  const zoneNear = (low: number, high: number, type: Zone['type']): Zone => ({
    zoneId: 'z',
    timeframe: '5m',
    type,
    low,
    high,
    strength: 50,
    firstSeen: START,
    lastTested: null,
    testCount: 0,
    status: 'fresh',
    createdFrom: 'rejection',
  });

  test('IND-91 IND-76 is that of the last closed minute off the zone that it is near to', () => {
    const state = known();
    for (const { zones } of Object.values(state.frames)) zones.zones = [];
    expect(readingsOf(state)['BOUNCE_LONG@1m']).toBeNull();
    const bar = lastBar(state, '1m');
    const [near, far] = [
      zoneNear(bar.low - 20, bar.low + 5, 'demand'),
      zoneNear(bar.low - 9_000, bar.low - 8_000, 'demand'),
    ];
    expect([near, far].map((zone) => isNearZone(zone, bar.close))).toEqual([true, false]);
    state.frames['5m'].zones.zones = [far, near].map((zone) => ({ ...zone, away: true }));
    const atr = (indicatorValue(state.indicators['1m'], 'ATR_14') ?? 0) / state.steps.tickSize;
    const strength = bounceStrength({ bar, zone: near, atr }, 'LONG');
    expect(strength).toBeGreaterThan(0);
    expect(readingsOf(state)['BOUNCE_LONG@1m']).toBe(strength);
    expect(readingsOf(state)['BOUNCE_SHORT@1m']).toBeNull();
    state.frames['1m'].zones.zones = [
      { ...zoneNear(bar.high - 5, bar.high + 9, 'supply'), away: true },
    ];
    expect(bounceAt(state, 'SHORT')).toBeCloseTo((bar.high - bar.close) / (bar.high - bar.low), 12);
  });

  test('IND-91 is not known without an ATR', () => {
    const state = fresh();
    feed(state, walk(180));
    expect(bounceAt(state, 'LONG')).toBeUndefined();
  });
});

describe('distance from the average', () => {
  test('IND-89 is that of the price now, in deviations of the closed bars', () => {
    const state = known();
    const { average, sigma } = state.frames['1m'].meanReversion;
    if (average === null || sigma === null) throw new Error('600 minutes are enough');
    const last = lastBar(state, '1m').close * state.steps.tickSize;
    expect(readingsOf(state)['MR_DISTANCE@1m']).toBeCloseTo((last - average) / sigma, 9);
    feed(state, walk(3, { everyMs: 20 }));
    const now = START + 3_000;
    const price = evaluate(state, 'PRICE', now).value ?? 0;
    expect(readingsOf(state, now)['MR_DISTANCE@1m']).toBeCloseTo((price - average) / sigma, 9);
  });
});
