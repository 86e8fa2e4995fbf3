import fc from 'fast-check';
import { BASES } from './bases.ts';
import { conditionVariant, parseVariant } from './variant-name.ts';

const parsed = (name: string) => {
  const result = parseVariant(name);
  return result.ok ? result.value : result.error;
};

describe('the name of a variant', () => {
  test('IND-T18 IND-09 of a window has a base, t1, t2 and a predicate', () => {
    expect(parsed('TWPA_300_0_rising')).toEqual({
      id: 'TWPA_300_0_rising',
      base: 'TWPA',
      kind: 'window',
      type: 'price',
      parameters: [300, 0],
      predicate: { kind: 'rising' },
      createdBy: 'system',
    });
  });

  test.each([
    ['RSI_14_above_70', 'RSI', [14], { kind: 'above', threshold: 70 }],
    ['MACD_12_26_9', 'MACD', [12, 26, 9], null],
    [
      'MACD_HISTOGRAM_12_26_9_crossUp_0',
      'MACD_HISTOGRAM',
      [12, 26, 9],
      { kind: 'crossUp', threshold: 0 },
    ],
    ['BB_20_2.5', 'BB', [20, 2.5], null],
    ['WILLR_14_below_-80', 'WILLR', [14], { kind: 'below', threshold: -80 }],
    ['SMA_20_crossDown_0.00000001', 'SMA', [20], { kind: 'crossDown', threshold: 1e-8 }],
    ['PATTERN_DOJI', 'PATTERN_DOJI', [], null],
    ['CVD_1H_falling', 'CVD_1H', [], { kind: 'falling' }],
    ['VOLUME_SURGE_300_900', 'VOLUME_SURGE', [300, 900], null],
    ['VELOCITY_60_240', 'VELOCITY', [60, 240], null],
  ])('%s is read, and written the same', (name, base, parameters, predicate) => {
    expect(parsed(name)).toMatchObject({ id: name, base, parameters, predicate });
  });

  test('IND-09 of the same parameters is the same, however it is written', () => {
    for (const name of ['RSI', 'RSI_14', 'RSI_014', 'RSI_14.0'])
      expect(parsed(name)).toMatchObject({ id: 'RSI_14' });
    expect(parsed('MACD_12_26_9_above_-0')).toMatchObject({ id: 'MACD_12_26_9_above_0' });
    expect(parseVariant('RSI', 'user-1')).toMatchObject({
      value: { createdBy: 'user-1', id: 'RSI_14' },
    });
  });

  test.each([
    ['TWPA_0_300', 'parameters', 'the first must be the older'],
    ['TWPA_300_300', 'parameters', 'the first must be the older'],
    ['TWPA_-300_0', 'parameters', 'not -300'],
    ['TWPA_300_-1', 'parameters', 'not -1'],
    ['VOLUME_SURGE_0_900', 'parameters', 'not 0'],
    ['RSI_-14', 'parameters', 'not -14'],
    ['RSI_0', 'parameters', 'not 0'],
    ['RSI_1.5', 'parameters', 'whole numbers'],
    ['RSI_14_3', 'parameters', 'takes 1 numbers, such as 14, not 2'],
    ['RSI_1000000000', 'parameters', '1 to 5000'],
    ['WMA_5000', 'parameters', '1 to 500'],
    ['OBV_3', 'parameters', 'takes 0 numbers'],
    ['MACD_26_12_9', 'parameters', 'the shorter period first'],
    ['MACD_12_12_9', 'parameters', 'the shorter period first'],
    ['MACD_12', 'parameters', 'such as 12_26_9'],
    ['RSI_14_above', 'predicate', '"above" is none of rising'],
    ['RSI_14_above_x', 'predicate', 'is none of'],
    ['RSI_14_rising_3', 'predicate', 'is none of'],
    ['RSI_14_RISING', 'predicate', 'is none of'],
    [`RSI_14_above_0.${'0'.repeat(30)}1`, 'predicate', 'is none of'],
    ['NONSENSE_14', 'unknown-base', 'does not begin with'],
    ['', 'unknown-base', 'does not begin with'],
    ['rsi_14', 'unknown-base', 'does not begin with'],
    ['constructor', 'unknown-base', 'does not begin with'],
    [`RSI${'_1'.repeat(5_000)}`, 'unknown-base', 'does not begin with'],
  ])('IND-10 IND-T18 %.40s is refused, and it says why', (name, kind, message) => {
    const fault = parsed(name);
    expect(fault).toMatchObject({ kind });
    expect('message' in fault ? fault.message : '').toContain(message);
  });

  test('prop: what is read of a name gives the same name again', () => {
    const suffix = fc.oneof(
      fc.constantFrom('', '_rising', '_falling'),
      fc
        .tuple(
          fc.constantFrom('above', 'below', 'crossUp', 'crossDown'),
          fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
        )
        .map(([kind, threshold]) => `_${kind}_${threshold.toFixed(8)}`),
    );
    fc.assert(
      fc.property(fc.constantFrom(...BASES.keys()), suffix, (base, end) => {
        const first = parsed(base + end);
        expect(first).toHaveProperty('id');
        if ('id' in first) expect(parsed(first.id)).toEqual(first);
      }),
    );
  });

  test('prop: any text is either read or refused in words', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const result = parseVariant(text);
        if (!result.ok) expect(result.error.message.length).toBeGreaterThan(10);
      }),
    );
  });
});

describe('IND-40 a condition', () => {
  test.each([
    ['pump_magnitude_pct', 'PUMP_MAGNITUDE_300_0'],
    ['volume_surge_ratio', 'VOLUME_SURGE_300_900'],
    ['price_momentum', 'MOMENTUM_60_0'],
    ['rsi', 'RSI_14'],
    ['spread_pct', 'SPREAD_PCT'],
    ['twpa', 'TWPA_300_0'],
    ['velocity', 'VELOCITY_60_240'],
    ['volatility', 'VOLATILITY_TICK_300_0'],
    ['trade_rate', 'TRADE_RATE_60_0'],
    ['cvd', 'CVD_1H'],
    ['imbalance', 'IMBALANCE_60_0'],
    ['price', 'PRICE'],
    ['ADX_14_above_25', 'ADX_14_above_25'],
  ])('%s means %s', (condition, id) => {
    expect(conditionVariant(condition)).toMatchObject({ ok: true, value: { id } });
  });

  test("takes the strategy's own parameters", () => {
    expect(conditionVariant('rsi', [7])).toMatchObject({ value: { id: 'RSI_7' } });
    expect(conditionVariant('twpa', [0, 300])).toMatchObject({ ok: false });
    expect(conditionVariant('mood')).toMatchObject({ error: { kind: 'unknown-base' } });
  });
});
