import { createDumpWatch } from '@tradewind/adapters/execution/dump-watch';
import { guardBook } from '@tradewind/adapters/execution/guard-book';
import { monitorBook } from '@tradewind/adapters/execution/monitor-book';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { reconcileAccounts } from '@tradewind/adapters/reconcile/reconcile-account';
import { syncDesk } from '@tradewind/adapters/reconcile/sync-desk';
import { DESK_DAY, HOLDING_DAY, POSITION_DAY } from '@tradewind/core/cost/workload';
import { openDesk, type Desk } from './execution-desk.ts';

const DAY_MINUTES = 1_440;
/** Looks of the worker in a minute. */
const LOOKS = 6;
/** `runCycle` and the guardian's heartbeats are not among what is counted here. */
const ELSEWHERE = 4 + 3;

const BOTS = ['trend', 'b1', 'b2', 'b3'] as const;
const SYMBOLS = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'XRP-USDT'] as const;

/** A desk that holds `held` positions, each with its stop at the venue. */
async function openQuiet(held: number): Promise<Desk> {
  const desk = openDesk(`workload-${held}`, { stops: true, memory: true });
  await desk.seed({ symbols: SYMBOLS, bots: BOTS.slice(1) });
  for (const [n, symbol] of SYMBOLS.slice(0, held).entries()) {
    await desk.signal({ strategyId: BOTS[n] ?? '', symbol });
    await runGate(desk.ports, 'paper');
    await desk.drain();
  }
  expect(await desk.positions()).toHaveLength(held);
  await syncOrders(desk.ports);
  return desk;
}

/** Documents that a quiet minute of a desk with a worker reads. */
async function readsOfMinute(held: number): Promise<number> {
  const { ports, ledger, quote, bookNow } = await openQuiet(held);
  const prices = new Map(
    [...(await readPrices(ledger.store))].map(([key, { price }]) => [key, price]),
  );
  const book = await bookNow();
  const ofOne = async (work: () => Promise<unknown>): Promise<number> => {
    ledger.pass(10_000);
    for (const symbol of SYMBOLS) await quote(symbol);
    ledger.store.usage.take();
    await work();
    return ledger.store.usage.take().total.reads;
  };
  const whole = await ofOne(() => syncDesk(ports));
  const short = await ofOne(() => syncDesk(ports, false));
  const guardian = await ofOne(() => guardBook(ports, book));
  const byMinute = whole + short + guardian;
  if (held === 0) return byMinute;
  const compared = await ofOne(() => reconcileAccounts(ports));
  const dumps = createDumpWatch();
  const look = () => ofOne(() => monitorBook(ports, { bookId: 'paper', prices, dumps }));
  // The first look of a minute also asks what the markets have done.
  const looked = (await look()) + (LOOKS - 1) * (await look());
  // A worker compares when nothing is held, too: that is in what is measured of a worker.
  return byMinute + LOOKS * (compared - (await comparedWhenEmpty())) + looked;
}

async function comparedWhenEmpty(): Promise<number> {
  const { ports, ledger } = await openQuiet(0);
  ledger.store.usage.take();
  await reconcileAccounts(ports);
  return ledger.store.usage.take().total.reads;
}

test.each([0, 1, 3])(
  'a quiet minute with %i positions reads no more than its cost says',
  async (held) => {
    const said = DESK_DAY.reads + held * POSITION_DAY.reads + (held > 0 ? HOLDING_DAY.reads : 0);
    const reads = await readsOfMinute(held);
    expect(reads).toBeLessThanOrEqual(said / DAY_MINUTES - ELSEWHERE);
    // Nor much less: the figure is to be true.
    expect(reads).toBeGreaterThan(0.7 * (said / DAY_MINUTES - ELSEWHERE));
  },
);
