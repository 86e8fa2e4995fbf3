import fc from 'fast-check';
import { epochMs } from '../../lib/time.ts';
import {
  register,
  release,
  sweep,
  windowsInUse,
  type IndicatorUses,
  type Usage,
} from './indicator-uses.ts';

const usage = (
  user: string,
  variants: readonly string[],
  windows: readonly string[] = [],
): Usage => ({
  sessionId: 's1',
  marketKey: 'binance_spot_BTC-USDT',
  user,
  needs: { variants: { '1m': variants }, windows },
});
const rsi = usage('one', ['RSI_14'], ['TWPA_300_0']);
const both = usage('two', ['RSI_14', 'SMA_20']);
const keys = (uses: IndicatorUses) =>
  Object.values(uses)
    .map(({ variant }) => variant)
    .sort();

describe('variants in use', () => {
  test('STR-38 are registered by session and market, and shared by those that read the same', () => {
    const uses = register(register({}, rsi), both);
    expect(keys(uses)).toEqual(['RSI_14', 'SMA_20', 'TWPA_300_0']);
    expect(uses['s1/binance_spot_BTC-USDT/1m/RSI_14']).toEqual({
      variant: 'RSI_14',
      marketKey: 'binance_spot_BTC-USDT',
      series: '1m',
      name: 'RSI_14_auto',
      createdBy: 'strategyLoader',
      users: ['one', 'two'],
      unusedSince: null,
    });
    const elsewhere = register(uses, { ...rsi, marketKey: 'binance_spot_ETH-USDT' });
    expect(Object.keys(elsewhere)).toHaveLength(5);
  });

  test('STR-38 those on trades are told by market, each once', () => {
    const other = { ...rsi, sessionId: 's2', user: 'three' };
    const uses = register(register(register({}, rsi), other), both);
    expect([...windowsInUse(uses)]).toEqual([['binance_spot_BTC-USDT', ['TWPA_300_0']]]);
    expect(windowsInUse({}).size).toBe(0);
  });

  test('STR-40 without a user are removed after 60 s, and not before', () => {
    const uses = release(register(register({}, rsi), both), rsi, epochMs(1_000));
    expect(keys(sweep(uses, epochMs(60_999)))).toEqual(['RSI_14', 'SMA_20', 'TWPA_300_0']);
    expect(keys(sweep(uses, epochMs(61_000)))).toEqual(['RSI_14', 'SMA_20']);
  });

  test('STR-40 that are asked for again in time stay', () => {
    const uses = register(release(register({}, rsi), rsi, epochMs(0)), rsi);
    expect(keys(sweep(uses, epochMs(600_000)))).toEqual(['RSI_14', 'TWPA_300_0']);
  });

  test('register and release told twice change nothing, and nobody is released who does not use it', () => {
    const uses = register({}, rsi);
    expect(register(uses, rsi)).toEqual(uses);
    const left = release(uses, rsi, epochMs(0));
    expect(release(left, rsi, epochMs(5_000))).toEqual(left);
    expect(release(uses, both, epochMs(0))).toEqual(uses);
  });

  test('STR-40 a thousand activations leave nothing behind', () => {
    let uses: IndicatorUses = {};
    for (let i = 0; i < 1_000; i += 1) {
      const mine = { ...rsi, sessionId: `session-${i}`, user: `strategy-${i}` };
      uses = sweep(register(uses, mine), epochMs(i * 1_000));
      uses = release(uses, mine, epochMs(i * 1_000));
      // Never more than those of the last minute.
      expect(Object.keys(uses).length).toBeLessThanOrEqual(2 * 61);
    }
    expect(sweep(uses, epochMs(1_000_000 + 60_000))).toEqual({});
  });

  test('prop: a variant is there while somebody uses it, whatever the order', () => {
    const who = fc.constantFrom('a', 'b', 'c');
    const what = fc.subarray(['RSI_14', 'SMA_20', 'EMA_50']);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), who, what), { maxLength: 40 }), (calls) => {
        let uses: IndicatorUses = {};
        const users = new Map<string, Set<string>>();
        calls.forEach(([comes, user, variants], minute) => {
          const mine = usage(user, variants);
          uses = comes ? register(uses, mine) : release(uses, mine, epochMs(minute * 60_000));
          uses = sweep(uses, epochMs((minute + 1) * 60_000));
          for (const variant of variants) {
            const set = users.get(variant) ?? new Set();
            if (comes) set.add(user);
            else set.delete(user);
            users.set(variant, set);
          }
          const used = [...users].filter(([, set]) => set.size > 0).map(([variant]) => variant);
          expect(keys(uses)).toEqual(used.sort());
        });
      }),
    );
  });
});
