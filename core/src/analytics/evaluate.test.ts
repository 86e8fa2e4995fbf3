import { conditionVariant, parseVariant } from '../indicator/variant-name.ts';
import { twpa } from '../orderflow/time-weighted.ts';
import { evaluate } from './evaluate.ts';
import { readingOf } from './reading-of.ts';
import { advance, feed, fresh, START, walk } from './testing.ts';

const END = START + 25 * 60_000;

/** 25 minutes of trades, then a rise of one step a second for 20 s. */
function risen() {
  const state = fresh({
    variants: [
      { series: '1m', name: 'WMA_10' },
      { series: '1m', name: 'RSI_14_above_1' },
    ],
  });
  const ticks = walk(25 * 60);
  feed(state, ticks);
  const last = ticks.at(-1);
  if (last === undefined) throw new Error('trades');
  for (let second = 1; second <= 20; second += 1)
    feed(state, [
      { ...last, id: `up${second}`, at: END + second * 1_000, price: last.price + second * 30 },
    ]);
  return state;
}

describe('variants as of now', () => {
  const state = risen();
  const now = END + 20_000;

  test('IND-09 a window that rises by more than ε since one refresh ago', () => {
    expect(evaluate(state, 'TWPA_60_0_rising', now).value).toBe(1);
    expect(evaluate(state, 'TWPA_60_0_falling', now).value).toBe(0);
    const before = twpa(state.tape, { t1: 60, t2: 0 }, now - 10_000) ?? 0;
    const after = twpa(state.tape, { t1: 60, t2: 0 }, now) ?? 0;
    const between = ((before + after) / 2) * state.steps.tickSize;
    expect(evaluate(state, `TWPA_60_0_crossUp_${between.toFixed(4)}`, now).value).toBe(1);
    expect(evaluate(state, `TWPA_60_0_crossDown_${between.toFixed(4)}`, now).value).toBe(0);
    expect(evaluate(state, `TWPA_60_0_above_${between.toFixed(4)}`, now).value).toBe(1);
    expect(evaluate(state, `TWPA_60_0_below_${between.toFixed(4)}`, now).value).toBe(0);
  });

  test('IND-T18 a name that is none is refused in words', () => {
    expect(() => evaluate(state, 'TWPA_0_300', now)).toThrow('older');
    expect(parseVariant('TWPA_300_0_rising').ok).toBe(true);
  });

  test.each([
    'pump_magnitude_pct',
    'volume_surge_ratio',
    'price_momentum',
    'spread_pct',
    'twpa',
    'velocity',
    'volatility',
    'trade_rate',
    'cvd',
    'imbalance',
    'price',
  ])('IND-40 the condition %s has a value or says why not', (condition) => {
    const variant = conditionVariant(condition);
    if (!variant.ok) throw new Error(variant.error.message);
    const { value, reason } = evaluate(state, variant.value, now);
    if (condition === 'cvd') expect(reason).toContain('95 %');
    else expect(Number.isFinite(value)).toBe(true);
  });

  test('values come in quote and base units', () => {
    const last = state.tape.cells[(state.tape.count - 1) * 9 + 1] ?? 0;
    expect(evaluate(state, 'PRICE', now).value).toBeCloseTo(last * 0.01, 9);
    expect(Math.abs(evaluate(state, 'DELTA_60_0', now).value ?? 0)).toBeLessThan(1_000);
  });

  test('MD-50 a window with too few trades says how many it has', () => {
    expect(evaluate(state, 'IMBALANCE_60_0', END + 55_000)).toEqual({
      value: null,
      estimated: false,
      reason: expect.stringMatching(/^\d+ of 60 trades in 60 s$/) as string,
    });
    expect(evaluate(state, 'TWPA_3600_0', now).reason).toContain('% of 3600 s covered');
    expect(evaluate(fresh(), 'PRICE', START).reason).toBe('no trade yet');
    expect(evaluate(fresh(), 'SPREAD_PCT', START).reason).toContain('200 trades');
  });
});

describe('readings', () => {
  const state = risen();
  advance(state, END + 2_000);
  const ask = { dataQuality: 0.6, now: END + 20_000 };

  test('IND-08 IND-05 of a window: provisional, up to the last trade', () => {
    expect(readingOf(state, { name: 'MOMENTUM', ...ask })).toEqual({
      name: 'MOMENTUM',
      variantId: 'MOMENTUM_60_0',
      marketKey: 'sandbox:spot:BTC-USDT',
      timeframe: null,
      window: { t1: 60, t2: 0 },
      value: expect.any(Number) as number,
      ready: true,
      reason: null,
      provisional: true,
      estimated: false,
      dataQuality: 0.6,
      ts: END + 20_000,
      inputsUpTo: END + 20_000,
    });
    expect(readingOf(state, { name: 'SPREAD_PCT', ...ask })).toMatchObject({
      estimated: true,
      window: null,
    });
  });

  test('IND-08 of closed bars: final, up to the last one, of what every series has or a further variant', () => {
    for (const name of ['RSI', 'WMA_10', 'RSI_14_above_1'])
      expect(readingOf(state, { name, timeframe: '1m', ...ask })).toMatchObject({
        timeframe: '1m',
        window: null,
        ready: true,
        provisional: false,
        inputsUpTo: END,
      });
    expect(readingOf(state, { name: 'RSI_14_above_1', timeframe: '1m', ...ask }).value).toBe(1);
  });

  test('IND-05 of a forming bar: what it would be if that closed now, and nothing is kept of it', () => {
    const before = JSON.stringify(state);
    const question = { name: 'RSI', timeframe: '1m', ...ask } as const;
    const closed = readingOf(state, question);
    const forming = readingOf(state, { ...question, isForming: true });
    expect(forming).toMatchObject({ provisional: true, inputsUpTo: END + 20_000 });
    // The trades since have risen.
    expect(forming.value).toBeGreaterThan(closed.value ?? 100);
    expect(JSON.stringify(state)).toBe(before);
    const silent = fresh();
    expect(readingOf(silent, { ...question, isForming: true })).toMatchObject({
      provisional: false,
      inputsUpTo: null,
    });
  });

  test('IND-09 variants of one computation share it with what every series has', () => {
    const { cores } = state.indicators['1m'].set;
    expect(cores.filter(({ base }) => base === 'RSI').length).toBe(1);
    expect(cores.length).toBe(fresh().indicators['1m'].set.cores.length + 1);
  });

  test('what is not computed or not ready says so', () => {
    const reason = (name: string, timeframe: '1m' | '1h') =>
      readingOf(state, { name, timeframe, ...ask }).reason;
    expect(reason('WMA_11', '1m')).toContain('name it among the variants');
    expect(reason('EMA_200', '1m')).toMatch(/^warming up: \d+ of 200 bars$/);
    expect(reason('RSI_14', '1h')).toBe('warming up: 0 of 15 bars');
    expect(() => readingOf(state, { name: 'RSI_14', ...ask })).toThrow('name their timeframe');
    expect(readingOf(fresh(), { name: 'PRICE', dataQuality: 0, now: START })).toMatchObject({
      ready: false,
      inputsUpTo: null,
    });
    const early = fresh();
    feed(early, walk(70, { everyMs: 4_000 }));
    advance(early, START + 72_000);
    expect(
      readingOf(early, { name: 'OBV', timeframe: '1m', dataQuality: 1, now: START + 70_000 })
        .reason,
    ).toContain('of 60 trades');
  });

  test('a variant that is none is refused when analytics begin', () => {
    expect(() => fresh({ variants: [{ series: '1m', name: 'NOPE_3' }] })).toThrow('NOPE_3');
    expect(() => fresh({ variants: [{ series: '1m', name: 'TWPA_60_0' }] })).toThrow('closed bars');
  });
});
