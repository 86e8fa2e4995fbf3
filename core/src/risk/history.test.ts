import fc from 'fast-check';
import { aCandidate, aRiskState, at, aWorkingIntent, MIDNIGHT, NOON } from '../order/fixtures.ts';
import type { EntryCandidate } from '../order/gate-context.ts';
import { epochMs } from '../lib/time.ts';
import { remembersFills, riskAfterFill } from './after-fill.ts';
import type { RiskCheck } from './check.ts';
import {
  checkDailyTrades,
  checkPattern,
  checkSymbolCooldown,
  checkSymbolRate,
} from './cooldown.ts';
import { LIMITS } from './limits.ts';
import type { RiskState } from './risk-state.ts';
import { checkStrategyEnabled } from './strategy-enabled.ts';
import { NO_LIMITS } from '../backtest/config.ts';
import {
  orderApproved,
  orderFailed,
  orderFilled,
  signalStorms,
  slippageFactor,
  traderInit,
  type TraderHistory,
} from './trader-history.ts';

const MINUTE = 60_000;
const verdict = (check: RiskCheck<EntryCandidate>, risk: RiskState): string =>
  check(aCandidate({ context: { risk } })).block?.reason ?? 'pass';

type Fill = Parameters<typeof riskAfterFill>[1];
const aFill = (change: Partial<Fill> = {}): Fill => ({
  ...{ symbol: 'BTC-USDT', side: 'BUY', isEntry: true, isFirst: true, at: NOON, closed: null },
  ...change,
});
const after = (fills: readonly Partial<Fill>[], limits = LIMITS.paper): RiskState =>
  fills.reduce((risk, fill) => riskAfterFill(risk, aFill(fill), limits).risk, aRiskState());

describe('cooldowns and counts of a symbol', () => {
  test.each([
    [0, 'symbol_cooldown'],
    [5 * MINUTE - 1, 'symbol_cooldown'],
    [5 * MINUTE, 'pass'],
  ])('RSK-23 RSK-60 RSK-T12 an entry %i ms after the fill: %s', (age, outcome) => {
    expect(verdict(checkSymbolCooldown, after([{ at: at(-age) }]))).toBe(outcome);
  });

  test('RSK-60 a partial fill begins the cooldown anew and is no further trade', () => {
    const risk = after([{ at: at(-10 * MINUTE) }, { at: at(-1_000), isFirst: false }]);
    expect(verdict(checkSymbolCooldown, risk)).toBe('symbol_cooldown');
    expect(risk.tradesToday).toBe(1);
    expect(risk.symbolEntries['BTC-USDT']).toHaveLength(1);
  });

  test('RSK-60 a symbol without a fill has no cooldown: an order that waits starts none', () => {
    expect(verdict(checkSymbolCooldown, aRiskState())).toBe('pass');
  });

  test.each([
    [[-59], 'pass'],
    [[-59, -30], 'symbol_rate_limit'],
    [[-60, -30], 'pass'],
  ])('RSK-24 RSK-T11 with entries filled %j minutes ago: %s', (minutes, outcome) => {
    const risk = after(minutes.map((m) => ({ at: at(m * MINUTE) })));
    expect(verdict(checkSymbolRate, risk)).toBe(outcome);
  });

  test('RSK-24 exits count where the setting says so, entries under way always', () => {
    const exit = { at: at(-20 * MINUTE), isEntry: false, side: 'SELL' } as const;
    const fills = [{ at: at(-30 * MINUTE) }, exit];
    expect(verdict(checkSymbolRate, after(fills))).toBe('pass');
    const all = { ...LIMITS.paper, countSides: 'all' } as const;
    expect(verdict(checkSymbolRate, after(fills, all))).toBe('symbol_rate_limit');
    const pending = aCandidate({
      context: {
        risk: after([{ at: at(-30 * MINUTE) }]),
        workingIntents: [aWorkingIntent({ strategyId: 'trend' })],
      },
    });
    expect(checkSymbolRate(pending).block?.reason).toBe('symbol_rate_limit');
  });

  test.each([
    [49, 0, 'pass'],
    [49, 1, 'daily_trade_limit'],
    [50, 0, 'daily_trade_limit'],
  ])('RSK-29 with %i trades today and %i under way: %s', (tradesToday, pending, outcome) => {
    const context = {
      risk: aRiskState({ tradesToday }),
      workingIntents: Array.from({ length: pending }, () => aWorkingIntent()),
    };
    expect(checkDailyTrades(aCandidate({ context })).block?.reason ?? 'pass').toBe(outcome);
  });

  test('RSK-29 trades of yesterday are not of today', () => {
    const risk = aRiskState({ tradesToday: 50, dayAt: epochMs(MIDNIGHT - 86_400_000) });
    expect(verdict(checkDailyTrades, risk)).toBe('pass');
  });

  test('limits that ask for nothing need no memory and find nothing', () => {
    expect(remembersFills(NO_LIMITS)).toBe(false);
    expect(remembersFills(LIMITS.paper)).toBe(true);
  });
});

describe('patterns of fills', () => {
  const sides = (text: string, stepMs: number): Partial<Fill>[] =>
    Array.from(text, (letter, index) => ({
      side: letter === 'B' ? ('BUY' as const) : ('SELL' as const),
      isEntry: letter === 'B',
      at: at((index - text.length) * stepMs),
    }));

  test('RSK-63 RSK-T10 B-S-B-S within ten minutes blocks the symbol for an hour', () => {
    const risk = after(sides('BSBS', 2 * MINUTE));
    expect(verdict(checkPattern, risk)).toBe('pattern_block');
    const later = aCandidate({ context: { risk, now: at(58 * MINUTE) } });
    expect(checkPattern(later).block?.reason ?? 'pass').toBe('pass');
  });

  test.each([
    ['BSB', 2 * MINUTE, 'pass'],
    ['BSBS', 4 * MINUTE, 'pass'],
    ['BBBBB', 50_000, 'pass'],
    ['BBBBBB', 50_000, 'pattern_block'],
    ['BBBBBB', 70_000, 'pass'],
  ])('RSK-63 %s, one every %i ms: %s', (text, step, outcome) => {
    expect(verdict(checkPattern, after(sides(text, step)))).toBe(outcome);
  });

  test('RSK-63 three round trips in a row that lose block, a profit between them does not', () => {
    const trips = (...ends: ('loss' | 'other')[]) =>
      ends.map((closed, i) => ({
        ...({ side: 'SELL', isEntry: false } as const),
        closed,
        at: at((i - 3) * 20 * MINUTE),
      }));
    expect(verdict(checkPattern, after(trips('loss', 'loss', 'loss')))).toBe('pattern_block');
    expect(verdict(checkPattern, after(trips('loss', 'other', 'loss')))).toBe('pass');
  });

  test('RSK-62 a block is part of the stored state, and one is announced once', () => {
    let risk = aRiskState();
    const told = sides('BSBSBS', MINUTE).map((fill) => {
      const step = riskAfterFill(risk, aFill(fill), LIMITS.paper);
      risk = step.risk;
      return step.blocked;
    });
    expect(told.filter((pattern) => pattern !== null)).toHaveLength(1);
    expect(risk.symbols['BTC-USDT']?.lastSide).toBe('SELL');
  });

  test('prop: fills in any order leave the latest as the last, and lists stay short (RSK-62)', () => {
    const fill = fc.record({ ms: fc.integer({ min: -900_000, max: 0 }), buy: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 40 }), (fills) => {
        const risk = after(
          fills.map(({ ms, buy }) => ({ at: at(ms), side: buy ? 'BUY' : 'SELL' })),
        );
        const history = risk.symbols['BTC-USDT'];
        expect(history?.lastFillAt).toBe(at(Math.max(...fills.map(({ ms }) => ms))));
        expect(history?.fills.length).toBeLessThanOrEqual(12);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what strategies do', () => {
  const fail = (times: number, from?: TraderHistory): TraderHistory =>
    Array.from({ length: times }).reduce<TraderHistory>(
      (known) => orderFailed(known, NOON).trader,
      from ?? traderInit,
    );
  const success = (known: TraderHistory): TraderHistory =>
    orderFilled(known, { at: NOON, slippagePct: 0, maxSlippagePct: 0.5 }).trader;

  test('RSK-66 RSK-T13 ten failures in a row disable; nine, a success and nine do not', () => {
    expect(fail(9).disabled).toBeNull();
    expect(fail(10).disabled?.reason).toBe('order_failures');
    expect(fail(9, success(fail(9))).disabled).toBeNull();
    expect(orderFailed(fail(9), NOON).told?.severity).toBe('CRITICAL');
    expect(orderFailed(fail(10), NOON).told).toBeNull();
  });

  test('RSK-66 a disabled strategy enters nothing until it is enabled', () => {
    expect(verdict(checkStrategyEnabled, aRiskState({ traders: { balanced: fail(10) } }))).toBe(
      'disabled',
    );
    expect(verdict(checkStrategyEnabled, aRiskState({ traders: { balanced: fail(9) } }))).toBe(
      'pass',
    );
  });

  const slip = (pcts: readonly number[]) =>
    pcts.reduce<{ trader: TraderHistory; told: string[] }>(
      ({ trader, told }, slippagePct) => {
        const step = orderFilled(trader, { at: NOON, slippagePct, maxSlippagePct: 0.5 });
        return {
          trader: step.trader,
          told: step.told === null ? told : [...told, step.told.severity],
        };
      },
      { trader: traderInit, told: [] },
    );

  test('RSK-100 an average above 0.3 % over ten orders halves sizes and is told once', () => {
    const ten = Array.from({ length: 12 }, () => 0.31);
    expect(slippageFactor(slip(ten.slice(0, 9)).trader)).toBe(1);
    expect(slippageFactor(slip(ten).trader)).toBe(0.5);
    expect(slip(ten).told).toEqual(['WARNING']);
    expect(slippageFactor(slip([...ten, -5]).trader)).toBe(1);
  });

  test('RSK-100 one fill beyond twice the limit pauses the strategy', () => {
    expect(slip([1]).trader.disabled).toBeNull();
    expect(slip([1.01]).trader.disabled?.reason).toBe('slippage');
  });

  /** Two orders in each of sixty windows of the days before. */
  const steady = (): TraderHistory => {
    let known: TraderHistory = traderInit;
    for (let window = 0; window < 60; window += 1)
      for (const ms of [0, 1_000])
        known = orderApproved(known, at(-3 * 86_400_000 + window * 300_000 + ms)).trader;
    return known;
  };
  const burst = (known: TraderHistory, orders: number) => {
    const told: string[] = [];
    let trader = known;
    for (let index = 0; index < orders; index += 1) {
      const step = orderApproved(trader, at(index));
      trader = step.trader;
      if (step.told !== null) told.push(step.told.severity);
    }
    return { trader, told };
  };

  test('RSK-65 more than twice the usual rate warns once, more than five times pauses', () => {
    expect(burst(steady(), 4)).toMatchObject({ told: [], trader: { disabled: null } });
    expect(burst(steady(), 10)).toMatchObject({ told: ['WARNING'], trader: { disabled: null } });
    expect(burst(steady(), 12)).toMatchObject({
      told: ['WARNING', 'CRITICAL'],
      trader: { disabled: { reason: 'order_rate' } },
    });
  });

  test('RSK-65 before a hundred orders no rate is unusual', () => {
    expect(burst(traderInit, 60).told).toEqual([]);
  });

  test('RSK-67 more than fifty signals within a second are a storm, spread ones are not', () => {
    const signals = (count: number, stepMs: number, strategyId = 'rogue') =>
      Array.from({ length: count }, (_, i) => ({ strategyId, at: at(i * stepMs) }));
    expect(signalStorms(signals(50, 10)).size).toBe(0);
    expect(signalStorms(signals(51, 10)).get('rogue')).toBe(51);
    expect(signalStorms(signals(100, 25)).size).toBe(0);
    expect([...signalStorms([...signals(60, 1), ...signals(20, 1, 'calm')]).keys()]).toEqual([
      'rogue',
    ]);
  });
});
