import { botDoc } from '@tradewind/contracts/documents/bot';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { isTerminal } from '@tradewind/core/order/transitions';
import { fireSchedule } from '../../tools/src/desk/clock-driver.ts';
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
const BOT = 'balanced';
const canFindProcesses = process.platform === 'linux';
const testOnLinux = canFindProcesses ? test : test.skip;

const orders = (): Promise<OrderDoc[]> =>
  store.query(
    store.firestore.collection(paths.orders('paper')).where('strategyId', '==', BOT),
    orderDoc,
  );
const openPositions = () =>
  store
    .query(
      store.firestore.collection(paths.positions('paper')).where('strategyId', '==', BOT),
      positionDoc,
    )
    .then((all) => all.filter(({ status }) => status !== 'CLOSED'));

/** The bot trades by our command alone. */
async function quietBot(change: { readonly stopLossPct: number }): Promise<void> {
  const bot = await store.get(paths.bot(BOT), botDoc);
  if (bot === undefined) throw new Error('The desk has no bot');
  await store.set(paths.bot(BOT), botDoc, {
    ...bot,
    ...change,
    status: 'STOPPED',
    version: bot.version + 1,
  });
}

/** The bot's order with `action` that has left for the venue and has no answer yet. */
const inSubmission = (action: 'ENTER' | 'EXIT', known: ReadonlySet<string>) =>
  waitFor(
    `an order ${action} that is on its way`,
    async () =>
      (await orders()).find(
        (order) =>
          order.action === action && order.status === 'SUBMITTED' && !known.has(order.orderId),
      ),
    { timeoutMs: 60_000, everyMs: 20 },
  );

/** Repairs as every minute does, until the order has ended. */
const settled = (orderId: string) =>
  waitFor(
    `order ${orderId} to end`,
    async () => {
      const at = Math.floor(Date.now() / 60_000) * 60_000;
      await fireSchedule(deskUnderTest().ports, 'syncOrders', at);
      const order = await store.get(paths.order('paper', orderId), orderDoc);
      return order !== undefined && isTerminal(order.status) ? order : undefined;
    },
    { timeoutMs: 90_000, everyMs: 1_000 },
  );

async function expectOneOrder(orderId: string): Promise<void> {
  const atVenue = (await venueOrders()).filter(({ clientOrderId }) => clientOrderId === orderId);
  expect(atVenue).toHaveLength(1);
  const ids = (await venueOrders()).map(({ clientOrderId }) => clientOrderId);
  const inLedger = (await store.firestore.collection(paths.orders('paper')).get()).docs;
  expect(inLedger.map(({ id }) => id).sort()).toEqual([...ids].sort());
}

const simulate = async (action: 'BUY' | 'SELL'): Promise<void> => {
  expect(await command('simulateBotTrade', { botId: BOT, action })).toMatchObject({ ok: true });
};

const livePrice = () =>
  waitFor('a live price', async () =>
    (await store.firestore.collection(paths.livePrices).get()).size > 0 ? true : undefined,
  );

beforeAll(async () => {
  await livePrice();
}, 120_000);
afterEach(clearFaults);

testOnLinux(
  'EXE-20 a functions runtime that is killed while it submits leaves exactly one order',
  async () => {
    await quietBot({ stopLossPct: 5 });
    await slowOrders(1, 4_000);
    const known = new Set((await orders()).map(({ orderId }) => orderId));
    await simulate('BUY');
    const { orderId } = await inSubmission('ENTER', known);
    const runtimes = processesOf({
      command: 'functionsEmulatorRuntime',
      variable: 'FUNCTION_TARGET=executeIntent',
    });
    expect(runtimes.length).toBeGreaterThan(0);
    for (const pid of runtimes) process.kill(pid, 'SIGKILL');

    const order = await settled(orderId);
    expect(order.status).toBe('FILLED');
    await expectOneOrder(orderId);
    expect(await openPositions()).toHaveLength(1);
    // Sold again, so that the next test begins with nothing.
    const before = new Set((await orders()).map((one) => one.orderId));
    await simulate('SELL');
    const exit = await waitFor('the exit', async () =>
      (await orders()).find((one) => one.action === 'EXIT' && !before.has(one.orderId)),
    );
    expect((await settled(exit.orderId)).status).toBe('FILLED');
  },
  240_000,
);

testOnLinux(
  'EXE-02 a worker that is killed while it submits a stop leaves exactly one order',
  async () => {
    // A stop so near that the next tick or two trip it.
    await quietBot({ stopLossPct: 0.01 });
    await slowOrders(2, 3_000);
    const known = new Set((await orders()).map(({ orderId }) => orderId));
    await simulate('BUY');
    const { orderId } = await inSubmission('EXIT', known);
    const workers = processesOf({ command: 'worker/src/main.ts' });
    expect(workers).toHaveLength(1);
    for (const pid of workers) process.kill(pid, 'SIGKILL');

    const order = await settled(orderId);
    expect(order.status).toBe('FILLED');
    await expectOneOrder(orderId);
    expect(await openPositions()).toHaveLength(0);
  },
  240_000,
);
