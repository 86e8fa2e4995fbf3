import fc from 'fast-check';
import { correlationInit, correlationNext } from '../orderflow/correlation.ts';
import {
  correlationOf,
  correlationsBar,
  correlationsForget,
  correlationsInit,
  type CorrelationsState,
} from './correlations.ts';

const STEP = 300_000;
const [BTC, ETH, SOL] = ['binance_spot_BTC-USDT', 'binance_spot_ETH-USDT', 'binance_spot_SOL-USDT'];
const LEADERS = ['BTC-USDT', 'ETH-USDT'];

type Bars = readonly (number | null)[];
/** A walk of closes, the same for the same seed. */
const closes = (length: number, seed: number): number[] =>
  Array.from({ length }, (_, index) => 1_000 + ((index * index * (37 + seed) + seed * 11) % 97));

/** Tells the bars of a market; `null` is one that there is not. */
function tell(state: CorrelationsState, marketKey: string, bars: Bars, from = 0): void {
  bars.forEach((close, index) => {
    if (close !== null) correlationsBar(state, marketKey, { openAt: (from + index) * STEP, close });
  });
}

/** What the pair says that is told slot by slot. */
function expected(a: Bars, b: Bars): number | undefined {
  const state = correlationInit();
  let value: number | undefined;
  a.forEach((each, index) => {
    value = correlationNext(state, { openAt: index * STEP, a: each, b: b[index] ?? null });
  });
  return value;
}

describe('IND-98 correlations of markets with their leaders', () => {
  test('are those of the pair, whichever market is told first', () => {
    const [sol, btc] = [closes(250, 3), closes(250, 8)];
    const value = expected(sol, btc);
    expect(value).toBeDefined();
    const [one, other, mixed] = [LEADERS, LEADERS, LEADERS].map(correlationsInit);
    if (one === undefined || other === undefined || mixed === undefined) throw new Error('three');
    tell(one, SOL, sol);
    expect(correlationOf(one, SOL, 'BTC-USDT')).toBeUndefined();
    tell(one, BTC, btc);
    tell(other, BTC, btc);
    tell(other, SOL, sol);
    sol.forEach((close, index) => {
      tell(
        mixed,
        index % 2 === 0 ? SOL : BTC,
        [index % 2 === 0 ? close : (btc[index] ?? 0)],
        index,
      );
      tell(
        mixed,
        index % 2 === 0 ? BTC : SOL,
        [index % 2 === 0 ? (btc[index] ?? 0) : close],
        index,
      );
    });
    for (const state of [one, other, mixed])
      expect(correlationOf(state, SOL, 'BTC-USDT')).toBe(value);
    expect(correlationOf(one, SOL, 'ETH-USDT')).toBeUndefined();
  });

  test('prop: IND-T17 in any order between markets, with gaps, told twice and restored, the same', () => {
    const bar = fc.oneof(
      { weight: 40, arbitrary: fc.integer({ min: 900, max: 1_100 }) },
      { weight: 1, arbitrary: fc.constant(null) },
    );
    const both = fc.array(fc.tuple(bar, bar), { minLength: 146, maxLength: 420, size: 'max' });
    fc.assert(
      fc.property(both, fc.array(fc.nat({ max: 11 }), { minLength: 1 }), (slots, leads) => {
        // Both are there at the first and the last slot.
        const whole = [[1_000, 1_000] as const, ...slots, [1_001, 1_002] as const];
        const [sol, btc] = [whole.map(([a]) => a), whole.map(([, b]) => b)];
        let state = correlationsInit(LEADERS);
        let told = 0;
        whole.forEach((_, index) => {
          tell(state, SOL, [sol[index] ?? null], index);
          const until = Math.max(told, index - (leads[index % leads.length] ?? 0));
          tell(state, BTC, btc.slice(told, until), told);
          told = until;
          if (index % 50 === 0) {
            state = JSON.parse(JSON.stringify(state)) as CorrelationsState;
            tell(state, SOL, sol.slice(0, index + 1));
          }
        });
        tell(state, BTC, btc.slice(told), told);
        expect(correlationOf(state, SOL, 'BTC-USDT')).toBe(expected(sol, btc));
      }),
      { numRuns: 25 },
    );
  });

  test('a leader that falls silent is unknown after an hour, and known again once it caught up', () => {
    const [sol, btc] = [closes(400, 3), closes(400, 8)];
    const state = correlationsInit(LEADERS);
    tell(state, BTC, btc.slice(0, 200));
    tell(state, SOL, sol.slice(0, 212));
    const before = correlationOf(state, SOL, 'BTC-USDT');
    expect(before).toBe(expected(sol.slice(0, 200), btc.slice(0, 200)));
    tell(state, SOL, sol.slice(212, 230), 212);
    expect(correlationOf(state, SOL, 'BTC-USDT')).toBeUndefined();
    tell(state, BTC, btc.slice(200, 230), 200);
    expect(correlationOf(state, SOL, 'BTC-USDT')).toBe(
      expected(sol.slice(0, 230), btc.slice(0, 230)),
    );
    // Two days without it: what it misses cannot be made good, and a day later it is known again.
    const long = closes(2_000, 5);
    tell(state, SOL, long.slice(230, 1_000), 230);
    tell(state, BTC, long.slice(900, 1_000), 900);
    expect(correlationOf(state, SOL, 'BTC-USDT')).toBeUndefined();
    tell(state, SOL, long.slice(1_000, 1_100), 1_000);
    tell(state, BTC, long.slice(1_000, 1_100), 1_000);
    expect(correlationOf(state, SOL, 'BTC-USDT')).toBeCloseTo(1, 9);
  });

  test('leaders are those of the same venue and kind, and lead each other', () => {
    const state = correlationsInit(LEADERS);
    const bars = closes(200, 2);
    tell(state, BTC, bars);
    tell(state, ETH, bars);
    tell(state, 'binance_futures_SOL-USDT', bars);
    expect(correlationOf(state, ETH, 'BTC-USDT')).toBeCloseTo(1, 12);
    expect(correlationOf(state, BTC, 'ETH-USDT')).toBeCloseTo(1, 12);
    expect(correlationOf(state, BTC, 'BTC-USDT')).toBe(1);
    expect(correlationOf(state, 'binance_futures_SOL-USDT', 'BTC-USDT')).toBeUndefined();
  });

  test('a market that is forgotten is unknown, and begins anew', () => {
    const state = correlationsInit(LEADERS);
    const bars = closes(200, 2);
    for (const market of [BTC, SOL]) tell(state, market, bars);
    correlationsForget(state, SOL);
    expect(correlationOf(state, SOL, 'BTC-USDT')).toBeUndefined();
    expect(Object.keys(state.pairs)).not.toContain(SOL);
    tell(state, SOL, bars);
    expect(correlationOf(state, SOL, 'BTC-USDT')).toBeCloseTo(1, 12);
  });

  test('a bar between the slots is refused in words', () => {
    expect(() => {
      correlationsBar(correlationsInit(LEADERS), SOL, { openAt: STEP + 1, close: 1 });
    }).toThrow('begins at a multiple of five minutes');
  });

  test('IND-98 costs the same for each bar: what is kept of a market does not grow', () => {
    const state = correlationsInit(LEADERS);
    const size = (): number => JSON.stringify(state).split(',').length;
    for (const market of [BTC, SOL]) tell(state, market, closes(300, 2));
    const early = size();
    for (const market of [BTC, SOL]) tell(state, market, closes(3_000, 2).slice(300), 300);
    expect(size()).toBe(early);
  });
});
