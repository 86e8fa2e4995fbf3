import type { ClockDoc } from '@tradewind/contracts/documents/market';
import { book, T0 } from '../../testing/documents.ts';
import { modeView } from './mode-view.ts';

const clock = (over: Partial<ClockDoc>): ClockDoc => ({
  origin: T0,
  startedAt: T0,
  speed: 1,
  feed: 'sandbox',
  dataOrigin: 'live',
  ...over,
});

test.each([
  ['live', 'synthetic', 'SIMULATED'],
  ['synthetic', 'live', 'SIMULATED'],
  ['live', 'recorded', 'RECORDED'],
  ['recorded', 'synthetic', 'SIMULATED'],
] as const)('a %s book on a %s market says %s', (origin, dataOrigin, word) => {
  expect(modeView(book({ origin }), clock({ dataOrigin })).origin?.word).toBe(word);
});

test('a live book on the live market says neither, and speed 1 is not mentioned', () => {
  expect(modeView(book({ origin: 'live', mode: 'full' }), undefined)).toEqual({
    mode: { word: 'FULL', tone: 'negative' },
    origin: null,
    speed: null,
  });
  expect(modeView(book(), clock({ speed: 60 })).speed).toBe('×60');
});
