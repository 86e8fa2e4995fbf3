import { epochMs } from '@tradewind/core/lib/time';
import { book, order, T0 } from '../../testing/documents.ts';
import { toastEvents, type ToastEvent, type ToastFacts } from './toast-events.ts';
import { stillShown, withEvents } from './toast-queue.ts';

const facts = (over: Partial<ToastFacts> = {}): ToastFacts => ({
  orders: { status: 'ready', data: [], faults: [], live: true },
  trades: { status: 'ready', data: [], faults: [], live: true },
  book: book(),
  online: true,
  ...over,
});
const withOrder = (over: Parameters<typeof order>[0]) =>
  facts({ orders: { status: 'ready', data: [order(over)], faults: [], live: true } });
const event = (key: string): ToastEvent => ({
  key,
  kind: 'fill',
  tone: 'positive',
  text: key,
  route: 'orders',
});

test('UI-64 a fill, a rejection and a pause are told', () => {
  const texts = (after: ToastFacts) => toastEvents(facts(), after).map(({ text }) => text);
  expect(texts(withOrder({}))).toEqual(['BUY 0.1 BTC-USDT filled at 10,000.00']);
  expect(texts(withOrder({ status: 'REJECTED', rejectionReason: 'no funds' }))).toEqual([
    'BUY BTC-USDT rejected: no funds',
  ]);
  expect(texts(facts({ book: book({ status: 'PAUSED' }) }))).toEqual(['Paper is paused']);
});

test('what was there at the first look is history, and nothing is told twice', () => {
  expect(toastEvents(facts({ orders: { status: 'pending' } }), withOrder({}))).toEqual([]);
  expect(toastEvents(withOrder({}), withOrder({}))).toEqual([]);
});

test('at most four at once, and more than three of a kind become one', () => {
  const three = withEvents([], ['a', 'b', 'c'].map(event), T0);
  expect(three).toHaveLength(3);
  const [group, ...rest] = withEvents(three, [event('d'), event('e')], T0);
  expect(rest).toEqual([]);
  expect(group?.text).toBe('5 orders filled');
});

test('success goes after five seconds, an error stays', () => {
  const shown = withEvents([], [event('a'), { ...event('b'), tone: 'negative' }], T0);
  expect(stillShown(shown, epochMs(T0 + 5_000)).map(({ key }) => key)).toEqual(['b']);
});
