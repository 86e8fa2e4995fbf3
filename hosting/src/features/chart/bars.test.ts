import { encode } from 'zod';
import { chunkDoc, type ChunkDoc } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { chunkOf, livePrice, signal, T0 } from '../../testing/documents.ts';
import { barsOf, formingNext, grouped, withForming, type Bar } from './bars.ts';
import { emaLine } from './ema-line.ts';
import { markersOf, MAX_MARKERS } from './markers.ts';

const at = (minute: number) => epochMs(T0 + minute * 60_000);
const bar = (minute: number, close: number): Bar => ({
  openAt: at(minute),
  open: close - 1,
  high: close + 2,
  low: close - 3,
  close,
  volume: 1,
});
const tick = (minute: number, px: string) =>
  livePrice({ at: epochMs(at(minute) + 5_000), price: price(px) });

test('UI-20 a tick moves high, low and close and never the open', () => {
  const ticks = ['100', '105', '98', '101'].map((px) => tick(0, px));
  const formed = ticks.reduce<Bar | null>((before, live) => formingNext(before, live), null);
  expect(formed).toEqual({ openAt: at(0), open: 100, high: 105, low: 98, close: 101, volume: 0 });
});

test('a new minute starts its own bar, an older price changes nothing', () => {
  const first = formingNext(null, tick(1, '100'));
  expect(formingNext(first, tick(2, '102'))).toMatchObject({ openAt: at(2), open: 102 });
  expect(formingNext(first, tick(0, '1'))).toBe(first);
});

test('a closed minute replaces the one that was forming', () => {
  const forming = formingNext(null, tick(1, '100'));
  expect(withForming([bar(0, 10), bar(1, 11)], forming)).toHaveLength(2);
  expect(withForming([bar(0, 10)], forming)).toHaveLength(2);
});

test('minutes group to real open, high, low and close, the last group as far as it is', () => {
  const bars = Array.from({ length: 7 }, (_, i) => bar(i, 100 + i));
  expect(grouped(bars, 300_000)).toEqual([
    { openAt: at(0), open: 99, high: 106, low: 97, close: 104, volume: 5 },
    { openAt: at(5), open: 104, high: 108, low: 102, close: 106, volume: 2 },
  ]);
});

test('chunks that come newest first, and twice, give each minute once and in order', () => {
  const candle = (minute: number): ChunkDoc['candles'][number] => ({
    openAt: at(minute),
    open: price('1'),
    high: price('1'),
    low: price('1'),
    close: price('1'),
    volume: qty('1'),
    buyVolume: null,
    quoteVolume: money('1'),
    trades: 1,
    gapFilled: false,
    buyTrades: null,
    incomplete: false,
    revision: 0,
    source: 'trades',
  });
  const chunk = (minute: number): ChunkDoc => chunkOf({ candles: [candle(minute)] });
  expect(encode(chunkDoc, chunk(1))).toBeDefined();
  expect(barsOf([chunk(60), chunk(1), chunk(1)]).map(({ openAt }) => openAt)).toEqual([
    at(1),
    at(60),
  ]);
});

test('an average is drawn from where it is ready', () => {
  const bars = [1, 2, 3].map((close, i) => bar(i, close));
  expect(emaLine(bars, 2)).toEqual([
    { openAt: at(1), value: 1.5 },
    { openAt: at(2), value: 2.5 },
  ]);
});

test('UI-T04 of 600 signals the newest 500 are marked, each once', () => {
  const signals = Array.from({ length: 600 }, (_, i) =>
    signal({ signalId: `s${i}`, barCloseAt: at(i + 1) }),
  );
  const markers = markersOf(
    { signals: [...signals, ...signals], orders: [] },
    'binance_spot_BTC-USDT',
    60_000,
  );
  expect(markers).toHaveLength(MAX_MARKERS);
  expect(markers[0]?.openAt).toBe(at(100));
});

test('UI-21 an entry is an arrow below the bar that was decided on', () => {
  const [marker] = markersOf(
    { signals: [signal({ barCloseAt: at(1) })], orders: [] },
    'binance_spot_BTC-USDT',
    60_000,
  );
  expect(marker).toMatchObject({ openAt: at(0), shape: 'arrowUp', above: false, color: '#4CAF50' });
});
