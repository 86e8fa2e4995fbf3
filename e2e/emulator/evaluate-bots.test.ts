import { readPrices } from '@tradewind/adapters/market/read-prices';
import { positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { botDoc, botStatusDoc, strategyStateDoc } from '@tradewind/contracts/documents/bot';
import { orderDoc, signalDoc } from '@tradewind/contracts/documents/execution';
import { chunkDoc, type ChunkDoc } from '@tradewind/contracts/documents/market';
import { alertDoc } from '@tradewind/contracts/documents/system';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { price } from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import { handleEvaluateBots } from '../../functions/src/cycle/handle-evaluate-bots.ts';
import { candleAt, MINUTE, openCycleDesk, T0, type CycleDesk } from './cycle-desk.ts';
import { bot, filled, NOW, position, riskState } from './documents.ts';
import { putPrice } from './put-price.ts';

const HOUR = 3_600_000;
const KEY = 'binance_spot_BTC-USDT';

let desk: CycleDesk;
beforeEach(async () => {
  desk = await openCycleDesk('evaluate-bots');
});
afterEach(() => desk.ledger.close());

const evaluate = (...botIds: string[]) =>
  handleEvaluateBots(desk.ports, {
    bookId: 'paper',
    botIds: botIds.length === 0 ? ['trend'] : botIds,
  });
const status = (botId = 'trend') => desk.ledger.store.get(paths.botStatus(botId), botStatusDoc);
const signals = () =>
  desk.ledger.store.query(
    desk.ledger.store.firestore.collection(paths.signals('paper')),
    signalDoc,
  );
const state = () => desk.ledger.store.get(paths.strategyState('trend', KEY), strategyStateDoc);

/** What a worker writes beside candles. */
const STREAMED = {
  profiles: [],
  zones: [],
  gaps: [],
  analytics: null,
  origin: 'synthetic',
  venueAt: null,
  maxAgeMs: 180_000,
} as const satisfies Partial<ChunkDoc>;

/** What a live worker has written: the hour's candles but the forming one, and the price. */
const workerWrites = async (candles: readonly Candle[]): Promise<void> => {
  const hourAt = epochMs(T0 - (T0 % HOUR));
  await desk.ledger.store.set(paths.chunk(KEY, chunkId(hourAt)), chunkDoc, {
    marketKey: KEY,
    timeframe: '1m',
    hourAt,
    candles: candles.filter(({ openAt }) => openAt >= hourAt),
    ...STREAMED,
    updatedAt: desk.ledger.clock.wallNow(),
    expiresAt: desk.ledger.clock.wallNow(),
    receivedAt: desk.ledger.clock.wallNow(),
  });
  await putPrice(desk.ledger, { marketKey: KEY, symbol: 'BTC-USDT', price: price('1000') });
};

test('without a worker history comes over REST, is stored, and the bot can act at once', async () => {
  await evaluate();
  expect(desk.asked).toEqual([T0 - 600 * MINUTE]);
  expect(await status()).toMatchObject({ lastBarCloseAt: T0, canTrade: true, block: null });
  expect(await signals()).toMatchObject([
    { strategyId: 'trend', action: 'ENTER', executionStatus: 'PENDING', barCloseAt: T0 },
  ]);
  const chunk = await desk.ledger.store.get(paths.chunk(KEY, chunkId(T0 - MINUTE)), chunkDoc);
  expect(chunk?.candles.at(-1)).toMatchObject({ openAt: T0 - MINUTE, gapFilled: true });
  expect((await readPrices(desk.ledger.store)).get(KEY)).toMatchObject({
    source: 'rest',
    shard: 'cycle',
    at: T0,
    dataQuality: 0.6,
    degraded: false,
  });
});

test('ARC-28 evaluated twice, also at the same time, a bar makes one signal', async () => {
  await Promise.all([evaluate(), evaluate(), evaluate()]);
  await evaluate();
  expect(await signals()).toHaveLength(1);
});

test('with a live worker its candles are used and the venue is not asked', async () => {
  await evaluate();
  desk.asked.length = 0;
  desk.ledger.pass(MINUTE);
  await workerWrites([candleAt(T0 - MINUTE), candleAt(T0)]);
  await evaluate();
  expect(desk.asked).toEqual([]);
  expect((await state())?.lastBarCloseAt).toBe(T0 + MINUTE);
});

test('a candle that the live worker has not written yet is waited for', async () => {
  await evaluate();
  desk.asked.length = 0;
  desk.ledger.pass(MINUTE);
  await workerWrites([candleAt(T0 - MINUTE)]);
  await evaluate();
  expect(desk.asked).toEqual([]);
  expect((await state())?.lastBarCloseAt).toBe(T0);
});

test('a hole that the worker left is filled over REST', async () => {
  await evaluate();
  desk.asked.length = 0;
  desk.ledger.pass(3 * MINUTE);
  await workerWrites([candleAt(T0), candleAt(T0 + 2 * MINUTE)]);
  await evaluate();
  expect(desk.asked).toEqual([T0 + MINUTE]);
  expect((await state())?.lastBarCloseAt).toBe(T0 + 3 * MINUTE);
});

test('bars beyond a hole wait while the venue does not answer', async () => {
  await evaluate();
  desk.venue.answers = false;
  desk.ledger.pass(3 * MINUTE);
  await workerWrites([candleAt(T0), candleAt(T0 + 2 * MINUTE)]);
  await evaluate();
  expect((await state())?.lastBarCloseAt).toBe(T0 + MINUTE);
  expect((await status())?.failures).toBe(0);
});

test('while no bar closes the status says about once a minute that somebody looked', async () => {
  await evaluate();
  const looked = desk.ledger.clock.wallNow();
  desk.ledger.pass(20_000);
  await evaluate();
  expect((await status())?.evaluatedAt).toBe(looked);
  desk.ledger.pass(30_000);
  await evaluate();
  expect((await status())?.evaluatedAt).toBe(desk.ledger.clock.wallNow());
  expect(await signals()).toHaveLength(1);
});

test('STR-18 data that are too old block, with their age', async () => {
  await evaluate();
  desk.venue.answers = false;
  desk.ledger.pass(600_000);
  await evaluate();
  const { canTrade, block } = (await status()) ?? {};
  expect([canTrade, block?.reason]).toEqual([false, 'stale_data']);
  expect(block?.detail).toContain('605 s');
});

test.each([
  ['an emergency stop', { emergencyStop: true }, 'emergency_stop'],
  ['a kill switch', { executionEnabled: false }, 'execution_disabled'],
])('%s keeps a bot from entering and is shown', async (_, risk, reason) => {
  await desk.ledger.store.set(paths.riskState('paper'), riskStateDoc, riskState(risk));
  await evaluate();
  expect(await status()).toMatchObject({ canTrade: false, block: { reason } });
  expect(await signals()).toEqual([]);
});

test('STR-18 a bot that holds a position does not enter again', async () => {
  await desk.ledger.store.set(paths.position('paper', 'p1'), positionDoc, position());
  await evaluate();
  expect(await status()).toMatchObject({ block: { reason: 'max_positions' } });
  expect(await signals()).toEqual([]);
});

test('STR-18 the pause after a fill counts from the fill', async () => {
  const at = epochMs(NOW - 30_000);
  await desk.ledger.store.set(paths.order('paper', 'tw1'), orderDoc, filled({ filledAt: at }));
  await evaluate();
  expect(await status()).toMatchObject({
    block: { reason: 'cooldown' },
    cooldownUntil: at + MINUTE,
  });
});

test('a stopped bot and a bot of another book are left alone', async () => {
  await desk.ledger.store.set(paths.bot('trend'), botDoc, bot({ status: 'STOPPED' }));
  await desk.ledger.store.set(paths.bot('other'), botDoc, bot({ botId: 'other', bookId: 'else' }));
  await evaluate('trend', 'other', 'nobody');
  expect(await status()).toBeUndefined();
  expect(await status('other')).toBeUndefined();
});

test('STR-06 one bot’s third failure in a row stops it; the others go on', async () => {
  const { store } = desk.ledger;
  const broken = bot({ botId: 'broken', minTradeTemperature: 'HOT' });
  await store.set(paths.bot('broken'), botDoc, broken);
  await store.set(paths.strategyState('broken', KEY), strategyStateDoc, {
    strategyId: 'broken',
    marketKey: KEY,
    botVersion: 0,
    told: { signals: [], position: null },
    state: '{}',
    lastBarCloseAt: epochMs(T0 - MINUTE),
    updatedAt: NOW,
  });
  // No schema writes this, and no evaluation can go on from it.
  await store.firestore.doc(paths.strategyState('broken', KEY)).update({ state: 5 });
  for (let i = 1; i <= 3; i += 1) {
    await evaluate('broken', 'trend');
    expect(await status('broken')).toMatchObject({
      failures: i,
      canTrade: false,
      block: { reason: 'strategy_error' },
    });
  }
  expect((await store.get(paths.bot('broken'), botDoc))?.status).toBe('ERROR');
  expect(await store.query(store.firestore.collection(paths.alerts), alertDoc)).toMatchObject([
    { rule: 'bot_stopped', severity: 'CRITICAL' },
  ]);
  expect((await status('trend'))?.lastBarCloseAt).toBe(T0);
});

test('STR-06 a bot whose document cannot be read is stopped at once, with an alert', async () => {
  const { store } = desk.ledger;
  await store.firestore.doc(paths.bot('odd')).set({ status: 'RUNNING', bookId: 'paper' });
  await evaluate('odd', 'trend');
  expect((await store.firestore.doc(paths.bot('odd')).get()).get('status')).toBe('ERROR');
  const alerts = await store.query(store.firestore.collection(paths.alerts), alertDoc);
  expect(alerts).toHaveLength(1);
  expect((await status('trend'))?.lastBarCloseAt).toBe(T0);
});

test('a book that cannot be read halts its bots and stops none of them', async () => {
  const { store } = desk.ledger;
  await store.firestore.doc(paths.position('paper', 'odd')).set({ status: 'OPEN' });
  for (let i = 0; i < 4; i += 1) await evaluate();
  expect(await status()).toMatchObject({ failures: 0, block: { reason: 'halted' } });
  expect((await store.get(paths.bot('trend'), botDoc))?.status).toBe('RUNNING');
  expect(await signals()).toEqual([]);
  expect(await store.query(store.firestore.collection(paths.alerts), alertDoc)).toMatchObject([
    { rule: 'book_unreadable', count: 4 },
  ]);
});
