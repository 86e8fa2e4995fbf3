import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { bookDoc, positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, signalDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { alertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { price } from '@tradewind/core/lib/units';
import { isTerminal } from '@tradewind/core/order/transitions';
import * as z from 'zod';
import { fireSchedule } from '../../tools/src/desk/clock-driver.ts';
import { nextSignal, tradeWithoutPauses } from '../../tools/src/drill/signal-source.ts';
import { callJson } from '../../tools/src/lib/http.ts';
import { portsAt } from '../../tools/src/lib/ports.ts';
import { waitFor } from '../../tools/src/lib/wait.ts';
import { clearFaults, command, deskUnderTest, openStore } from '../lib/desk.ts';

const BOOK = 'paper';
/** Trades here by the signals of these tests alone. */
const BOT = 'ledger-commands';
const SYMBOL = 'SOL-USDT';
const KEY = `binance_spot_${SYMBOL}`;
const root = join(fileURLToPath(import.meta.url), '../../..');
const store = openStore();
const { ports } = deskUnderTest();
const desk = { store, marketNow: () => epochMs(Date.now()) };

beforeAll(async () => {
  await tradeWithoutPauses({ store }, { maxOpenPositions: 20 });
  const model = await store.get(paths.bot('balanced'), botDoc);
  if (model === undefined) throw new Error('Invariant: a new desk has the bot "balanced"');
  await store.set(paths.bot(BOT), botDoc, {
    ...{ ...model, botId: BOT, name: BOT, symbol: SYMBOL, marketKey: KEY },
    ...{ confirmationMinutes: 60, stopLossPct: 20, takeProfitPct: 40 },
  });
  await waitFor(`a price of ${SYMBOL}`, async () =>
    (await readPrices(store)).has(KEY) ? true : undefined,
  );
}, 120_000);
afterEach(clearFaults);
/** Others find the desk without what was made here. */
afterAll(async () => {
  const own = store.firestore.collection(paths.positions(BOOK)).where('strategyId', '==', BOT);
  for (const { positionId, status } of await store.query(own, positionDoc))
    if (status !== 'CLOSED') await command('closePosition', { bookId: BOOK, positionId });
  await store.firestore.doc(paths.bot(BOT)).delete();
}, 60_000);

/** Writes what the bot would ask for now, and nothing else: the rest is the desk's. */
async function wish(signalId: string): Promise<void> {
  const signal = await nextSignal(desk, { botId: BOT, signalId, ttlMs: 600_000 });
  if (signal === undefined) throw new Error(`there is no price of ${SYMBOL}`);
  await store.set(paths.signal(BOOK, signalId), signalDoc, signal);
}
const orderOf = (signalId: string, isSo: (order: OrderDoc) => boolean) =>
  waitFor(
    `the order of ${signalId}`,
    async () => {
      const ofSignal = store.firestore
        .collection(paths.orders(BOOK))
        .where('signalId', '==', signalId);
      const [order] = await store.query(ofSignal, orderDoc);
      return order !== undefined && isSo(order) ? order : undefined;
    },
    { timeoutMs: 90_000, everyMs: 250 },
  );
const fault = (match: object, kind: string, count: number): Promise<unknown> =>
  callJson({
    ...{ method: 'POST', port: ports.sandbox, path: '/admin/faults' },
    body: { match, kind, count, delayMs: 50 },
  });
const run = Date.now().toString(36);

test('EXE-01 EXE-04 a signal that is written leads to a filled order by the triggers and queues of the desk', async () => {
  await wish(`${run}-enter`);
  expect(await orderOf(`${run}-enter`, ({ status }) => isTerminal(status))).toMatchObject({
    status: 'FILLED',
    side: 'BUY',
  });
  await wish(`${run}-exit`);
  expect(await orderOf(`${run}-exit`, ({ status }) => isTerminal(status))).toMatchObject({
    status: 'FILLED',
    side: 'SELL',
  });
}, 200_000);

test('EXE-04 a bot is stopped and started by the callables of a desk whose signals are heard', async () => {
  expect(await command('stopBot', { botId: BOT })).toMatchObject({ ok: true, code: 'stopped' });
  expect(await command('startBot', { botId: BOT })).toMatchObject({ ok: true, code: 'running' });
}, 60_000);

const sandboxOrders = z.looseObject({
  orders: z.array(z.looseObject({ clientOrderId: z.string(), orderId: z.coerce.string() })),
});

test('EXE-23 an order that stays unclear is settled by an admin, with the fills that the venue tells of the id that they name', async () => {
  await fault({ method: 'POST', path: '/api/v3/order' }, 'timeoutAfter', 1);
  // It answers for no single order meanwhile, so that nobody else finds out.
  await fault({ method: 'GET', path: '/api/v3/order' }, '429', 1_000);
  const signalId = `${run}-unclear`;
  await wish(signalId);
  const { orderId } = await orderOf(signalId, ({ status }) => status === 'UNKNOWN');
  const state = sandboxOrders.parse(
    await callJson({ method: 'GET', port: ports.sandbox, path: '/admin/state' }),
  );
  const atVenue = state.orders.find(({ clientOrderId }) => clientOrderId === orderId);
  if (atVenue === undefined) throw new Error('the venue did not take it');
  const settle = () =>
    command('settleOrder', {
      ...{ bookId: BOOK, orderId },
      decision: { kind: 'filled', venueOrderId: atVenue.orderId },
      evidence: 'seen on the web page of the venue',
    });
  expect(await settle()).toMatchObject({ ok: false, code: 'too_early' });
  const said = await waitFor(
    'the order to be settled',
    async () => {
      const reply = await settle();
      return reply.code === 'too_early' || reply.code === 'busy' ? undefined : reply;
    },
    { timeoutMs: 150_000, everyMs: 1_000 },
  );
  expect(said).toMatchObject({ ok: true, code: 'filled', id: orderId });
  expect(await orderOf(signalId, ({ status }) => status !== 'UNKNOWN')).toMatchObject({
    status: 'FILLED',
    venueOrderId: atVenue.orderId,
  });
}, 300_000);

/** Runs a command of `tw` on this desk. */
async function tw(...words: readonly string[]): Promise<unknown> {
  const offset = ports.firestore - portsAt(0).firestore;
  const args = ['tools/src/cli/main.ts', ...words, '--json', '--port-offset', String(offset)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
const figures = async () => {
  const { firestore } = store;
  const book = await store.get(paths.book(BOOK), bookDoc);
  const positions = await store.query(firestore.collection(paths.positions(BOOK)), positionDoc);
  return {
    ...{ cash: book?.cash, realizedPnl: book?.realizedPnl, fees: book?.fees, dust: book?.dust },
    positions: positions
      .map(({ positionId, status, quantity, cost }) => ({ positionId, status, quantity, cost }))
      .sort((a, b) => (a.positionId < b.positionId ? -1 : 1)),
  };
};
const mayTrade = (executionEnabled: boolean) =>
  store.transact(async (tx) => {
    const risk = await tx.get(paths.riskState(BOOK), riskStateDoc);
    if (risk === undefined) throw new Error('the risk state is gone');
    tx.set(paths.riskState(BOOK), riskStateDoc, { ...risk, executionEnabled });
  });
const unfinished = async () => {
  const orders = await store.query(store.firestore.collection(paths.orders(BOOK)), orderDoc);
  return orders.filter(({ status, type }) => !isTerminal(status) && type !== 'STOP').length;
};

test('EXE-63 EXE-T20 tw rebuild-ledger builds the book of a desk that runs anew, and its figures are the same', async () => {
  await mayTrade(false);
  try {
    await waitFor(
      'every order to end',
      async () => ((await unfinished()) === 0 ? true : undefined),
      { timeoutMs: 120_000, everyMs: 500 },
    );
    const before = await figures();
    const unchanged = { quarantined: [], imported: [] };
    const rebuilt = z.looseObject({
      fills: z.number().positive(),
      cash: z.object({ before: z.string(), after: z.string() }),
      realizedPnl: z.object({ before: z.string(), after: z.string() }),
    });
    const told = await tw('rebuild-ledger', BOOK, '--backup', `tw-${run}`);
    expect(told).toMatchObject({ ok: true, ...unchanged, backupId: `tw-${run}` });
    const { cash, realizedPnl } = rebuilt.parse(told);
    expect([cash.after, realizedPnl.after]).toEqual([cash.before, realizedPnl.before]);
    expect(await figures()).toEqual(before);
    expect(await tw('check-ledger', BOOK)).toMatchObject({ ok: true, faults: [] });
  } finally {
    await mayTrade(true);
  }
}, 240_000);

test('rules of markets are read from the venue every hour, and what is other here is taken over and told (05 section 15)', async () => {
  const path = paths.market(KEY);
  const known = await store.get(path, marketDoc);
  if (known === undefined) throw new Error(`${KEY} is not known`);
  await store.set(path, marketDoc, { ...known, tickSize: price('7') });
  const tidy = () => fireSchedule(ports, { name: 'tidyBooks', at: Date.now() });
  await tidy();
  expect(await store.get(path, marketDoc)).toMatchObject({ tickSize: known.tickSize });
  const ofRule = store.firestore
    .collection(paths.alerts)
    .where('rule', '==', 'instrument_changed')
    .where('symbol', '==', SYMBOL);
  const alerts = await store.query(ofRule, alertDoc);
  expect(alerts.map(({ message }) => message).join()).toContain('tickSize 7 becomes');
}, 120_000);
