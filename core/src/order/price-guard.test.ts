import * as fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import { price, qty } from '../lib/units.ts';
import type { Instruction } from './intent.ts';
import { requotedPrice, withPriceGuard } from './price-guard.ts';

const entry = (change: Partial<Instruction> = {}): Instruction => ({
  intentId: 'intent-1',
  bookId: 'paper',
  strategyId: 'balanced',
  marketKey: 'binance_spot_BTC-USDT',
  symbol: 'BTC-USDT',
  signalId: 'signal-1',
  positionId: null,
  action: 'ENTER',
  direction: 'LONG',
  side: 'BUY',
  type: 'MARKET',
  quantity: qty('0.1'),
  limitPrice: null,
  timeInForce: 'GTC',
  reduceOnly: false,
  closeReason: null,
  suggestedStop: null,
  suggestedTarget: null,
  expectedPrice: price('50000'),
  expectedAt: epochMs(1),
  expiresAt: epochMs(2),
  ...change,
});
const grid = { tickSize: price('0.1'), maxSlippagePct: 0.5 };

test.each([
  ['BUY', '50250'],
  ['SELL', '49750'],
] as const)(
  'a %s at the market may get no worse than 0.5 %% beyond its price (EXE-12)',
  (side, limit) => {
    expect(withPriceGuard(entry({ side }), grid)).toMatchObject({
      type: 'LIMIT',
      timeInForce: 'IOC',
      limitPrice: price(limit),
    });
  },
);

test('exits and limit orders are left alone (EXE-12)', () => {
  const exit = entry({ action: 'EXIT', side: 'SELL', reduceOnly: true });
  expect(withPriceGuard(exit, grid)).toBe(exit);
  const limit = entry({ type: 'LIMIT', limitPrice: price('1') });
  expect(withPriceGuard(limit, grid)).toBe(limit);
});

test('a price that has no worst price above nothing stays at the market', () => {
  const sale = entry({ side: 'SELL' });
  expect(withPriceGuard(sale, { ...grid, maxSlippagePct: 100 })).toBe(sale);
});

test.each([
  ['BUY', '50250', '49000', '49245'],
  ['BUY', '50250', '50100', '50250'],
  ['SELL', '49750', '51000', '50745'],
  ['SELL', '49750', '49900', '49750'],
] as const)(
  'a %s with the worst price %s is quoted anew at a market of %s with %s, and never worse',
  (side, before, now, wanted) => {
    const quote = { ...grid, price: price(now) };
    expect(requotedPrice({ side, limitPrice: price(before) }, quote)).toBe(price(wanted));
  },
);

test('the limit is on the grid, and rounding never makes it worse than was asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 2_000_000_000 }),
      fc.constantFrom('BUY', 'SELL'),
      (raw, side) => {
        const expectedPrice = price((raw / 1_000).toFixed(3));
        const { limitPrice } = withPriceGuard(entry({ side, expectedPrice }), grid);
        if (limitPrice === null) throw new Error('a guarded entry has a limit');
        expect(limitPrice % grid.tickSize).toBe(0n);
        const exact = expectedPrice * (side === 'BUY' ? 1005n : 995n);
        if (side === 'BUY') expect(limitPrice * 1000n).toBeLessThanOrEqual(exact);
        else expect(limitPrice * 1000n).toBeGreaterThanOrEqual(exact);
      },
    ),
    { numRuns: 200 },
  );
});
