import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { orderNews } from './order-news.ts';

const order = (changes: Partial<OrderDoc> = {}): OrderDoc => ({
  orderId: 'tw1',
  venueOrderId: '1',
  bookId: 'paper',
  intentId: 'i1',
  signalId: 's1',
  strategyId: 'balanced',
  positionId: 'p1',
  marketKey: 'binance_spot_BTC-USDT',
  symbol: 'BTC-USDT',
  action: 'ENTER',
  side: 'BUY',
  type: 'MARKET',
  timeInForce: 'GTC',
  quantity: qty('2'),
  limitPrice: null,
  stopPrice: null,
  expectedPrice: price('100'),
  closeReason: null,
  status: 'SUBMITTED',
  filledQuantity: qty('0'),
  filledQuote: money('0'),
  averagePrice: null,
  fees: money('0'),
  slippagePct: null,
  rejectionReason: null,
  errorCode: null,
  marks: {
    signalAt: null,
    decidedAt: null,
    claimedAt: null,
    sentAt: null,
    ackAt: null,
    firstFillAt: null,
    doneAt: null,
  },
  createdAt: epochMs(0),
  filledAt: null,
  updatedAt: epochMs(0),
  version: 1,
  ...changes,
});

const news = (before: Partial<OrderDoc>, after: Partial<OrderDoc>) =>
  orderNews(order(before), order({ version: 2, ...after }));
const exit = { action: 'EXIT', side: 'SELL' } as const;

test.each([
  ['a filled entry', {}, { status: 'FILLED', filledQuantity: qty('2') }, ['entryFilled']],
  [
    'a first part of an entry',
    {},
    { status: 'PARTIAL', filledQuantity: qty('1') },
    ['entryFilled'],
  ],
  [
    'a second part of an entry',
    { status: 'PARTIAL', filledQuantity: qty('1') },
    { status: 'FILLED', filledQuantity: qty('2') },
    [],
  ],
  [
    'an entry cancelled half way',
    { status: 'PARTIAL', filledQuantity: qty('1') },
    { status: 'CANCELLED', filledQuantity: qty('1') },
    ['partiallyFilled'],
  ],
  ['a filled exit', exit, { ...exit, status: 'FILLED', filledQuantity: qty('2') }, ['exitFilled']],
  [
    'a late fill of a cancelled exit',
    { ...exit, status: 'CANCELLED', filledQuantity: qty('1') },
    { ...exit, status: 'CANCELLED', filledQuantity: qty('2') },
    ['exitFilled'],
  ],
  ['a rejection', {}, { status: 'REJECTED' }, ['failed']],
  ['an order that was never sent', {}, { status: 'NOT_SENT' }, ['failed']],
  ['an order that expired unfilled', {}, { status: 'EXPIRED' }, ['failed']],
  ['a cancellation that a person asked for', {}, { status: 'CANCELLED' }, []],
  ['an unclear answer', {}, { status: 'UNKNOWN' }, ['becameUnknown']],
  [
    'an unclear answer that was cleared up',
    { status: 'UNKNOWN' },
    { status: 'FILLED', filledQuantity: qty('2') },
    ['entryFilled', 'becameKnown'],
  ],
  ['an acknowledgement', {}, { status: 'ACKNOWLEDGED' }, []],
] as const)('%s has its news', (_, before, after, expected) => {
  expect(news(before, after)).toEqual(expected);
});

test('ARC-54 an event that is not newer than what was before tells nothing', () => {
  const filled = { status: 'FILLED', filledQuantity: qty('2') } as const;
  expect(orderNews(order({ version: 2 }), order({ ...filled, version: 2 }))).toEqual([]);
});

test('an order that is first seen filled has news too', () => {
  expect(orderNews(undefined, order({ status: 'FILLED', filledQuantity: qty('2') }))).toEqual([
    'entryFilled',
  ]);
});
