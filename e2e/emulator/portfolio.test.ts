import { monitorBook } from '@tradewind/adapters/execution/monitor-book';
import { protectPosition } from '@tradewind/adapters/execution/protect-position';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { tradeDoc, type PositionDoc, type TradeDoc } from '@tradewind/contracts/documents/book';
import { chunkDoc, type ChunkDoc } from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { createPositionGuard } from '../../worker/src/position-guard.ts';
import { NOW } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

import.meta.jest.setTimeout(60_000);

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`portfolio-${projects}`, { stops: true, memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const KEY = 'binance_spot_BTC-USDT';

/** One bitcoin bought at 100 with a stop of 5 % and a target of 10 %, and the worker's guard over it. */
async function enter(bot: NonNullable<Parameters<Desk['seed']>[0]>['bot'] = {}) {
  await desk.seed({ bot });
  await desk.signal();
  await runGate(desk.ports, 'paper');
  await desk.drain();
  const guard = createPositionGuard(desk.ports);
  guard.update(await held());
  return guard;
}

async function held(): Promise<PositionDoc> {
  const [first] = await desk.positions();
  if (first === undefined) throw new Error('no position');
  return first;
}

async function closedTrade(): Promise<TradeDoc> {
  const trade = await desk.ledger.store.get(
    paths.trade('paper', (await held()).positionId),
    tradeDoc,
  );
  if (trade === undefined) throw new Error('no round trip');
  return trade;
}

test('PF-51 PF-45 prices that the worker saw are written with few writes, and end in R, MAE and MFE of the trade', async () => {
  const guard = await enter();
  const before = (await held()).version;
  for (const px of ['99', '98', '102', '107', '104']) guard.onTrade(KEY, price(px));
  guard.tick();
  await guard.close();
  const watched = await held();
  expect(watched.version).toBe(before + 1);
  expect(watched.protection).toMatchObject({ highest: price('107'), worst: price('98') });

  desk.venue.setPrice(price('106'));
  await desk.quote('BTC-USDT');
  await desk.signal({ action: 'EXIT', expectedPrice: price('106.5') });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  const trade = await closedTrade();
  expect(trade).toMatchObject({ initialStop: price('95'), maePct: -2, mfePct: 7 });
  // 6 less fees of about 0.2, over a risk of 5.
  expect(trade.rMultiple).toBeGreaterThan(1.1);
  expect(trade.rMultiple).toBeLessThan(1.2);
  expect(trade.slippageInPct).toBe(0);
  expect(trade.slippageOutPct).toBeCloseTo((100 * 0.5) / 106.5);
  expect(trade.efficiency).toBeGreaterThan(60);
  await desk.expectAgreement();
});

/** The market's hour as the worker writes it: minutes up to now, each with its share of purchases, and its readings. */
async function putChunk(
  shares: readonly number[],
  readings: Readonly<Record<string, number>> = {},
  zones: ChunkDoc['zones'] = [],
): Promise<void> {
  const { store, clock } = desk.ledger;
  const now = clock.marketNow();
  const last = Math.floor(now / 60_000) * 60_000 - 60_000;
  const candles: ChunkDoc['candles'] = shares.map((share, index) => ({
    openAt: epochMs(last - (shares.length - 1 - index) * 60_000),
    ...{ open: price('100'), high: price('100.2'), low: price('99.9'), close: price('100') },
    ...{ volume: qty('100'), buyVolume: qty(String(share)), quoteVolume: money('10000') },
    ...{ trades: 100, buyTrades: 50, gapFilled: false, incomplete: false, revision: 0 },
    source: 'trades',
  }));
  await store.set(paths.chunk(KEY, chunkId(now)), chunkDoc, {
    marketKey: KEY,
    timeframe: '1m',
    hourAt: epochMs(Math.floor(now / 3_600_000) * 3_600_000),
    candles,
    ...{ profiles: [], zones, gaps: [] },
    analytics: {
      asOf: now,
      readings,
      waiting: {},
      flow: { signal: null, microstructure: null, tags: [] },
      regime: null,
    },
    ...{ origin: 'synthetic', venueAt: now, receivedAt: now, updatedAt: now, maxAgeMs: 90_000 },
    expiresAt: epochMs(now + 86_400_000),
  });
}

const stopPrice = async () => (await held()).stop.stopPrice;
const look = async () => {
  await monitorBook(desk.ports, { bookId: 'paper', prices: new Map([[KEY, price('100')]]) });
  await desk.drain();
};

test('PF-40 a bot that asks for what is usual trails by what is usual for what it trades', async () => {
  await enter({ trailingStopPct: 'class' });
  expect((await held()).protection).toMatchObject({
    trailingStopPct: 0.5,
    trailingStop: price('99.5'),
  });
});

test('PF-46 the stop at the venue keeps away by the ATR where that is more than twice the trail, and only tightens', async () => {
  await desk.seed({ bot: { trailingStopPct: 0.5 } });
  await putChunk([50], { 'ATR_14@15m': 2.5 });
  await desk.signal();
  await runGate(desk.ports, 'paper');
  await desk.drain();
  expect(await stopPrice()).toBe(price('97.5'));
  const protect = async () =>
    protectPosition(desk.ports, { bookId: 'paper', positionId: (await held()).positionId });
  // A market that moves less lets it come nearer, one that moves more does not send it away again.
  await putChunk([50], { 'ATR_14@15m': 1.5 });
  expect(await protect()).toBe('placed');
  expect(await stopPrice()).toBe(price('98.5'));
  await putChunk([50], { 'ATR_14@15m': 4 });
  expect(await protect()).toBe('nothing');
  // What is not told leaves twice the trail.
  await putChunk([50]);
  expect(await protect()).toBe('placed');
  expect(await stopPrice()).toBe(price('99'));
});

describe('PF-55 a position whose time is over', () => {
  const hold = { minSeconds: 30, maxSeconds: 300, extend: false };

  test('PF-T15 is left by the worker between 300 and 302 s', async () => {
    const guard = await enter({ hold });
    const { openedAt } = await held();
    desk.ledger.pass(294_000);
    while ((await held()).status !== 'CLOSED') {
      desk.ledger.pass(1_000);
      guard.onTrade(KEY, price('100'));
      guard.tick();
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      const passed = desk.ledger.clock.marketNow() - openedAt;
      if (passed > 310_000) throw new Error('it was held for longer');
    }
    expect(await held()).toMatchObject({ closeReason: 'hold_time' });
    const { holdMs, exitReason } = await closedTrade();
    expect(exitReason).toBe('hold_time');
    expect(holdMs).toBeGreaterThanOrEqual(300_000);
    expect(holdMs).toBeLessThanOrEqual(302_000);
    await guard.close();
  });

  test('is left by the schedule where no worker looks', async () => {
    await enter({ hold });
    desk.ledger.pass(299_000);
    await look();
    expect((await held()).status).toBe('OPEN');
    desk.ledger.pass(1_000);
    await look();
    expect(await held()).toMatchObject({ status: 'CLOSED', closeReason: 'hold_time' });
    await desk.expectAgreement();
  });

  test('PF-56 is not left by its strategy before the shortest time, and is in an emergency', async () => {
    await enter({ hold });
    desk.ledger.pass(29_000);
    await desk.quote('BTC-USDT');
    const early = await desk.signal({ signalId: 'early', action: 'EXIT' });
    await runGate(desk.ports, 'paper');
    const signal = (await desk.signals()).find(({ signalId }) => signalId === early.signalId);
    expect(signal).toMatchObject({ executionStatus: 'REJECTED', rejectionReason: 'cooldown' });
    await desk.signal({ signalId: 'emergency', action: 'EXIT', signalType: 'E1' });
    await runGate(desk.ports, 'paper');
    await desk.drain();
    expect(await held()).toMatchObject({ status: 'CLOSED', closeReason: 'E1' });
  });
});

describe('PF-70 the dump detector', () => {
  const dump = [90, 90, 10, 10, 10];
  const turned = [90, 90, 90, 90, 10];
  const supply: ChunkDoc['zones'][number] = {
    ...{ zoneId: 'z1', timeframe: '5m', type: 'supply', strength: 50, status: 'fresh' },
    ...{ priceLow: price('100.25'), priceHigh: price('101'), testCount: 0 },
    ...{ firstSeen: NOW, lastTested: null, createdFrom: 'rejection' },
  };

  test('PF-T13 leaves a position at two different signals, and says which', async () => {
    await enter();
    desk.ledger.pass(11_000);
    // Four minutes of purchases and one of sales: one signal, and it stays.
    await putChunk(turned);
    await look();
    expect((await held()).status).toBe('OPEN');
    // The same where the minute was sold into supply: two.
    await putChunk(turned, {}, [supply]);
    await look();
    expect(await held()).toMatchObject({ status: 'CLOSED', closeReason: 'dump' });
    const alert = (await desk.alerts()).find(({ rule }) => rule === 'dump_exit');
    expect(alert?.details['signals']).toBe('flowFlip, resistance');
    await desk.expectAgreement();
  });

  test('PF-71 judges nothing in the first ten seconds, and nothing that its document takes out', async () => {
    await enter({ dumpExit: 'any' });
    await putChunk(dump);
    await look();
    expect((await held()).status).toBe('OPEN');
    desk.ledger.pass(11_000);
    await putChunk(dump);
    await look();
    expect((await held()).status).toBe('CLOSED');
  });
});
