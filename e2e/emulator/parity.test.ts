import { parityDoc } from '@tradewind/contracts/documents/parity';
import { alertDoc } from '@tradewind/contracts/documents/system';
import { chunkDoc } from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { tasks } from '@tradewind/contracts/tasks';
import { dayStart, epochMs } from '@tradewind/core/lib/time';
import { price } from '@tradewind/core/lib/units';
import { handleEvaluateBots } from '../../functions/src/cycle/handle-evaluate-bots.ts';
import { handleReplayBook } from '../../functions/src/parity/handle-replay-book.ts';
import { handleReplayDay } from '../../functions/src/parity/handle-replay-day.ts';
import { MINUTE, openCycleDesk, T0, type CycleDesk } from './cycle-desk.ts';

const KEY = 'binance_spot_BTC-USDT';
const DAY = 86_400_000;
const PATIENCE = 60_000;

let desk: CycleDesk;
beforeEach(async () => {
  desk = await openCycleDesk('parity');
  for (let minute = 0; minute < 3; minute += 1) {
    await handleEvaluateBots(desk.ports, { bookId: 'paper', botIds: ['trend'] });
    desk.ledger.pass(MINUTE);
  }
}, PATIENCE);
afterEach(() => desk.ledger.close());

const replay = () =>
  handleReplayBook(desk.ports, {
    bookId: 'paper',
    dayAt: dayStart(epochMs(T0)),
    strategyIds: ['trend'],
  });
const parity = () => desk.ledger.store.get(paths.parity('trend'), parityDoc);
const alerts = () =>
  desk.ledger.store.query(desk.ledger.store.firestore.collection(paths.alerts), alertDoc);

/** Somebody changes the first candle of the day. */
async function corruptCandle(): Promise<void> {
  const openAt = T0;
  const path = paths.chunk(KEY, chunkId(openAt));
  const chunk = await desk.ledger.store.get(path, chunkDoc);
  if (chunk === undefined) throw new Error('The cycle stores what it reads');
  const candles = chunk.candles.map((candle) =>
    candle.openAt === openAt ? { ...candle, close: price('1') } : candle,
  );
  await desk.ledger.store.set(path, chunkDoc, { ...chunk, candles });
}

test('STR-05 what a cycle decided replays to the same, from what the desk has on record', async () => {
  await replay();
  const found = await parity();
  expect(found).toMatchObject({ scorePct: 100, found: 0, differences: [] });
  expect(found?.evaluations).toBe(2);
  expect(found?.equal).toBe(found?.evaluations);
  expect(await alerts()).toEqual([]);
});

test('a candle that was changed costs the score, is named, and raises an alert that ends with it', async () => {
  await corruptCandle();
  await replay();
  const found = await parity();
  expect(found?.scorePct).toBeLessThan(100);
  expect(found?.differences[0]).toMatchObject({ at: T0 + MINUTE, market: KEY, cause: 'data' });
  expect(await alerts()).toMatchObject([
    { rule: 'parity', severity: 'WARNING', state: 'ACTIVE', bookId: 'paper' },
  ]);
});

test('every night the day before is replayed, once, for the bots and strategies of running books', async () => {
  const before = desk.tasks.length;
  await handleReplayDay(desk.ports);
  const added = desk.tasks.slice(before).filter(({ name }) => name === 'replayBook');
  expect(added.map(({ data }) => tasks.replayBook.parse(data))).toEqual([
    { bookId: 'paper', dayAt: dayStart(epochMs(T0)) - DAY, strategyIds: ['trend'] },
  ]);
});

test('a bot whose record cannot be read is told of, and keeps no other from being replayed', async () => {
  const { store } = desk.ledger;
  await store.firestore.doc(paths.chunk(KEY, chunkId(T0))).update({ hourAt: 'never' });
  await replay();
  expect(await parity()).toBeUndefined();
  expect(await alerts()).toMatchObject([{ rule: 'parity_unknown', severity: 'WARNING' }]);
});
