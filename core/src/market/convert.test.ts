import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import { notional, price, priceOfSteps, qty, qtyOfSteps } from '../lib/units.ts';
import type { Bar } from './bar.ts';
import { barOfCandle, barValues, candleOf, candleValues, tickOf, vwapOf } from './convert.ts';
import { gridOf } from './grid.ts';
import type { Trade } from './market.ts';

const GRID = gridOf({ tickSize: price('0.01'), lotSize: qty('0.00001') });
const bar: Bar = {
  openAt: 60_000,
  open: 6_183_763,
  high: 6_200_000,
  low: 6_100_000,
  close: 6_150_000,
  volume: 250_000,
  buyVolume: 100_000,
  turnover: 1_540_000_000_000,
  trades: 9,
  buyTrades: 4,
  gapFilled: true,
  incomplete: false,
};
const trade = (rough: Partial<Trade> = {}): Trade => ({
  marketKey: 'binance_spot_BTC-USDT',
  tradeId: '3735683259',
  price: price('61837.63'),
  size: qty('0.02'),
  side: 'sell',
  at: epochMs(1_723_161_255_342),
  ...rough,
});

describe('steps and units', () => {
  test('MD-41 a bar becomes a candle exactly, and back', () => {
    const candle = candleOf(bar, GRID);
    expect(candle).toMatchObject({
      open: price('61837.63'),
      volume: qty('2.5'),
      buyVolume: qty('1'),
      trades: 9,
      gapFilled: true,
      revision: 0,
      source: 'trades',
    });
    expect(barOfCandle(candle, GRID)).toEqual(bar);
  });

  test('MD-33 MD-46 a candle says which revision it is, and whose', () => {
    expect(candleOf(bar, GRID, { revision: 2, source: 'venue' })).toMatchObject({
      revision: 2,
      source: 'venue',
    });
  });

  test('prop: MD-41 every whole number of steps survives, on any grid', () => {
    const grids = fc.constantFrom(
      GRID,
      gridOf({ tickSize: price('0.00000001'), lotSize: qty('1') }),
      gridOf({ tickSize: price('0.25'), lotSize: qty('0.000000000001') }),
      gridOf({ tickSize: price('0.0000000001'), lotSize: qty('0.0000000000001') }),
    );
    const count = fc.integer({ min: 1, max: 2 ** 50 });
    fc.assert(
      fc.property(grids, count, count, (grid, px, size) => {
        const made = tickOf(
          trade({ price: priceOfSteps(grid.tick, px), size: qtyOfSteps(grid.lot, size) }),
          grid,
        );
        expect(made).toMatchObject({ price: px, size });
        const turnover = Math.min(px, 2 ** 20) * Math.min(size, 2 ** 30);
        const again = barOfCandle(candleOf({ ...bar, turnover }, grid), grid);
        if (grid.tick * grid.lot >= 10n ** 18n) expect(again?.turnover).toBe(turnover);
      }),
    );
  });

  test('a quote volume that is finer than 18 decimals is rounded down, once and not for every trade', () => {
    const fine = gridOf({ tickSize: price('0.0000000001'), lotSize: qty('0.0000000001') });
    const { quoteVolume } = candleOf({ ...bar, turnover: 250 }, fine);
    expect(quoteVolume).toBe(notional(priceOfSteps(fine.tick, 250), fine.lot, 'floor'));
    expect(quoteVolume).toBe(2n);
  });

  test.each([
    ['a price off the grid', { price: price('61837.635') }],
    ['a size off the grid', { size: qty('0.000001') }],
    ['no price', { price: price('0') }],
    ['no size', { size: qty('0') }],
    ['a price beyond what a float counts', { price: price('100000000000000') }],
  ])('a trade with %s is not a tick', (_, rough) => {
    expect(tickOf(trade(rough), GRID)).toBeUndefined();
  });

  test.each([
    ['3735683259', 3_735_683_259],
    ['0', 0],
    ['007', '007'],
    ['9007199254740993', '9007199254740993'],
    ['a-1', 'a-1'],
  ])('MD-30 the id %j is remembered as %j', (tradeId, id) => {
    expect(tickOf(trade({ tradeId }), GRID)).toMatchObject({ id, isBuy: false });
  });

  test('a candle that does not tell what was bought is not a bar, and still has its values', () => {
    const candle = { ...candleOf(bar, GRID), buyVolume: null, buyTrades: null };
    expect(barOfCandle(candle, GRID)).toBeUndefined();
    expect(candleValues(candle)).toMatchObject({ open: 61_837.63, volume: 2.5 });
    expect(barOfCandle({ ...candleOf(bar, GRID), open: price('0.005') }, GRID)).toBeUndefined();
  });

  test('indicators read floats, and the volume-weighted price only where something traded', () => {
    expect(barValues(bar, GRID).close).toBeCloseTo(61_500, 9);
    expect(vwapOf(bar, GRID)).toBeCloseTo(61_600, 9);
    expect(vwapOf({ ...bar, volume: 0, turnover: 0 }, GRID)).toBeUndefined();
  });
});
