import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import { price } from '../lib/units.ts';
import { allocationExits, type Allocated } from './allocation-exits.ts';
import { HOLD_LIMITS, isHeldBack, isHeldTooLong } from './hold-time.ts';
import { correlatedShare, correlationWith, leaderMove, losesFrom, mayAct } from './leader-dump.ts';
import { armProtection, effectiveStop, onPrice } from './protection.ts';
import { protectionPctsFor, tighten, tightened, trailingPct } from './trailing.ts';

const START = 10_000_000;
const t = (seconds: number) => epochMs(START + seconds * 1_000);

describe('leaders', () => {
  const prices = (...pairs: (readonly [number, number])[]) =>
    pairs.map(([second, p]) => ({ at: t(second), price: p }));

  test.each([
    [prices([0, 100], [299, 98.5]), 'fall'],
    [prices([0, 100], [299, 98.51]), null],
    [prices([0, 100], [299, 101.5]), 'rise'],
    [prices([-2, 100], [299, 98]), null],
    [prices([299, 98]), null],
    [[], null],
  ] as const)('PF-75 %j is a %s', (seen, move) => {
    expect(leaderMove(seen, t(299))).toBe(move);
  });

  test('PF-75 a leader is acted on once in fifteen minutes', () => {
    expect(mayAct(undefined, t(0))).toBe(true);
    expect(mayAct(t(0), t(899))).toBe(false);
    expect(mayAct(t(0), t(900))).toBe(true);
  });

  test.each([
    ['fall', 'LONG', 0.7, true],
    ['fall', 'LONG', 0.69, false],
    ['fall', 'SHORT', 0.9, false],
    ['fall', 'SHORT', -0.7, true],
    ['rise', 'SHORT', 0.7, true],
    ['rise', 'LONG', 0.9, false],
    ['rise', 'LONG', -0.7, true],
  ] as const)(
    'PF-76 PF-T14 a %s with a %s of correlation %s makes it lose: %s',
    (move, side, correlation, loses) => {
      expect(losesFrom(move, side, correlation)).toBe(loses);
    },
  );

  test('PF-77 an unknown correlation counts as 1 for crypto that is LONG', () => {
    const spot = 'binance_spot_SOL-USDT';
    expect(correlationWith({ side: 'LONG', marketKey: spot }, null)).toBe(1);
    expect(correlationWith({ side: 'LONG', marketKey: spot }, Number.NaN)).toBe(1);
    expect(correlationWith({ side: 'SHORT', marketKey: 'binance_futures_SOL-USDT' }, null)).toBe(0);
    expect(correlationWith({ side: 'LONG', marketKey: 'broker_equity_ACME-USD' }, null)).toBe(0);
    expect(correlationWith({ side: 'LONG', marketKey: spot }, 0.2)).toBe(0.2);
  });

  test('PF-60 the share that follows a leader is of gross exposure', () => {
    expect(
      correlatedShare([
        { value: 300, correlation: 0.7 },
        { value: -100, correlation: 0.1 },
      ]),
    ).toBe(0.75);
    expect(correlatedShare([])).toBeNull();
  });
});

describe('hold times', () => {
  test.each([
    [299.9, false],
    [300, true],
    [302, true],
  ])('PF-55 PF-T15 a scalp that was held for %s s must go: %s', (seconds, isOver) => {
    expect(
      isHeldTooLong(HOLD_LIMITS.scalping, {
        openedAt: t(0),
        now: t(seconds),
        stopBeyondEntry: false,
      }),
    ).toBe(isOver);
  });

  test('PF-55 an extension adds half while the stop is beyond break-even', () => {
    const extended = { ...HOLD_LIMITS.scalping, extend: true };
    const held = (now: number, stopBeyondEntry: boolean) =>
      isHeldTooLong(extended, { openedAt: t(0), now: t(now), stopBeyondEntry });
    expect([held(300, false), held(300, true), held(449, true), held(450, true)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(
      isHeldTooLong(HOLD_LIMITS.none, { openedAt: t(0), now: t(1e6), stopBeyondEntry: false }),
    ).toBe(false);
  });

  test.each([
    ['ZE1', null, 29, true],
    ['ZE1', null, 30, false],
    ['take_profit', 0.4, 29, true],
    ['take_profit', 0.5, 29, false],
    ['E1', 0.1, 1, false],
    ['stop_loss', -1, 1, false],
    ['dump', null, 1, false],
    ['health', null, 1, false],
    ['circuit_breaker', null, 1, false],
    ['manual', null, 1, false],
  ] as const)('PF-56 %s at %s R after %s s is held back: %s', (reason, inR, seconds, isBack) => {
    expect(isHeldBack(HOLD_LIMITS.scalping, { openedAt: t(0), now: t(seconds), reason, inR })).toBe(
      isBack,
    );
  });
});

describe('shares that have outgrown', () => {
  const one = (
    positionId: string,
    value: number,
    pnlPct: number | null,
    change: Partial<Allocated> = {},
  ): Allocated => ({
    ...{ positionId, value, pnlPct, assetClass: 'crypto', targetPct: null },
    ...change,
  });
  const cap = () => 25;

  test('PF-81 profit exits go by class, and are nearer while a class is over its cap', () => {
    expect(allocationExits([one('a', 100, 25), one('b', 100, 24.9)], 10_000, cap)).toEqual(['a']);
    expect(allocationExits([one('a', 2_700, 2)], 10_000, cap)).toEqual(['a']);
    expect(allocationExits([one('a', 2_700, 1.9)], 10_000, cap)).toEqual([]);
    const stock = { assetClass: 'stocks' } as const;
    expect(
      allocationExits(
        [one('a', 100, 10, stock), one('b', 100, 99, { assetClass: 'options' })],
        10_000,
        cap,
      ),
    ).toEqual(['a']);
  });

  test('PF-82 PF-T16 the most profitable go first, and it ends when the class is back', () => {
    const held = [one('a', 1_000, 3), one('b', 1_000, 9), one('c', 1_000, 5)];
    expect(allocationExits(held, 10_000, cap)).toEqual(['b']);
  });

  test('PF-82 a position with its own nearer target keeps it', () => {
    expect(allocationExits([one('a', 100, 25, { targetPct: 10 })], 10_000, cap)).toEqual([]);
    expect(allocationExits([one('a', 100, 25, { targetPct: 40 })], 10_000, cap)).toEqual(['a']);
  });

  test('RSK-74 what makes no profit is sold only beyond 1.25 times the cap', () => {
    expect(allocationExits([one('a', 3_100, -5)], 10_000, cap)).toEqual([]);
    expect(allocationExits([one('a', 3_200, -5)], 10_000, cap)).toEqual(['a']);
    expect(allocationExits([one('a', 1_700, -5), one('b', 1_500, -1)], 10_000, cap)).toEqual(['b']);
  });
});

describe('trailing distances', () => {
  test.each([
    ['regular', null, 0.5],
    ['forex', null, 0.5],
    ['meme', null, 17.5],
    ['meme', 1, 15],
    ['meme', 50, 20],
    ['stock', null, 1],
    ['option', null, 25],
    ['regular', 2, 2],
  ] as const)('PF-40 a %s with a wish of %s trails by %s %%', (type, wished, pct) => {
    expect(trailingPct(type, wished)).toBe(pct);
  });

  test('PF-40 a document that asks for what is usual gets it by what is traded', () => {
    const wish = { stopLossPct: 30, takeProfitPct: 50, trailingStopPct: 'class' } as const;
    const of = (marketKey: string, symbol: string, trailing: number | 'class' | null = 'class') =>
      protectionPctsFor({ ...wish, trailingStopPct: trailing }, { marketKey, symbol });
    expect(of('binance_spot_BTC-USDT', 'BTC-USDT')).toMatchObject({ trailingStopPct: 0.5 });
    expect(of('binance_spot_PEPE-USDT', 'PEPE-USDT')).toMatchObject({ trailingStopPct: 17.5 });
    expect(of('alpaca_equity_AAPL-USD', 'AAPL-USD')).toMatchObject({ trailingStopPct: 1 });
    expect(of('binance_spot_BTC-USDT', 'BTC-USDT', 2)).toMatchObject({ trailingStopPct: 2 });
    expect(of('binance_spot_BTC-USDT', 'BTC-USDT', null).trailingStopPct).toBeNull();
  });

  test('PF-47 tightening is proportional, or 0.3 % for all, and never wider', () => {
    expect(tightened(0.5, 'proportional')).toBeCloseTo(0.3);
    expect(tightened(17.5, 'proportional')).toBeCloseTo(10.5);
    expect(tightened(17.5, 'absolute')).toBe(0.3);
    expect(tightened(0.2, 'absolute')).toBe(0.2);
  });

  const plan = {
    stopLossPct: 5,
    takeProfitPct: 10,
    trailingStopPct: 0.5,
    stopAt: null,
    targetAt: null,
  };

  test('PF-47 a tightened stop stays tightened, and is tightened once', () => {
    const armed = armProtection(price('50000'), plan, 'LONG');
    const once = tighten(armed, 'LONG');
    expect(once.trailingStop).toBe(price('49850'));
    expect(tighten(once, 'LONG')).toBe(once);
    const none = tighten(
      armProtection(price('50000'), { ...plan, trailingStopPct: null }, 'SHORT'),
      'SHORT',
    );
    expect(effectiveStop(none, 'SHORT').price).toBe(price('51500'));
  });

  test('prop: PF-40 PF-47 whatever happens, the effective stop only ever moves in favour', () => {
    const step = fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.constant('tighten' as const));
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom('LONG', 'SHORT'),
        (steps, side) => {
          let protection = armProtection(price('50000'), plan, side);
          for (const next of steps) {
            const before = effectiveStop(protection, side).price;
            protection =
              next === 'tighten'
                ? tighten(protection, side)
                : onPrice(protection, side, price(String(next))).protection;
            const after = effectiveStop(protection, side).price;
            expect(side === 'LONG' ? after >= before : after <= before).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
