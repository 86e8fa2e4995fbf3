import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { createInbox } from './feed-inbox.ts';
import type { FeedTrade } from './venue.ts';

const forever = new AbortController().signal;
const trade = (id: number, marketKey = 'binance_spot_BTC-USDT'): FeedTrade => ({
  marketKey,
  tradeId: String(id),
  price: price('1'),
  size: qty('1'),
  side: 'buy',
  at: epochMs(id),
  receivedAt: epochMs(1_000 + id),
});
const now = () => epochMs(5_000);
const idsOf = (trades: readonly FeedTrade[]): number[] => trades.map(({ tradeId }) => +tradeId);

test('nothing that arrives between two reads is lost, and nothing comes twice', async () => {
  const inbox = createInbox(now);
  inbox.trade(trade(1));
  inbox.trade(trade(2));
  const first = await inbox.next(forever);
  expect(idsOf(first.trades)).toEqual([1, 2]);
  expect(first.receivedAt).toBe(1_001);
  const waiting = inbox.next(forever);
  inbox.trade(trade(3));
  inbox.trade(trade(4));
  expect(idsOf((await waiting).trades)).toEqual([3, 4]);
});

test('MD-70 the oldest trades beyond the bound are lost, and a fault of their market says how many', async () => {
  const inbox = createInbox(now, 5);
  for (let id = 1; id <= 23; id += 1) inbox.trade(trade(id, id <= 10 ? 'a' : 'b'));
  const { trades, faults } = await inbox.next(forever);
  expect(idsOf(trades)).toEqual([19, 20, 21, 22, 23]);
  expect(faults.map(({ kind, marketKey, count }) => [kind, marketKey, count])).toEqual([
    ['overflow', 'a', 10],
    ['overflow', 'b', 8],
  ]);
  inbox.trade(trade(24));
  expect(await inbox.next(forever)).toMatchObject({ faults: [] });
});

test('of quotes only the newest of each market is kept', async () => {
  const inbox = createInbox(now);
  const quote = (marketKey: string, bid: string, at: number) => ({
    marketKey,
    bid: price(bid),
    bidSize: qty('1'),
    ask: price('9'),
    askSize: qty('1'),
    at: epochMs(at),
    receivedAt: epochMs(at),
  });
  inbox.quote(quote('a', '1', 10));
  inbox.quote(quote('b', '2', 11));
  inbox.quote(quote('a', '3', 12));
  const { quotes, receivedAt } = await inbox.next(forever);
  expect(quotes.map(({ marketKey, bid }) => [marketKey, bid])).toEqual([
    ['a', price('3')],
    ['b', price('2')],
  ]);
  expect(receivedAt).toBe(10);
});

test('MD-06 faults of one kind and market are counted, and their text is bounded', async () => {
  const inbox = createInbox(now);
  for (let i = 0; i < 3; i += 1)
    inbox.fault('unreadable', { marketKey: 'a', what: 'x'.repeat(1_000_000) });
  inbox.fault('frame', { marketKey: null, what: 'rubbish' });
  const { faults } = await inbox.next(forever);
  expect(faults).toEqual([
    { kind: 'unreadable', marketKey: 'a', count: 3, what: 'x'.repeat(200) },
    { kind: 'frame', marketKey: null, count: 1, what: 'rubbish' },
  ]);
});

test('what arrived before a failure is handed out before it is thrown, again and again', async () => {
  const inbox = createInbox(now);
  inbox.trade(trade(1));
  inbox.fail(new Error('cut'));
  inbox.fail(new Error('later'));
  expect(idsOf((await inbox.next(forever)).trades)).toEqual([1]);
  await expect(inbox.next(forever)).rejects.toThrow('cut');
  await expect(inbox.next(forever)).rejects.toThrow('cut');
});
