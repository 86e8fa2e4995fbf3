import { windowInit } from './bar-window.ts';
import { walk } from './contract/cases.ts';
import { setInit, setNext, setProvisional, setReadings, setValues } from './indicator-set.ts';
import { barVariant } from './variants.ts';

const MINUTE = 60_000;
const names = [
  'RSI',
  'RSI_14',
  'RSI_14_above_60',
  'MACD_12_26_9',
  'MACD_HISTOGRAM',
  'BB',
  'PATTERN_DOJI',
  'MFI_14',
];
const fed = (bars = walk, of = names) => {
  const state = setInit(of);
  bars.forEach((bar, i) => {
    setNext(state, bar, i * MINUTE);
  });
  return state;
};
const context = {
  marketKey: 'binance:BTC-USDT',
  timeframe: '1m',
  dataQuality: 0.6,
  now: 1e9,
  provisional: false,
} as const;

describe('a set of variants', () => {
  test('IND-09 computes what several variants read once', () => {
    const state = setInit(names);
    expect(state.readers.map(({ id }) => id)).toEqual([
      'RSI_14',
      'RSI_14_above_60',
      'MACD_12_26_9',
      'MACD_HISTOGRAM_12_26_9',
      'BB_20_2',
      'PATTERN_DOJI',
      'MFI_14',
    ]);
    expect(state.cores.map(({ base }) => base)).toEqual([
      'RSI',
      'MACD',
      'BB',
      'PATTERN_DOJI',
      'MFI',
    ]);
    expect(setInit(['RSI_14', 'RSI_7']).cores.length).toBe(2);
  });

  test('gives what each variant gives alone', () => {
    const values = setValues(fed());
    for (const [id, value] of Object.entries(values)) {
      const variant = barVariant(id);
      const alone = variant.init();
      expect({ id, value }).toEqual({
        id,
        value: walk.map((bar) => variant.next(alone, bar)).at(-1) ?? null,
      });
    }
  });

  test('IND-06 IND-T17 stored as JSON and restored goes on as if nothing had happened', () => {
    let state = fed(walk.slice(0, 50));
    walk.slice(50).forEach((bar, i) => {
      if (i % 100 === 0) state = JSON.parse(JSON.stringify(state)) as typeof state;
      setNext(state, bar, (50 + i) * MINUTE);
    });
    expect(state).toEqual(fed());
  });

  test('IND-T15 IND-03 refuses bars that come newest first, and keeps its state', () => {
    const state = fed(walk.slice(0, 40));
    const before = JSON.stringify(state);
    const [bar] = walk;
    if (bar === undefined) throw new Error('The walk has bars');
    expect(() => {
      setNext(state, bar, 38 * MINUTE);
    }).toThrow('oldest first');
    expect(() => {
      setNext(state, bar, 39 * MINUTE);
    }).toThrow('each once');
    expect(JSON.stringify(state)).toBe(before);
  });

  test('IND-05 reads a forming bar without knowing it afterwards', () => {
    const state = fed(walk.slice(0, 100));
    const before = JSON.stringify(state);
    const [forming] = walk.slice(100);
    if (forming === undefined) throw new Error('The walk has bars');
    const early = setProvisional(state, forming, 100 * MINUTE);
    expect(JSON.stringify(state)).toBe(before);
    setNext(state, forming, 100 * MINUTE);
    expect(setValues(early)).toEqual(setValues(state));
    const [reading] = setReadings(early, { ...context, now: 6_010_000, provisional: true });
    // The forming bar ends at 6,060,000: until now is all that it can know.
    expect(reading).toMatchObject({ provisional: true, inputsUpTo: 6_010_000 });
  });

  test('refuses names of no variant, and of variants that look at trades', () => {
    expect(() => setInit(['RSI_14', 'MOOD_3'])).toThrow('does not begin with');
    expect(() => setInit(['TWPA_300_0'])).toThrow('looks at trades');
  });
});

describe('IND-08 a reading', () => {
  test('says what it is of, how good its data are, and up to when', () => {
    const state = fed(walk.slice(0, 100));
    expect(setReadings(state, context)[0]).toEqual({
      name: 'RSI',
      variantId: 'RSI_14',
      marketKey: 'binance:BTC-USDT',
      timeframe: '1m',
      value: setValues(state)['RSI_14'],
      ready: true,
      provisional: false,
      dataQuality: 0.6,
      ts: 1e9,
      inputsUpTo: 100 * MINUTE,
      window: null,
      estimated: false,
      reason: null,
    });
  });

  test('IND-07 without a value says why', () => {
    const reasons = (bars: typeof walk, of: string[]) =>
      setReadings(fed(bars, of), context).map(({ value, ready, reason }) => ({
        value,
        ready,
        reason,
      }));
    const rest = { open: 7, high: 7, low: 7, close: 7, volume: 0 };
    expect(reasons(walk.slice(0, 5), ['RSI_14'])).toEqual([
      { value: null, ready: false, reason: 'warming up: 5 of 15 bars' },
    ]);
    expect(reasons([rest, rest, rest], ['WILLR_3', 'SMA_3_rising'])).toEqual([
      { value: null, ready: false, reason: 'not defined for these bars' },
      { value: null, ready: false, reason: 'not to be told of this bar and the one before' },
    ]);
    const state = fed(walk.slice(0, 20), ['MFI_14']);
    for (const core of state.cores)
      Object.assign(core.state, { window: { ...windowInit(14), fault: 'not today' } });
    for (const reader of state.readers) reader.value = null;
    expect(setReadings(state, context)[0]?.reason).toBe('could not be computed: not today');
    expect(setReadings(setInit(['RSI']), context)[0]).toMatchObject({
      inputsUpTo: null,
      reason: 'warming up: 0 of 15 bars',
    });
  });
});
