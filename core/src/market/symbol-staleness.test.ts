import fc from 'fast-check';
import {
  maySymbolEnter,
  maySymbolStop,
  medianGapMs,
  staleAfterMs,
  symbolHalted,
  symbolInit,
  symbolReopened,
  symbolStatus,
  symbolTrade,
  type SymbolState,
} from './symbol-staleness.ts';

const T = 1_700_000_000_000;
const OPEN = { isOpen: true };

const everyMs = (gap: number, many = 100): SymbolState => {
  const state = symbolInit();
  for (let index = 0; index < many; index += 1) symbolTrade(state, T + index * gap);
  return state;
};

describe('a symbol', () => {
  test.each([
    ['ten times a second', 100, 10_000],
    ['once a second', 1_000, 21_000],
    ['every three seconds', 3_000, 61_000],
    ['once a minute', 60_000, 120_000],
  ])('MD-61 that trades %s is stale after %i ms gaps of silence for %i ms', (_, gap, limit) => {
    const state = everyMs(gap);
    expect(staleAfterMs(state)).toBe(limit);
    expect(symbolStatus(state, state.lastTradeAt + limit, OPEN)).toBe('live');
    expect(symbolStatus(state, state.lastTradeAt + limit + 1, OPEN)).toBe('stale');
  });

  test('MD-61 pauses entries and not stops while stale, both before its first trade', () => {
    expect([maySymbolEnter('stale'), maySymbolStop('stale')]).toEqual([false, true]);
    const unknown = symbolStatus(symbolInit(), T, OPEN);
    expect([unknown, maySymbolEnter(unknown), maySymbolStop(unknown)]).toEqual([
      'unknown',
      false,
      false,
    ]);
  });

  test('MD-68 of a closed market is closed, not stale', () => {
    const state = everyMs(100);
    expect(symbolStatus(state, T + 86_400_000, { isOpen: false })).toBe('closed');
  });

  test('MD-T13 MD-68 that is halted fires no stop, and goes on with its first trade after it', () => {
    const state = everyMs(100);
    symbolHalted(state);
    const now = state.lastTradeAt + 600_000;
    for (const step of [
      () => undefined,
      () => {
        symbolReopened(state);
      },
    ]) {
      step();
      const status = symbolStatus(state, now, OPEN);
      expect([status, maySymbolEnter(status), maySymbolStop(status)]).toEqual([
        'halted',
        false,
        false,
      ]);
    }
    symbolTrade(state, now);
    expect(symbolStatus(state, now + 1, OPEN)).toBe('live');
  });

  test('MD-68 stays halted while trades of before the halt still come in', () => {
    const state = everyMs(100);
    symbolHalted(state);
    symbolTrade(state, state.lastTradeAt + 5);
    expect(symbolStatus(state, state.lastTradeAt, OPEN)).toBe('halted');
  });

  test('a time that is not a number is stale', () => {
    expect(symbolStatus(everyMs(100), Number.NaN, OPEN)).toBe('stale');
  });

  test('prop: MD-61 knows the median of the last 64 gaps to 50 ms, wherever its state is cut by JSON', () => {
    const gaps = fc.array(fc.nat(5_999), { minLength: 1, maxLength: 150 });
    fc.assert(
      fc.property(gaps, fc.nat(150), (list, cut) => {
        let state = symbolInit();
        let at = T;
        symbolTrade(state, at);
        list.forEach((gap, index) => {
          at += gap;
          symbolTrade(state, at);
          if (index === cut) state = JSON.parse(JSON.stringify(state)) as SymbolState;
        });
        const last = list.slice(-64).sort((a, b) => a - b);
        const median = last[Math.ceil(last.length / 2) - 1] ?? 0;
        expect(medianGapMs(state)).toBe((Math.floor(median / 50) + 1) * 50);
      }),
    );
  });
});
