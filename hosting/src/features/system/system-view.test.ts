import { epochMs } from '@tradewind/core/lib/time';
import { T0 } from '../../testing/documents.ts';
import { feed, usageDay, workerBeat } from '../../testing/market-documents.ts';
import { feedRows, usageView } from './system-view.ts';

test('MD-67 each connection of a shard has a row, with the age of its last message', () => {
  const kraken = feed({ venue: 'kraken', state: 'STALE', lastMessageAt: null });
  const rows = feedRows(
    [workerBeat({ feeds: [feed(), kraken] }), workerBeat({ component: 'cycle', feeds: [] })],
    T0,
  );
  expect(rows.map(({ id, messageAge }) => [id, messageAge])).toEqual([
    ['cycle', null],
    ['worker-0 binance spot', 200],
    ['worker-0 kraken spot', null],
  ]);
});

test('half a day at the same pace makes a whole one, and thirty make the month', () => {
  const view = usageView(usageDay(), { bots: 3, workers: 1 });
  expect(view?.total).toMatchObject({ reads: 39_000, writes: 69_300 });
  expect(view?.counted).toBe(0.5);
  expect(view?.month.operations.writes).toBeCloseTo(30 * 2 * 69_300, 6);
  expect(view?.month.compute.worker).toBeGreaterThan(40);
  expect(view?.groups[0]?.[0]).toBe('chunks');
});

test('a day that has just begun makes no month of nothing', () => {
  const began = usageDay({ updatedAt: epochMs(Date.UTC(2027, 0, 15)) });
  expect(usageView(began, { bots: 0, workers: 0 })?.month.firestore.usd).toBe(0);
  expect(usageView(undefined, { bots: 0, workers: 0 })).toBeUndefined();
});
