import { createFeed } from '@tradewind/adapters/venue/create-feed';
import type { FeedFault, FeedTrade, TradeFeed } from '@tradewind/adapters/venue/venue';
import { GARBAGE_KINDS } from '../src/stream/stream-faults.ts';
import { startSandbox, SYMBOLS } from './start.ts';

type Desk = Awaited<ReturnType<typeof startSandbox>>;
let desk: Desk;
let feed: TradeFeed;
const forever = new AbortController().signal;
/** The desk may close while a trade is still on its way to it. */
const gone = (): void => undefined;
const BTC = 'binance_spot_BTC-USDT';
const ETH = 'binance_spot_ETH-USDT';

const trades: FeedTrade[] = [];
const faults: FeedFault[] = [];
async function readUntil(isEnough: () => boolean): Promise<void> {
  while (!isEnough()) {
    const batch = await feed.next(forever);
    trades.push(...batch.trades);
    faults.push(...batch.faults);
  }
}
const idsOf = (key: string): number[] =>
  trades.filter(({ marketKey }) => marketKey === key).map(({ tradeId }) => Number(tradeId));

beforeEach(async () => {
  trades.length = 0;
  faults.length = 0;
  desk = await startSandbox();
  feed = createFeed({ venue: 'binance', sandboxPort: desk.sandbox.port });
  for (const symbol of SYMBOLS) feed.subscribe(symbol, 'trades');
  const printing = setInterval(
    () => void desk.trade(['BTC-USDT', '50000'], ['ETH-USDT', '3000']).catch(gone),
    40,
  );
  await readUntil(() => idsOf(BTC).length > 0 && idsOf(ETH).length > 0);
  clearInterval(printing);
});
afterEach(async () => {
  await feed.close();
  await desk.sandbox.close();
});

const order = (fault: object) => desk.admin('POST', 'stream', { faults: [fault] });
async function printAll(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await desk.trade(['BTC-USDT', '50000'], ['ETH-USDT', '3000']);
}
/** Ids of a market from its first on, without a gap. */
const unbroken = (ids: readonly number[]): boolean =>
  ids.every((id, index) => index === 0 || id === (ids[index - 1] ?? 0) + 1);

test.each(GARBAGE_KINDS)(
  'MD-06 rubbish (%s) beside one symbol costs neither it nor any other a trade, and is counted',
  async (garbage) => {
    const [btc, eth] = [Math.max(...idsOf(BTC)), Math.max(...idsOf(ETH))];
    await order({ kind: 'garbage', garbage, symbol: 'BTC-USDT', count: 3 });
    await printAll(5);
    await readUntil(
      () =>
        idsOf(BTC).includes(btc + 5) &&
        idsOf(ETH).includes(eth + 5) &&
        (garbage === 'huge' || faults.length > 0),
    );
    expect(unbroken(idsOf(BTC))).toBe(true);
    expect(unbroken(idsOf(ETH))).toBe(true);
    const counted = faults.reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(garbage === 'huge' ? 0 : 3);
    expect(faults.some(({ marketKey }) => marketKey === ETH)).toBe(false);
  },
);

test('MD-30 a trade that the venue repeats comes once', async () => {
  await order({ kind: 'duplicate', symbol: 'BTC-USDT', count: 3 });
  const last = Math.max(...idsOf(BTC));
  await printAll(5);
  await readUntil(() => idsOf(BTC).includes(last + 5));
  expect(unbroken(idsOf(BTC))).toBe(true);
});

test('trades out of order and late ones all come, in the order in which they arrived', async () => {
  const last = Math.max(...idsOf(BTC));
  await order({ kind: 'swap', symbol: 'BTC-USDT' });
  await printAll(2);
  await readUntil(() => idsOf(BTC).includes(last + 1) && idsOf(BTC).includes(last + 2));
  expect(idsOf(BTC).slice(-2)).toEqual([last + 2, last + 1]);
  await order({ kind: 'late', symbol: 'BTC-USDT', delayMs: 150 });
  await printAll(2);
  await readUntil(() => idsOf(BTC).includes(last + 3));
  expect(idsOf(BTC).slice(-2)).toEqual([last + 4, last + 3]);
});

test('a trade that is lost on the way leaves a gap in the ids', async () => {
  const last = Math.max(...idsOf(BTC));
  await order({ kind: 'lose', symbol: 'BTC-USDT' });
  await printAll(2);
  await readUntil(() => idsOf(BTC).includes(last + 2));
  expect(idsOf(BTC)).not.toContain(last + 1);
});
