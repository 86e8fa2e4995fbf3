import type { ChunkDoc } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import type { Loaded } from '../../lib/loaded.ts';
import { chunkOf, T0 } from '../../testing/documents.ts';
import { analytics, minute, streamedChunk } from '../../testing/market-documents.ts';
import { imbalanceOf, marketView } from './market-view.ts';

const loaded = (...chunks: readonly ChunkDoc[]): Loaded<ChunkDoc> => ({
  status: 'ready',
  data: chunks,
  faults: [],
  live: true,
});
const known = (chunks: Loaded<ChunkDoc>, now = T0) => {
  const view = marketView(chunks, now);
  if (view.kind !== 'known') throw new Error(`the view is ${view.kind}`);
  return view;
};

test('IND-50 a minute’s delta is bought less sold, and they add up across chunks', () => {
  const hour = (hours: number) => epochMs(T0 - hours * 3_600_000);
  const view = known(
    loaded(
      chunkOf({ hourAt: hour(0), candles: [minute(1, 1.5), minute(0, 0.5)] }),
      chunkOf({ hourAt: hour(1), candles: [minute(2, 2)] }),
    ),
  );
  expect(view.minutes.map(({ delta, cvd }) => [delta, cvd])).toEqual([
    [2, 2],
    [1, 3],
    [-1, 2],
  ]);
});

test('where the source does not tell who bought there is no delta, not a zero', () => {
  const { minutes } = known(loaded(chunkOf({ candles: [minute(1, null), minute(0, 2)] })));
  expect(minutes.map(({ delta, cvd }) => [delta, cvd])).toEqual([
    [null, null],
    [2, 2],
  ]);
  expect(imbalanceOf(minutes)).toBeNull();
});

test('the last imbalance is bought over sold', () => {
  const { minutes } = known(loaded(chunkOf({ candles: [minute(0, 1.5)] })));
  expect(imbalanceOf(minutes)).toBe(3);
});

test('MD-50 a reading that is not ready stays unknown, in its row and column', () => {
  const { readings } = known(loaded(streamedChunk()));
  expect(readings).toEqual([
    { name: 'ADX_14', values: { '1m': null } },
    { name: 'CVD_SESSION', values: { stream: -3.25 } },
    { name: 'RSI_14', values: { '1m': 55.123456, '5m': 48.5 } },
  ]);
});

test('a new hour without analytics still shows those of the hour before', () => {
  const before = streamedChunk({ hourAt: epochMs(T0 - 3_600_000) });
  const view = known(loaded(chunkOf({ candles: [minute(0, 1)] }), before));
  expect(view.analytics).toEqual(analytics());
  expect(view.profiles).toHaveLength(2);
});

test.each([
  [180_000, 'fresh'],
  [180_001, 'stale'],
])('UI-02 what was written %i ms ago is %s', (age, kind) => {
  expect(known(loaded(streamedChunk()), epochMs(T0 + age)).age.kind).toBe(kind);
});

test('loading, failure and nothing are told apart', () => {
  expect(marketView({ status: 'pending' }, T0).kind).toBe('loading');
  expect(marketView({ status: 'error', message: 'x' }, T0).kind).toBe('failed');
  expect(marketView(loaded(), T0).kind).toBe('empty');
});
