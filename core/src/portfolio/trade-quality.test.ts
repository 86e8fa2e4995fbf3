import { anInstrument, at } from '../order/fixtures.ts';
import { price, qty } from '../lib/units.ts';
import type { Side } from '../order/intent.ts';
import { applyFill } from './apply-fill.ts';
import type { FillEffect } from './fill-effect.ts';
import type { Position } from './position.ts';
import { onPrice } from './protection.ts';

const instrument = anInstrument({ market: 'futures' });

type Step = { readonly side: Side; readonly px: string; readonly decided: string };

function booked(position: Position | null, { side, px, decided }: Step): FillEffect {
  const effect = applyFill({
    position,
    fill: {
      fillId: `${side}-${px}`,
      orderId: 'tw1',
      side,
      price: price(px),
      quantity: qty('2'),
      fee: qty('0'),
      feeCurrency: 'USDT',
      at: at(0),
    },
    order: {
      intentId: 'i1',
      positionId: 'p1',
      strategyId: 'trend',
      bookId: 'paper',
      marketKey: instrument.marketKey,
      symbol: 'BTC-USDT',
      side,
      closeReason: null,
      expectedPrice: price(decided),
      remaining: qty('0'),
    },
    instrument,
    protection: {
      stopLossPct: 5,
      takeProfitPct: 50,
      trailingStopPct: null,
      stopAt: null,
      targetAt: null,
    },
  });
  if (!effect.ok) throw new Error(effect.error.kind);
  return effect.value;
}

const seen = (position: Position, ...prices: readonly string[]): Position => ({
  ...position,
  protection: prices.reduce(
    (protection, px) => onPrice(protection, position.side, price(px)).protection,
    position.protection,
  ),
});

test('PF-51 PF-14 a round trip knows its R, how far it went for and against it, and its slippage', () => {
  const opened = booked(null, { side: 'BUY', px: '100', decided: '99' }).position;
  const { trade } = booked(seen(opened, '98', '110', '105'), {
    side: 'SELL',
    px: '106',
    decided: '107',
  });
  expect(trade).toMatchObject({ initialStop: price('95'), maePct: -2, mfePct: 10 });
  // 12 made, 10 risked.
  expect(trade?.rMultiple).toBeCloseTo(1.2);
  expect(trade?.slippageInPct).toBeCloseTo(100 / 99);
  expect(trade?.slippageOutPct).toBeCloseTo(100 / 107);
  // Six of ten percent were taken, two of five to the stop were needed.
  expect(trade?.efficiency).toBeCloseTo(60 * 0.6 + 40 * 0.6);
});

test('PF-51 of a SHORT all of it is mirrored, and its exit counts among the prices that it saw', () => {
  const opened = booked(null, { side: 'SELL', px: '100', decided: '101' }).position;
  const { trade } = booked(seen(opened, '103', '97'), { side: 'BUY', px: '104', decided: '103' });
  expect(trade).toMatchObject({ initialStop: price('105'), maePct: -4, mfePct: 3 });
  expect(trade?.rMultiple).toBeCloseTo(-0.8);
  expect(trade?.slippageInPct).toBeCloseTo(100 / 101);
  expect(trade?.slippageOutPct).toBeCloseTo(100 / 103);
});

test('PF-51 a tightened stop changes nothing of what R is measured in', () => {
  const opened = booked(null, { side: 'BUY', px: '100', decided: '100' }).position;
  const tightened = { ...opened, protection: { ...opened.protection, stopLoss: price('99') } };
  expect(booked(tightened, { side: 'SELL', px: '95', decided: '95' }).trade?.rMultiple).toBeCloseTo(
    -1,
  );
});
