import { chunkDoc } from '@tradewind/contracts/documents/market';
import { usageDayDoc } from '@tradewind/contracts/documents/system';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { BOT_DAY, CYCLE_BOARD_DAY, CYCLE_SYMBOL_DAY } from '@tradewind/core/cost/workload';
import { epochMs } from '@tradewind/core/lib/time';
import { price } from '@tradewind/core/lib/units';
import { handleEvaluateBots } from '../../functions/src/cycle/handle-evaluate-bots.ts';
import { candleAt, MINUTE, openCycleDesk, T0, type CycleDesk } from './cycle-desk.ts';
import { putPrice } from './put-price.ts';

const KEY = 'binance_spot_BTC-USDT';
const HOUR = 3_600_000;
const DAY_MINUTES = 1_440;

let desk: CycleDesk;
let count = 0;
beforeEach(async () => {
  count += 1;
  desk = await openCycleDesk(`workload-${count}`);
});
afterEach(() => desk.ledger.close());

const evaluate = () => handleEvaluateBots(desk.ports, { bookId: 'paper', botIds: ['trend'] });

/** What evaluation asked of Firestore in each minute of `minutes`, after the first. */
async function perMinute(minutes: number, before: (minute: number) => Promise<void>) {
  const { usage } = desk.ledger.store;
  await evaluate();
  const days: ReturnType<typeof usage.take>[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    desk.ledger.pass(MINUTE);
    await before(minute);
    usage.take();
    await evaluate();
    days.push(usage.take());
  }
  return days;
}

test('a bot on a worker’s candles asks no more than the cost of a month says', async () => {
  const hourAt = epochMs(T0 - (T0 % HOUR));
  const used = await perMinute(5, async (minute) => {
    await desk.ledger.store.set(paths.chunk(KEY, chunkId(hourAt)), chunkDoc, {
      marketKey: KEY,
      timeframe: '1m',
      hourAt,
      candles: Array.from({ length: minute }, (_, i) => candleAt(T0 + i * MINUTE)),
      profiles: [],
      zones: [],
      gaps: [],
      analytics: null,
      origin: 'synthetic',
      venueAt: null,
      receivedAt: desk.ledger.clock.wallNow(),
      updatedAt: desk.ledger.clock.wallNow(),
      maxAgeMs: 180_000,
      expiresAt: desk.ledger.clock.wallNow(),
    });
    await putPrice(desk.ledger, { marketKey: KEY, symbol: 'BTC-USDT', price: price('1000') });
  });
  for (const { total } of used) {
    expect(total.writes).toBe(BOT_DAY.writes / DAY_MINUTES);
    expect(total.reads).toBeLessThanOrEqual(BOT_DAY.reads / DAY_MINUTES);
  }
});

test('MD-81 without a worker a market adds one chunk a minute, and the board one for all', async () => {
  const used = await perMinute(5, async () => {});
  const bot = BOT_DAY.writes / DAY_MINUTES;
  const market = (CYCLE_SYMBOL_DAY.writes + CYCLE_BOARD_DAY.writes) / DAY_MINUTES;
  for (const { total, markets, groups } of used) {
    expect(total.writes).toBe(bot + market);
    expect(groups['livePrices']?.writes).toBe(1);
    expect(markets[KEY]?.writes).toBe(1);
  }
});

test('evaluated twice in a minute, a bot’s status is written once', async () => {
  await evaluate();
  const { usage } = desk.ledger.store;
  desk.ledger.pass(MINUTE);
  await evaluate();
  usage.take();
  desk.ledger.pass(5_000);
  await evaluate();
  expect(usage.take().groups['botStatus']?.writes ?? 0).toBe(0);
});

test('the day’s document takes any component’s name', () => {
  const zero = { reads: 0, writes: 0, deletes: 0, bytesRead: 0, bytesWritten: 0 };
  const day = {
    day: '20261120',
    components: { 'worker-0': zero },
    groups: {},
    markets: {},
    since: new Date(0),
  };
  expect(usageDayDoc.safeParse({ ...day, updatedAt: new Date(0) }).success).toBe(true);
  expect(usageDayDoc.safeParse({ ...day, day: '2026-11-20', updatedAt: new Date(0) }).success).toBe(
    false,
  );
});
