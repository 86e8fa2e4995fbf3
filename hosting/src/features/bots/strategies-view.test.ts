import type { StrategyStatusDoc } from '@tradewind/contracts/documents/bot';
import type { StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { epochMs } from '@tradewind/core/lib/time';
import type { Loaded } from '../../lib/loaded.ts';
import { strategy, strategyStatus, T0 } from '../../testing/documents.ts';
import { strategiesView } from './strategies-view.ts';

const ready = <T>(...data: readonly T[]): Loaded<T> => ({
  status: 'ready',
  data: [...data],
  faults: [],
  live: true,
});
const view = (
  of: Partial<StrategyDoc>,
  status: Partial<StrategyStatusDoc> | null,
  now: number = T0,
) =>
  strategiesView({
    strategies: ready(strategy(of)),
    statuses: status === null ? ready() : ready(strategyStatus(status)),
    now: epochMs(now),
  }).cards[0];

test('a strategy has a name, its family with its version, and a line for each of its markets', () => {
  const marketKeys = ['binance_spot_BTC-USDT', 'binance_spot_ETH-USDT'];
  expect(view({ marketKeys }, {})).toMatchObject({
    name: 'Cross',
    family: 'sma-cross, version 1',
    status: 'RUNNING',
    lines: [
      { symbol: 'BTC-USDT', readiness: 'Ready to trade' },
      { symbol: 'ETH-USDT', readiness: 'Not evaluated yet' },
    ],
  });
});

test('UI-41 one that does not trade says why in words', () => {
  const block = { reason: 'no_signal', detail: 'crossedAbove: no' } as const;
  expect(view({}, { block, canTrade: false })?.lines[0]).toMatchObject({
    readiness: 'The rules do not hold on this bar',
    detail: 'crossedAbove: no',
  });
});

test('a stopped one is stopped, whatever it said last', () => {
  expect(view({ status: 'STOPPED' }, {})?.lines[0]?.readiness).toBe('Stopped');
});

test('UI-42 an evaluation is stale after its maxAgeMs', () => {
  expect(view({}, {}, T0 + 180_000)?.lines[0]?.evaluated.kind).toBe('fresh');
  expect(view({}, {}, T0 + 180_001)?.lines[0]?.evaluated.kind).toBe('stale');
});

test('while strategies load there are none; a malformed one is told as a fault', () => {
  const pending = { status: 'pending' } as const;
  expect(strategiesView({ strategies: pending, statuses: pending, now: T0 }).cards).toEqual([]);
});
