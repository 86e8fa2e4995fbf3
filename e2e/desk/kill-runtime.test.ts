import { readPrices } from '@tradewind/adapters/market/read-prices';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, signalDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { isTerminal } from '@tradewind/core/order/transitions';
import { fireSchedule } from '../../tools/src/desk/clock-driver.ts';
import { tradeWithoutPauses } from '../../tools/src/drill/signal-source.ts';
import { waitFor } from '../../tools/src/lib/wait.ts';
import {
  clearFaults,
  command,
  deskUnderTest,
  openStore,
  processesOf,
  slowOrders,
  venueOrders,
} from '../lib/desk.ts';

const store = openStore();
const canFindProcesses = process.platform === 'linux';
const testOnLinux = canFindProcesses ? test : test.skip;

const ordersOf = (botId: string): Promise<OrderDoc[]> =>
  store.query(
    store.firestore.collection(paths.orders('paper')).where('strategyId', '==', botId),
    orderDoc,
  );
const openPositions = async (botId: string) => {
  const all = await store.query(
    store.firestore.collection(paths.positions('paper')).where('strategyId', '==', botId),
    positionDoc,
  );
  return all.filter(({ status }) => status !== 'CLOSED');
};

/**
 * A bot that runs and holds nothing, but whose own decisions never get confirmed: it trades by our
 * command alone. Returns the orders that it has made until now.
 */
async function quietBot(
  botId: string,
  change: { readonly stopLossPct: number },
): Promise<readonly string[]> {
  const bot = await store.get(paths.bot(botId), botDoc);
  if (bot === undefined) throw new Error(`The desk has no bot ${botId}`);
  const quiet = { ...bot, ...change, confirmationMinutes: 60, version: bot.version + 1 };
  await store.set(paths.bot(botId), botDoc, quiet);
  // It may have traded while the desk started.
  for (const { positionId } of await openPositions(botId))
    await command('closePosition', { bookId: 'paper', positionId });
  await waitFor(
    `${botId} to hold nothing`,
    async () => ((await openPositions(botId)).length === 0 ? true : undefined),
    { timeoutMs: 60_000, everyMs: 500 },
  );
  return (await ordersOf(botId)).map(({ orderId }) => orderId);
}

/** The bot's order with `action` that has left for the venue and has no answer yet; stops rest there by themselves. */
const inSubmission = (botId: string, action: 'ENTER' | 'EXIT') =>
  waitFor(
    `an order ${action} that is on its way`,
    async () =>
      (await ordersOf(botId)).find(
        ({ action: asked, status, type }) =>
          asked === action && status === 'SUBMITTED' && type !== 'STOP',
      ),
    { timeoutMs: 60_000, everyMs: 20 },
  );

/** Repairs as every minute does, until the order has ended. */
const settled = (orderId: string) =>
  waitFor(
    `order ${orderId} to end`,
    async () => {
      const at = Math.floor(Date.now() / 60_000) * 60_000;
      await fireSchedule(deskUnderTest().ports, { name: 'syncOrders', at });
      const order = await store.get(paths.order('paper', orderId), orderDoc);
      return order !== undefined && isTerminal(order.status) ? order : undefined;
    },
    { timeoutMs: 90_000, everyMs: 1_000 },
  );

/** The bot's wish is one order, here and there. Other bots trade on: theirs may be written and not sent yet. */
async function expectOneOrder(
  { orderId, strategyId, action, type }: OrderDoc,
  earlier: readonly string[],
): Promise<void> {
  const atVenue = (await venueOrders()).map(({ clientOrderId }) => clientOrderId);
  expect(atVenue.filter((id) => id === orderId)).toHaveLength(1);
  const inLedger = (await store.firestore.collection(paths.orders('paper')).get()).docs;
  expect(inLedger.map(({ id }) => id)).toEqual(expect.arrayContaining(atVenue));
  const own = (await ordersOf(strategyId)).filter(
    (order) => order.action === action && order.type === type,
  );
  const made = own.map((order) => order.orderId).filter((id) => !earlier.includes(id));
  expect(made).toEqual([orderId]);
}

const buy = async (botId: string): Promise<void> => {
  await freshPrices();
  const reply = await command('simulateBotTrade', { botId, action: 'BUY' });
  expect(reply).toMatchObject({ ok: true });
  const signal = await waitFor(
    `a verdict on ${botId}'s purchase`,
    async () => {
      const found = await store.get(paths.signal('paper', reply.id ?? ''), signalDoc);
      return found?.executionStatus === 'PENDING' ? undefined : found;
    },
    { timeoutMs: 30_000, everyMs: 20 },
  );
  // Why nothing will leave, before somebody waits for it.
  expect(signal.rejections).toEqual([]);
};

/** Prices that entries are made on: the tests before may have left a worker that is only starting. */
const freshPrices = () =>
  waitFor(
    'fresh prices of three markets',
    async () => {
      const prices = [...(await readPrices(store)).values()];
      return prices.filter(({ stale, degraded }) => !stale && !degraded).length === 3
        ? true
        : undefined;
    },
    { timeoutMs: 60_000, everyMs: 250 },
  );

beforeAll(async () => {
  await freshPrices();
  // The desk's bots may have used up what a symbol is allowed.
  await tradeWithoutPauses({ store });
  // The next order is the one that is slowed down: no bot may send one of its own.
  for (const bot of ['balanced', 'trend', 'momentum']) await quietBot(bot, { stopLossPct: 5 });
}, 120_000);
afterEach(clearFaults);

testOnLinux(
  'EXE-20 a functions runtime that is killed while it submits leaves exactly one order',
  async () => {
    const bot = 'balanced';
    const earlier = await quietBot(bot, { stopLossPct: 5 });
    await slowOrders(1, 4_000);
    await buy(bot);
    const { orderId } = await inSubmission(bot, 'ENTER');
    const runtimes = processesOf({
      command: 'functionsEmulatorRuntime',
      variable: 'FUNCTION_TARGET=executeIntent',
    });
    expect(runtimes.length).toBeGreaterThan(0);
    for (const pid of runtimes) process.kill(pid, 'SIGKILL');

    const order = await settled(orderId);
    expect(order.status).toBe('FILLED');
    await expectOneOrder(order, earlier);
    expect(await openPositions(bot)).toHaveLength(1);
  },
  240_000,
);

testOnLinux(
  'EXE-02 a worker that is killed while it submits a stop leaves exactly one order',
  async () => {
    const bot = 'momentum';
    // A stop so near that one of the next ticks trips it; the one at the venue is twice as far away.
    const earlier = await quietBot(bot, { stopLossPct: 0.02 });
    // Entry, stop at the venue, exit.
    await slowOrders(3, 3_000);
    await buy(bot);
    const { orderId } = await inSubmission(bot, 'EXIT');
    const workers = processesOf({ command: 'worker/src/main.ts' });
    expect(workers).toHaveLength(1);
    for (const pid of workers) process.kill(pid, 'SIGKILL');

    const order = await settled(orderId);
    expect(order.status).toBe('FILLED');
    await expectOneOrder(order, earlier);
    expect(await openPositions(bot)).toHaveLength(0);
  },
  240_000,
);
