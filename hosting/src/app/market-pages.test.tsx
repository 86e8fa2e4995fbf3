import { boardDoc, chunkDoc, marketDoc } from '@tradewind/contracts/documents/market';
import { heartbeatDoc, usageDayDoc } from '@tradewind/contracts/documents/system';
import { epochMs } from '@tradewind/core/lib/time';
import { act, screen, within } from '@testing-library/react';
import { board, livePrice, T0 } from '../testing/documents.ts';
import { feed, market, streamedChunk, usageDay, workerBeat } from '../testing/market-documents.ts';
import { deskWorld, renderDesk, stored } from '../testing/render-desk.tsx';
import type { FakeWorld } from '../testing/fake-ports.ts';

const CHUNKS = 'markets/binance_spot_BTC-USDT/chunks';

function marketWorld(): FakeWorld {
  const world = deskWorld('viewer');
  world.put('markets', { btc: stored(marketDoc, market()) });
  world.put(CHUNKS, { h: stored(chunkDoc, streamedChunk()) });
  world.put('heartbeats', { w: stored(heartbeatDoc, workerBeat()) });
  world.put('usage', { today: stored(usageDayDoc, usageDay()) });
  return world;
}

const open = (world: FakeWorld, page: string): void => {
  location.hash = page;
  renderDesk(world);
};
afterEach(() => {
  location.hash = '';
});

describe('the market’s page', () => {
  test('shows flow, profile, zones and readings, and says that they are simulated', () => {
    open(marketWorld(), '#/market');
    const flow = within(screen.getByRole('region', { name: 'Order flow' }));
    expect(flow.getByText('buy')).toBeTruthy();
    expect(flow.getByText('absorption')).toBeTruthy();
    expect(flow.getByText('simulated')).toBeTruthy();
    expect(flow.getByRole('img', { name: /Delta of 30 minutes/ })).toBeTruthy();
    const profile = within(screen.getByRole('region', { name: 'Market profile' }));
    expect(profile.getByText('10,005.00')).toBeTruthy();
    const zones = within(screen.getByRole('region', { name: 'Zones and gaps' }));
    expect(zones.getByText('demand')).toBeTruthy();
    expect(zones.getByText('25 % filled')).toBeTruthy();
  });

  test('MD-50 MD-51 what is not ready is a dash with the reason, never a zero', () => {
    open(marketWorld(), '#/market');
    const readings = within(screen.getByRole('region', { name: 'Readings' }));
    const row = readings.getByRole('row', { name: /ADX 14/ });
    expect(row.textContent).toContain('–');
    expect(readings.getByText(/3 of 50 bars/)).toBeTruthy();
  });

  test('UI-02 what is older than its age is greyed and says so', () => {
    const world = marketWorld();
    const at = epochMs(T0 - 240_000);
    world.put(CHUNKS, { h: stored(chunkDoc, streamedChunk({ updatedAt: at })) });
    open(world, '#/market');
    const flow = screen.getByRole('region', { name: 'Order flow' });
    expect(within(flow).getByText('stale 4 min')).toBeTruthy();
    expect(flow.querySelector('[data-stale="true"]')).not.toBeNull();
  });

  test.each([
    ['MD-12', { conflict: true }, 'sources disagree'],
    ['MD-62', { degraded: true, dataQuality: 0.3 }, 'fallback price'],
    ['MD-61', { stale: true }, /no trade for/],
  ])('%s a price that is marked %j says so', (_, marks, word) => {
    const world = marketWorld();
    world.put('livePrices', { 'worker-0': stored(boardDoc, board(livePrice(marks))) });
    open(world, '#/market');
    expect(screen.getAllByText(word).length).toBeGreaterThan(0);
  });

  test('without a worker’s analytics it says what is missing', () => {
    const world = marketWorld();
    const bare = streamedChunk({ analytics: null, profiles: [], zones: [], gaps: [] });
    world.put(CHUNKS, { h: stored(chunkDoc, bare) });
    open(world, '#/market');
    expect(screen.getByText('No readings yet')).toBeTruthy();
    expect(screen.getByText('No profile yet')).toBeTruthy();
    expect(screen.getAllByText('not enough data').length).toBe(3);
  });
});

describe('the system page', () => {
  test('MD-67 names each feed with its state, stale symbols and skew', () => {
    const world = marketWorld();
    const troubled = feed({
      state: 'STALE',
      staleSymbols: ['ETH-USDT', 'SOL-USDT'],
      skewMs: 5_400,
    });
    world.put('heartbeats', { w: stored(heartbeatDoc, workerBeat({ feeds: [troubled] })) });
    open(world, '#/system');
    const row = screen.getByRole('row', { name: /worker-0/ });
    for (const text of ['binance spot', 'stale', 'ETH-USDT, SOL-USDT', '5400'])
      expect(row.textContent).toContain(text);
  });

  test('tells what today cost, by collection, and a month of such days', () => {
    open(marketWorld(), '#/system');
    const usage = within(screen.getByRole('region', { name: 'Usage and cost' }));
    expect(usage.getByText('39,000 reads, 69,300 writes, 0 deletes')).toBeTruthy();
    expect(usage.getByRole('row', { name: /chunks/ }).textContent).toContain('36,000');
    expect(
      usage.getByText(/^Firestore \d+\.\d\d USD, compute \d+\.\d\d USD, together/),
    ).toBeTruthy();
  });

  test('ARC-56 tells what became of the events of each topic', () => {
    open(marketWorld(), '#/system');
    const events = within(screen.getByRole('table', { name: 'Events by topic' }));
    const orders = events.getByRole('row', { name: /^orders/ });
    expect(
      within(orders)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['applyOrder', '40', '39', '1', '≤ 50 ms', '≤ 50 ms']);
    const tasks = events.getByRole('row', { name: /^executeIntent/ });
    expect(tasks.textContent).toContain('–');
  });

  test('says so when nothing was counted or recorded', () => {
    const world = marketWorld();
    world.put('usage', {});
    open(world, '#/system');
    expect(screen.getByText('Nothing counted yet')).toBeTruthy();
    expect(screen.getByText('No recordings')).toBeTruthy();
  });

  test('a failed read is an outage, not an empty list', () => {
    const world = marketWorld();
    open(world, '#/system');
    act(() => {
      world.fail('usage', 'your role may not read this');
    });
    expect(screen.getByText('Usage unavailable')).toBeTruthy();
  });
});

test('a signed-in member’s tab says that it is there', () => {
  const world = marketWorld();
  renderDesk(world);
  expect(world.present()).toHaveLength(1);
});
