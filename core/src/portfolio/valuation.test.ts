import { aPosition, BTC } from '../order/fixtures.ts';
import { money, price, qty } from '../lib/units.ts';
import { addDust } from './dust.ts';
import { bookValue } from './valuation.ts';

const ETH = 'binance_spot_ETH-USDT';
const crumb = { quantity: qty('0.000005'), cost: money('0.25'), entryFees: money('0.01') };

test('RSK-31 PF-31 equity is cash and all that is held at market, dust included', () => {
  expect(
    bookValue({
      cash: money('900'),
      positions: [aPosition()],
      dust: { [BTC]: crumb },
      prices: { [BTC]: price('60000') },
    }),
  ).toEqual({
    cash: money('900'),
    inventory: money('120.3'),
    equity: money('1020.3'),
    unrealized: money('20.05'),
    attachedFees: money('0.11'),
  });
});

test('a book with a price missing has no value, rather than a wrong one', () => {
  const book = { cash: money('900'), positions: [aPosition()], dust: {} };
  expect(bookValue({ ...book, prices: {} })).toBeUndefined();
  expect(bookValue({ ...book, prices: { [BTC]: undefined } })).toBeUndefined();
  const withDust = { ...book, positions: [], dust: { [ETH]: crumb } };
  expect(bookValue({ ...withDust, prices: { [BTC]: price('1') } })).toBeUndefined();
});

test('what holds nothing needs no price', () => {
  const nothing = { quantity: qty('0'), cost: money('0'), entryFees: money('0') };
  const closed = aPosition({ status: 'CLOSED', ...nothing });
  const value = bookValue({
    cash: money('900'),
    positions: [closed],
    dust: { [ETH]: nothing },
    prices: {},
  });
  expect(value?.equity).toBe(money('900'));
});

test('a SHORT in a spot book is a bug and says so', () => {
  const positions = [aPosition({ side: 'SHORT' })];
  expect(() => bookValue({ cash: money('0'), positions, dust: {}, prices: {} })).toThrow(
    'Invariant: a spot book holds no SHORT',
  );
});

test('dust of one market adds up and that of others stays', () => {
  const once = addDust({ [ETH]: crumb }, { marketKey: BTC, left: crumb });
  expect(addDust(once, { marketKey: BTC, left: crumb })).toEqual({
    [ETH]: crumb,
    [BTC]: { quantity: qty('0.00001'), cost: money('0.5'), entryFees: money('0.02') },
  });
});
