import { epochMs } from '@tradewind/core/lib/time';
import type { Timeframe } from '@tradewind/core/market/market';
import { wakesFor } from './wake-bots.ts';

const BTC = 'binance_spot_BTC-USDT';
const bot = (
  botId: string,
  over: { timeframe?: Timeframe; marketKey?: string; bookId?: string } = {},
) => ({
  botId,
  bookId: 'paper',
  marketKey: BTC,
  timeframe: '1m' as const,
  ...over,
});
const minute = (n: number) => epochMs(n * 60_000);

test('ARC-28 one bar makes one task per book, with the same id each time', () => {
  const bots = [bot('trend'), bot('balanced'), bot('other', { bookId: 'b.2' })];
  const wakes = wakesFor(bots, BTC, minute(7));
  expect(wakes).toEqual([
    { id: `bar-7-paper-${BTC}-0`, payload: { bookId: 'paper', botIds: ['balanced', 'trend'] } },
    { id: `bar-7-b_2-${BTC}-0`, payload: { bookId: 'b.2', botIds: ['other'] } },
  ]);
  expect(
    wakesFor([...bots].reverse(), BTC, minute(7))
      .map(({ id }) => id)
      .sort(),
  ).toEqual(wakes.map(({ id }) => id).sort());
});

test('bots on longer bars wake when their own bar ends, those of other markets do not', () => {
  const bots = [
    bot('fast'),
    bot('slow', { timeframe: '5m' }),
    bot('eth', { marketKey: 'binance_spot_ETH-USDT' }),
  ];
  const woken = (n: number) =>
    wakesFor(bots, BTC, minute(n)).flatMap((each) => each.payload.botIds);
  expect(woken(7)).toEqual(['fast']);
  expect(woken(10)).toEqual(['fast', 'slow']);
});

test('fifty bots go into one task', () => {
  const bots = Array.from({ length: 120 }, (_, n) => bot(`bot${n}`));
  expect(wakesFor(bots, BTC, minute(1)).map(({ payload }) => payload.botIds.length)).toEqual([
    50, 50, 20,
  ]);
});
