import { MINUTE, sectionedEngine } from '../../../test/sectioned.ts';
import type { Facts } from '../../engine/facts.ts';
import { epochMs } from '../../lib/time.ts';
import { money } from '../../lib/units.ts';
import { PUMP_SHORT } from './pump-short.ts';

const { params } = PUMP_SHORT;

const facts: Facts = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  entryBlock: null,
  stale: false,
  dataQuality: 1,
  warmup: false,
};
const PUMP = {
  PUMP_MAGNITUDE_300_0: 9.5,
  VOLUME_SURGE_300_900: 4,
  MOMENTUM_60_0: 6,
  SPREAD_PCT: 0.5,
  DUMP_MAGNITUDE_300_0: 0,
};
/** Closes whose RSI of 14 bars, in Wilder's smoothing, is 55 from the 15th on: +11 and -9 in turn. */
const closeAt = (bar: number) => 1_000 + Math.floor(bar / 2) * 2 + (bar % 2) * 11;

/** What a market with these windows leads to, and the RSI that it shows. */
function led(windows: Readonly<Record<string, number | null>>, close = closeAt) {
  const engine = sectionedEngine(params);
  const state = engine.init();
  return Array.from({ length: 21 }, (_, index) => {
    const at = close(index);
    const bar = { openAt: index * MINUTE, open: at, high: at, low: at, close: at, volume: 1 };
    return engine.decide(
      state,
      {
        kind: 'bar',
        bar: { ...bar, buyVolume: null, trades: 1, incomplete: false },
        facts,
        windows,
      },
      epochMs((index + 1) * MINUTE),
    );
  }).flatMap(({ effects }) => effects);
}

describe('the template pump-short', () => {
  test('STR-T06 STR-41 enters short at 9.5 / 4.0 / 6.0, an RSI near 55 and a spread of 0.5', () => {
    const [first] = led(PUMP);
    expect(first).toMatchObject({
      kind: 'signal',
      signal: { action: 'ENTER', direction: 'SHORT', signalType: 'Z1' },
    });
    const rsi = first?.kind === 'signal' ? first.signal.indicatorValues['RSI_14'] : undefined;
    expect(rsi).toBeGreaterThan(50);
    expect(rsi).toBeLessThan(60);
  });

  test.each([
    ['a pump of 7.9', { PUMP_MAGNITUDE_300_0: 7.9 }],
    ['a surge of 2.9', { VOLUME_SURGE_300_900: 2.9 }],
    ['a momentum of 4.9', { MOMENTUM_60_0: 4.9 }],
    ['a spread of 1.1', { SPREAD_PCT: 1.1 }],
    ['a spread that nobody knows', { SPREAD_PCT: null }],
  ])('STR-T06 enters nothing with %s', (_, change) => {
    expect(led({ ...PUMP, ...change })).toEqual([]);
  });

  test.each([
    ['above 80', (bar: number) => 1_000 + bar],
    ['below 40', (bar: number) => 1_000 - bar],
  ])('STR-T06 enters nothing with an RSI %s', (_, close) => {
    expect(led(PUMP, close)).toEqual([]);
  });

  test('STR-41 is shipped disabled, for market orders and half a percent of slippage', () => {
    expect(PUMP_SHORT).toMatchObject({
      enabled: false,
      execution: { orderType: 'market', slippageLimitPct: 0.5 },
    });
    expect(sectionedEngine(params).instance.strategy.liveFaults).toEqual([]);
  });
});
