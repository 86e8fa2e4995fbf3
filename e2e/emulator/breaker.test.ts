import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { createAccountGuard } from '@tradewind/adapters/execution/guard-account';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { resetSafety } from '@tradewind/adapters/execution/reset-safety';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { openBreakerStore } from '@tradewind/adapters/resilience/breaker-store';
import type { Venue } from '@tradewind/adapters/venue/venue';
import { breakerDoc, breakerName } from '@tradewind/contracts/documents/breaker';
import { paths } from '@tradewind/contracts/paths';
import { openDesk, type Desk } from './execution-desk.ts';

// A pass of order sync is many round trips, and a busy machine makes each of them long.
import.meta.jest.setTimeout(60_000);

let desk: Desk;
let projects = 0;
let synced: string[] = [];

/** One process with its own cache and budget, in front of the same account. */
function process(): { readonly venue: Venue; readonly ports: ExecutionPorts } {
  const { ports } = desk;
  const parts = {
    ...ports,
    queue: {
      enqueue: async (name: string, _payload: object, { id }: { readonly id: string }) => {
        if (name === 'syncOrdersAgain') synced.push(id);
      },
    },
    breakerOpenMs: 60_000,
  };
  const venue = createAccountGuard(parts, { name: 'binance', process: 'functions' })(
    desk.venue,
    'normal',
  );
  return { venue, ports: { ...ports, venueOf: async () => venue } };
}
const breaker = (group: string) =>
  desk.ledger.store.get(paths.breaker(breakerName('binance', group)), breakerDoc);
const look = async (venue: Venue, times: number) => {
  const kinds: string[] = [];
  for (let call = 0; call < times; call += 1) {
    const answer = await venue.lookup('BTC-USDT', 'tw1');
    kinds.push(answer.kind === 'failed' ? answer.error.code : answer.kind);
  }
  return kinds;
};
/** Passes of order sync whose failures are what is being tested. */
const pass = (ports: ExecutionPorts) => syncOrders(ports).catch(() => []);

beforeEach(async () => {
  projects += 1;
  synced = [];
  desk = openDesk(`breaker-${projects}`);
  await desk.ledger.clear();
  await desk.seed();
}, 30_000);
afterEach(() => desk.ledger.close());

test('five failures open the breaker of their group for every process, and the sixth call is no request (RSK-T08, RSK-86, RSK-87, RSK-88)', async () => {
  const first = process();
  const second = process();
  desk.venue.setOffline(true);
  expect(await look(first.venue, 3)).toEqual(Array(3).fill('VenueUnavailable'));
  desk.ledger.pass(1_001);
  expect(await look(second.venue, 2)).toEqual(Array(2).fill('VenueUnavailable'));
  expect(await breaker('account')).toMatchObject({ status: 'OPEN', failures: 5 });
  desk.ledger.pass(1_001);
  // Nobody calls any more, and the other groups are as they were.
  expect(await look(first.venue, 1)).toEqual(['CircuitOpen']);
  expect(await look(second.venue, 1)).toEqual(['CircuitOpen']);
  expect(await breaker('trading')).toBeUndefined();
});

test('what the venue refuses in health, and our own pace, open nothing (RSK-87)', async () => {
  const { venue } = process();
  for (const behaviour of [{ kind: 'reject' }, { kind: 'notSent' }] as const)
    for (let count = 0; count < 6; count += 1) {
      desk.venue.script.push(behaviour);
      desk.ledger.pass(6_000);
      await venue.submit({
        clientOrderId: `tw${behaviour.kind}${count}`,
        symbol: 'BTC-USDT',
        side: 'BUY',
        type: 'MARKET',
        quantity: 1n as never,
        limitPrice: null,
        timeInForce: 'GTC',
      });
    }
  expect(await breaker('trading')).toBeUndefined();
});

test('while it is open entries are blocked, and the outage is told once, after a minute (RSK-89)', async () => {
  const { venue, ports } = process();
  desk.venue.setOffline(true);
  await look(venue, 5);
  // An outage takes the trading service along: that is not a second one.
  for (let count = 0; count < 5; count += 1) await venue.cancel('BTC-USDT', 'tw1');
  await pass(ports);
  await desk.signal();
  await runGate(ports, 'paper');
  expect((await desk.signals()).map(({ rejectionReason }) => rejectionReason)).toEqual([
    'breaker_open',
  ]);
  const told = async () => (await desk.alerts()).filter(({ rule }) => rule === 'breaker_open');
  expect(await told()).toEqual([]);
  for (let minute = 0; minute < 5; minute += 1) {
    desk.ledger.pass(61_000);
    await pass(ports);
  }
  expect(await told()).toMatchObject([{ severity: 'CRITICAL', count: 1 }]);
});

test('the venue is back: probes close it, the book is compared, and only then may entries go (RSK-T07, RSK-85, RSK-89)', async () => {
  const { venue, ports } = process();
  desk.venue.setOffline(true);
  await look(venue, 5);
  // The trading service fails as well.
  for (let count = 0; count < 5; count += 1) await venue.cancel('BTC-USDT', 'tw1');
  expect(await breaker('trading')).toMatchObject({ status: 'OPEN' });
  desk.venue.setOffline(false);
  desk.ledger.pass(61_000);
  await desk.quote('BTC-USDT');

  // A probe on the way: closed, but not yet compared.
  expect(await look(venue, 2)).toEqual(['absent', 'absent']);
  expect(await breaker('account')).toMatchObject({ status: 'CLOSED' });
  expect((await breaker('account'))?.recoveringSince).not.toBeNull();
  expect(synced).toHaveLength(1);
  await desk.signal();
  await runGate(ports, 'paper');
  expect((await desk.signals())[0]?.rejectionReason).toBe('breaker_open');

  await pass(ports);
  expect(await breaker('trading')).toMatchObject({ status: 'CLOSED', recoveringSince: null });
  expect(await breaker('account')).toMatchObject({ status: 'CLOSED', recoveringSince: null });
  await desk.signal({ signalId: 'afterwards' });
  await runGate(ports, 'paper');
  const states = (await desk.signals()).map(({ executionStatus }) => executionStatus);
  expect(states.toSorted()).toEqual(['EXECUTED', 'REJECTED']);
});

test('a refused key shuts the venue and pages somebody; a person resets it when the key is mended (RSK-85)', async () => {
  const { venue, ports } = process();
  desk.venue.script.push({ kind: 'reject', code: 'AuthFailed' });
  await desk.signal();
  await runGate(ports, 'paper');
  for (const { bookId, intentId } of desk.tasks.values())
    await executeIntent(ports, { bookId, intentId });
  expect(await breaker('trading')).toMatchObject({ status: 'OPEN', probeAt: null });
  expect(await breaker('account')).toMatchObject({ status: 'OPEN', probeAt: null });
  const paged = (await desk.alerts()).filter(({ rule }) => rule === 'venue_stopped');
  expect(paged).toMatchObject([{ severity: 'CRITICAL' }]);
  desk.ledger.pass(86_400_000);
  expect(await look(venue, 1)).toEqual(['CircuitOpen']);
  expect(await resetSafety(ports, { minMs: 0 })).toMatchObject({ code: 'breakers_reset' });
  desk.ledger.pass(1_001);
  expect(await look(venue, 1)).toEqual(['absent']);
});

test('RSK-86 a state that was read a second ago is asked for again, however late its answer came', async () => {
  await desk.ledger.close();
  desk = openDesk(`breaker-${projects}-memory`, { memory: true });
  const { store, clock } = desk.ledger;
  const slow = {
    ...store,
    get: async (...args: Parameters<typeof store.get>) => {
      const found = await store.get(...args);
      desk.ledger.pass(31_000);
      return found;
    },
  } as typeof store;
  const id = { venue: 'binance', group: 'trading' };
  const breakers = openBreakerStore({ store: slow, clock });
  expect(await breakers.known(id, false)).toBeUndefined();
  await openBreakerStore({ store, clock }).change(id, (stored) => ({ ...stored, status: 'OPEN' }));
  expect(await breakers.known(id, false)).toMatchObject({ status: 'OPEN' });
});
