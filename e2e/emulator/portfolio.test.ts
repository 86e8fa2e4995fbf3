import { exitPosition } from '@tradewind/adapters/execution/exit-position';
import { monitorBook } from '@tradewind/adapters/execution/monitor-book';
import { protectPosition } from '@tradewind/adapters/execution/protect-position';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { tradeDoc, type PositionDoc, type TradeDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { chunkDoc, type ChunkDoc } from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { createPositionGuard } from '../../worker/src/position-guard.ts';
import { bot, NOW } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';
import { putPrice } from './put-price.ts';

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
    expect(alert?.details['signals']).toBe('flow flip, resistance');
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

describe('PF-10 a position that grows', () => {
  const tranches = { strategy: 'pyramid_down', stepPct: 1 } as const;

  /** Wants to add once the price has come to `px`, an hour after the last entry. */
  async function add(px: string, signalId: string, change: Parameters<Desk['signal']>[0] = {}) {
    desk.ledger.pass(3_600_000);
    desk.venue.setPrice(price(px));
    await putPrice(desk.ledger, { marketKey: KEY, symbol: 'BTC-USDT', price: price(px) });
    await desk.signal({
      ...{ signalId, action: 'ADD', expectedPrice: price(px), suggestedQuote: null },
      ...change,
    });
    await runGate(desk.ports, 'paper');
    await desk.drain();
    return (await desk.signals()).find((signal) => signal.signalId === signalId);
  }

  test('PF-11 PF-12 PF-44 by a tranche has a new average, a stop over all of it that is no further away, and one slot', async () => {
    await enter({ tranches });
    const before = await held();
    expect((await add('98.9', 'a1'))?.executionStatus).toBe('EXECUTED');
    const [grown, ...others] = await desk.positions();
    expect(others).toEqual([]);
    if (grown === undefined) throw new Error('no position');
    expect(grown).toMatchObject({ status: 'OPEN', closeIntentId: null });
    expect(grown.tranches?.map(({ n, quote }) => [n, Math.round(Number(quote) / 1e18)])).toEqual([
      [1, 100],
      [2, 100],
    ]);
    expect(grown.averageEntry).toBeLessThan(before.averageEntry);
    expect(grown.averageEntry).toBeGreaterThan(price('98.9'));
    expect(grown.protection.stopLoss).toBeGreaterThanOrEqual(before.protection.stopLoss);
    expect(grown.protection.initialStop).toBe(before.protection.initialStop);
    expect(grown.stop.quantity).toBe(qty('2.008'));
    const stops = await desk.venue.openOrders();
    expect(stops.ok && stops.value.map(({ quantity }) => quantity)).toEqual([grown.stop.quantity]);
    const intent = (await desk.intents()).find(({ signalId }) => signalId === 'a1');
    expect(intent?.checks.at(-1)?.value).toContain('tranche 2 of');
    await desk.expectAgreement();
  });

  test('is refused in words without a plan, before its step, near its stop, and beyond its limit', async () => {
    await enter();
    expect(await add('98.9', 'none')).toMatchObject({ rejectionReason: 'trade_step' });
    const { store } = desk.ledger;
    await store.set(paths.bot('trend'), botDoc, { ...bot({ maxPositions: 1 }), tranches });
    expect((await add('99.5', 'near'))?.rejections[0]).toContain('has not come far enough');
    expect((await add('97', 'deep'))?.rejections[0]).toContain('half of the way to its stop');
    expect((await add('98.9', 'other', { direction: 'SHORT' }))?.rejectionReason).toBe(
      'nothing_to_sell',
    );
    expect(await desk.orders()).toHaveLength(2);
  });

  test('PF-10 passes every gate: the pause of its symbol holds it back like any entry', async () => {
    await enter({ tranches });
    expect((await add('98.9', 'a1'))?.executionStatus).toBe('EXECUTED');
    desk.ledger.pass(-3_600_000 + 1_000);
    const again = await add('97.8', 'a2');
    expect(again?.executionStatus).toBe('REJECTED');
    expect(again?.rejectionReason).toBe('symbol_cooldown');
  });

  test('is not bought any more once its position leaves', async () => {
    await enter({ tranches });
    desk.ledger.pass(3_600_000);
    desk.venue.setPrice(price('98.9'));
    await putPrice(desk.ledger, { marketKey: KEY, symbol: 'BTC-USDT', price: price('98.9') });
    await desk.signal({
      ...{ signalId: 'a1', action: 'ADD', expectedPrice: price('98.9'), suggestedQuote: null },
    });
    await runGate(desk.ports, 'paper');
    const { bookId, positionId, marketKey } = await held();
    await exitPosition(desk.ports, {
      ...{ bookId, positionId, marketKey, reason: 'manual', price: price('98.9'), fast: true },
    });
    await desk.recover();
    expect((await held()).status).toBe('CLOSED');
    expect(desk.venue.taken.filter(({ side }) => side === 'BUY')).toHaveLength(1);
    await desk.expectAgreement();
  });
});

test('PF-85 an entry whose document says so is sized by confidence, past trades and the market, and its record says by what', async () => {
  await desk.seed({ bot: { sizing: { profile: 'adaptive' } } });
  await desk.signal({ confidence: 0.8 });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  // 100 x 0.75 (confidence) x 0.75 (too few trades) x 0.25 (nobody measures the market).
  const [entry] = (await desk.orders()).filter(({ side }) => side === 'BUY');
  expect(entry?.filledQuantity).toBe(qty('0.1406'));
  const [intent] = await desk.intents();
  expect(intent?.checks.at(-1)?.value).toContain('history 0.75, confidence 0.75, volatility 0.25');
});
