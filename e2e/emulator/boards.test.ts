import { runGate } from '@tradewind/adapters/execution/run-gate';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { botStatusDoc } from '@tradewind/contracts/documents/bot';
import {
  boardDoc,
  chunkDoc,
  type BoardPrice,
  type ChunkDoc,
} from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { price } from '@tradewind/core/lib/units';
import { handleEvaluateBots } from '../../functions/src/cycle/handle-evaluate-bots.ts';
import { candleAt, MINUTE, openCycleDesk, T0, type CycleDesk } from './cycle-desk.ts';
import { openDesk, type Desk } from './execution-desk.ts';
import { putPrice } from './put-price.ts';

const KEY = 'binance_spot_BTC-USDT';
const HOUR = 3_600_000;
const BTC = { marketKey: KEY, symbol: 'BTC-USDT', price: price('100') };

describe('the gate reads boards', () => {
  let desk: Desk;
  let projects = 0;
  beforeEach(async () => {
    projects += 1;
    desk = openDesk(`boards-gate-${projects}`);
    await desk.ledger.clear();
    await desk.seed();
    await desk.signal();
  });
  afterEach(() => desk.ledger.close());

  const decided = async (): Promise<string | null> => {
    await runGate(desk.ports, 'paper');
    const [signal] = await desk.signals();
    return signal?.rejectionReason ?? null;
  };

  test.each<[string, Partial<BoardPrice>, string | null]>([
    ['a live price', {}, null],
    ['MD-61 a silent market', { stale: true }, 'stale_data'],
    ['MD-63 a fallback source', { degraded: true, dataQuality: 0.6 }, 'low_data_quality'],
    ['MD-12 two sources that disagree', { conflict: true }, 'price_conflict'],
    ['MD-11 a price without any source', { dataQuality: 0 }, 'low_data_quality'],
  ])('an entry on %s ends with %s %s', async (_, marks, reason) => {
    await putPrice(desk.ledger, { ...BTC, ...marks });
    expect(await decided()).toBe(reason);
  });

  test('MD-T12 an entry on a quote that is 301 s old is refused', async () => {
    const at = epochMs(desk.ledger.clock.marketNow() - 301_000);
    await putPrice(desk.ledger, { ...BTC, at });
    expect(await decided()).toBe('stale_data');
  });

  test('MD-60 an entry on a board that nobody writes any more is refused', async () => {
    desk.ledger.pass(15_001);
    expect(await decided()).toBe('stale_data');
  });

  test('an exit goes on whatever the price is marked with', async () => {
    await runGate(desk.ports, 'paper');
    await desk.drain();
    const marks = { stale: true, degraded: true, conflict: true, dataQuality: 0 };
    await putPrice(desk.ledger, { ...BTC, ...marks });
    await desk.signal({ action: 'EXIT' });
    await runGate(desk.ports, 'paper');
    const exit = (await desk.signals()).find(({ action }) => action === 'EXIT');
    expect(exit?.executionStatus).toBe('EXECUTED');
  });
});

describe('evaluation without a worker', () => {
  let desk: CycleDesk;
  beforeEach(async () => {
    desk = await openCycleDesk('boards-cycle');
  });
  afterEach(() => desk.ledger.close());

  const evaluate = () => handleEvaluateBots(desk.ports, { bookId: 'paper', botIds: ['trend'] });
  const status = () => desk.ledger.store.get(paths.botStatus('trend'), botStatusDoc);
  const hourAt = epochMs(T0 - (T0 % HOUR));
  const path = paths.chunk(KEY, chunkId(hourAt));

  const streamed = (over: Partial<ChunkDoc>): ChunkDoc => ({
    marketKey: KEY,
    timeframe: '1m',
    hourAt,
    candles: [],
    profiles: [],
    zones: [],
    gaps: [],
    analytics: {
      asOf: epochMs(T0),
      readings: { 'RSI_14@1m': 55.5 },
      waiting: { '1h': '3 of 50 bars' },
      flow: { signal: 'BUY', microstructure: null, tags: ['absorption'] },
      regime: 'RANGING',
    },
    origin: 'synthetic',
    venueAt: epochMs(T0),
    receivedAt: epochMs(T0),
    updatedAt: epochMs(T0),
    maxAgeMs: 180_000,
    expiresAt: epochMs(T0 + 1),
    ...over,
  });

  test('MD-81 candles from REST join a chunk and leave what a worker stored beside them', async () => {
    const { store } = desk.ledger;
    const own = { ...candleAt(T0), buyTrades: 1, open: price('1') };
    await store.set(path, chunkDoc, streamed({ candles: [own] }));
    desk.ledger.pass(2 * MINUTE);
    await evaluate();
    const chunk = await store.get(path, chunkDoc);
    expect(chunk?.candles.map(({ openAt }) => openAt)).toEqual([T0, T0 + MINUTE]);
    expect(chunk?.candles[0]).toEqual(own);
    const { analytics, venueAt } = streamed({});
    expect(chunk).toMatchObject({ analytics, venueAt });
  });

  test('MD-73 a bar that lacks trades feeds the bot and is not decided on', async () => {
    await desk.ledger.store.set(
      path,
      chunkDoc,
      streamed({ candles: [{ ...candleAt(T0), incomplete: true }] }),
    );
    await evaluate();
    desk.ledger.pass(MINUTE);
    await putPrice(desk.ledger, BTC);
    await evaluate();
    const { lastBarCloseAt, block } = (await status()) ?? {};
    expect([lastBarCloseAt, block?.reason]).toEqual([T0 + MINUTE, 'low_data_quality']);
  });

  test('the cycle’s board keeps its other markets and marks them as old', async () => {
    const { store, clock } = desk.ledger;
    const old = epochMs(clock.wallNow() - 180_001);
    const other: BoardPrice = {
      symbol: 'ETH-USDT',
      price: price('7'),
      bid: null,
      ask: null,
      at: old,
      receivedAt: old,
      source: 'rest',
      stale: false,
      degraded: false,
      conflict: false,
      dataQuality: 0.6,
    };
    await store.set(paths.board('cycle'), boardDoc, {
      shard: 'cycle',
      prices: { 'binance_spot_ETH-USDT': other },
      origin: 'synthetic',
      writtenAt: old,
      maxAgeMs: 180_000,
    });
    await evaluate();
    const prices = await readPrices(store);
    expect(prices.get('binance_spot_ETH-USDT')).toMatchObject({ price: price('7'), stale: true });
    expect(prices.get(KEY)).toMatchObject({ stale: false, shard: 'cycle' });
  });

  test('MD-61 MD-65 a flat bot waits while its market is silent, and says so', async () => {
    await evaluate();
    desk.ledger.pass(1_000);
    await putPrice(desk.ledger, { ...BTC, stale: true });
    await evaluate();
    const { canTrade, block } = (await status()) ?? {};
    expect([canTrade, block?.reason]).toEqual([false, 'stale_data']);
  });
});

test('a board that cannot be read hides no other', async () => {
  const desk = await openCycleDesk('boards-broken');
  await putPrice(desk.ledger, BTC);
  await desk.ledger.store.firestore.doc(paths.board('worker-1')).set({ writtenAt: new Date() });
  expect([...(await readPrices(desk.ledger.store)).keys()]).toEqual([KEY]);
  await desk.ledger.close();
});
