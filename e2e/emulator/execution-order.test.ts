import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { requestExit } from '@tradewind/adapters/execution/request-exit';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import type { SubmitOutcome, VenueOrder } from '@tradewind/adapters/venue/venue';
import { price } from '@tradewind/core/lib/units';
import { handleDecideSignals } from '../../functions/src/execution/handle-decide-signals.ts';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`execution-order-${projects}`, { memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const intentId = async (): Promise<string> => {
  const [intent] = await desk.intents();
  if (intent === undefined) throw new Error('there is no intent');
  return intent.intentId;
};
const statuses = async () => (await desk.intents()).map(({ status }) => status);

describe('EXE-01 the standard path loses nothing on its way', () => {
  const trigger = { bookId: 'paper', signalId: 's-BTC-USDT-trend-ENTER' };
  beforeEach(async () => {
    await desk.seed();
    await desk.signal();
  });

  test('the task of an intent is named after it, so that a trigger delivered again adds none', async () => {
    await handleDecideSignals(desk.ports, trigger);
    expect([...desk.tasks.keys()]).toEqual([await intentId()]);
    await handleDecideSignals(desk.ports, trigger);
    expect([...desk.tasks.keys()]).toEqual([await intentId()]);
  });

  test('a trigger delivered again enqueues what its first delivery did not come to, and nothing that was sent', async () => {
    await handleDecideSignals(desk.ports, trigger);
    // The first delivery died after its commit.
    desk.tasks.clear();
    await handleDecideSignals(desk.ports, trigger);
    expect([...desk.tasks.keys()]).toEqual([await intentId()]);
    await desk.drain();
    expect(await statuses()).toEqual(['DONE']);
    await handleDecideSignals(desk.ports, trigger);
    expect([...desk.tasks]).toEqual([]);
  });

  test('order sync enqueues again every intent that has been APPROVED for more than ten seconds', async () => {
    await handleDecideSignals(desk.ports, trigger);
    desk.tasks.clear();
    desk.ledger.pass(10_000);
    await syncOrders(desk.ports);
    expect([...desk.tasks]).toEqual([]);
    desk.ledger.pass(1);
    await syncOrders(desk.ports);
    expect([...desk.tasks.values()]).toMatchObject([{ intentId: await intentId() }]);
    await desk.drain();
    expect(await statuses()).toEqual(['DONE']);
    expect(desk.venue.taken).toHaveLength(1);
    await desk.expectAgreement();
  });
});

/** A venue whose entries wait at its door until the test lets them in. */
function doorkeeper() {
  const waiting: { readonly order: VenueOrder; readonly letIn: () => void }[] = [];
  const submit = async (order: VenueOrder, withinMs?: number): Promise<SubmitOutcome> => {
    if (order.side === 'BUY')
      await new Promise<void>((letIn) => {
        waiting.push({ order, letIn });
      });
    return desk.venue.submit(order, withinMs);
  };
  return { ports: { ...desk.ports, venueOf: async () => ({ ...desk.venue, submit }) }, waiting };
}
/** Waits for what others do meanwhile; jest ends what never comes. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 1));
}

describe('EXE-07 entries of one market of an account leave one after the other', () => {
  const entries = async (...of: readonly (readonly [symbol: string, strategyId: string])[]) => {
    const symbols = [...new Set(of.map(([symbol]) => symbol))];
    await desk.seed({ symbols, bots: ['other'] });
    for (const [symbol, strategyId] of of) await desk.signal({ symbol, strategyId });
    await runGate(desk.ports, 'paper');
    const tasks = [...desk.tasks.values()];
    desk.tasks.clear();
    expect(tasks).toHaveLength(of.length);
    return tasks;
  };

  test('the second waits until the first has its answer, and goes then', async () => {
    const tasks = await entries(['BTC-USDT', 'trend'], ['BTC-USDT', 'other']);
    const { ports, waiting } = doorkeeper();
    const sending = tasks.map((task) => executeIntent(ports, task));
    // One is at the door, and the other one has been sent away.
    await until(() => waiting.length + desk.tasks.size === 2);
    expect(waiting).toHaveLength(1);
    expect((await statuses()).sort()).toEqual(['APPROVED', 'CLAIMED']);
    waiting[0]?.letIn();
    await Promise.all(sending);
    expect(desk.venue.taken).toHaveLength(1);
    desk.ledger.pass(1_000);
    await desk.drain();
    expect(await statuses()).toEqual(['DONE', 'DONE']);
    expect(desk.venue.taken).toHaveLength(2);
    await desk.expectAgreement();
  });

  test('those of different markets leave side by side', async () => {
    const tasks = await entries(['BTC-USDT', 'trend'], ['ETH-USDT', 'other']);
    const { ports, waiting } = doorkeeper();
    const sending = tasks.map((task) => executeIntent(ports, task));
    await until(() => waiting.length + desk.tasks.size === 2);
    expect(waiting.map(({ order }) => order.symbol).sort()).toEqual(['BTC-USDT', 'ETH-USDT']);
    for (const { letIn } of waiting) letIn();
    await Promise.all(sending);
    expect(await statuses()).toEqual(['DONE', 'DONE']);
  });

  test('an exit waits for no entry', async () => {
    const [first, second] = await entries(['BTC-USDT', 'trend'], ['BTC-USDT', 'other']);
    if (first === undefined || second === undefined) throw new Error('two entries were asked for');
    await executeIntent(desk.ports, first);
    const { ports, waiting } = doorkeeper();
    const sending = executeIntent(ports, second);
    await until(() => waiting.length === 1);
    const [held] = await desk.positions();
    if (held === undefined) throw new Error('nothing is held');
    const { bookId, positionId, marketKey } = held;
    const wish = { bookId, positionId, marketKey, price: price('90') };
    expect(await requestExit(ports, { ...wish, reason: 'stop_loss', fast: true })).toMatchObject({
      kind: 'requested',
      sent: { kind: 'recorded' },
    });
    waiting[0]?.letIn();
    await sending;
    await desk.expectAgreement();
  });

  test('one that vanished on its way keeps the others waiting for no longer than its claim', async () => {
    const tasks = await entries(['BTC-USDT', 'trend'], ['BTC-USDT', 'other']);
    const [first, second] = tasks;
    if (first === undefined || second === undefined) throw new Error('two entries were asked for');
    const { ports, waiting } = doorkeeper();
    // Nobody ever lets it in: its process is gone.
    void executeIntent(ports, first);
    await until(() => waiting.length === 1);
    await executeIntent(desk.ports, second);
    expect(desk.venue.taken).toEqual([]);
    await desk.recover();
    expect(await statuses()).toEqual(['DONE', 'DONE']);
    expect(desk.venue.taken).toHaveLength(2);
    await desk.expectAgreement();
  });
});
