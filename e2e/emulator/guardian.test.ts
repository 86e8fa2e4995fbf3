import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { protectPosition } from '@tradewind/adapters/execution/protect-position';
import { reduceOnly } from '@tradewind/adapters/execution/reduce-only';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { heartbeatDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { handleGuardian } from '../../functions/src/guardian/handle-guardian.ts';
import { NOW, riskState } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

const open = (): Desk => openDesk('guardian', { stops: true, memory: true });
const look = (desk: Desk, ports: ExecutionPorts = desk.ports) => handleGuardian(ports, NOW);

async function enter(desk: Desk, trailingStopPct: number | null = null): Promise<void> {
  await desk.seed({ bot: { trailingStopPct } });
  await desk.signal();
  await runGate(desk.ports, 'paper');
  await desk.drain();
}
const atVenue = async (desk: Desk) => {
  const listed = await desk.venue.openOrders();
  if (!listed.ok) throw new Error('offline');
  return listed.value.map(({ type, triggerPrice, quantity }) => [type, triggerPrice, quantity]);
};
const rules = async (desk: Desk) =>
  (await desk.alerts()).filter(({ state }) => state === 'ACTIVE').map(({ rule }) => rule);
const STOP = ['STOP', price('95'), qty('0.999')];

test('D13 the guardian leaves what is right alone, and says that it is alive', async () => {
  const desk = open();
  await enter(desk);
  const taken = desk.venue.taken.length;
  await look(desk);
  expect(desk.venue.taken).toHaveLength(taken);
  const beat = await desk.ports.store.get(paths.heartbeat('guardian'), heartbeatDoc);
  expect(beat).toMatchObject({ status: 'LIVE', detail: '1 open positions in 1 books' });
  expect(await rules(desk)).toEqual([]);
});

test('D13 a stop that vanished at the venue is placed again', async () => {
  const desk = open();
  await enter(desk);
  const [position] = await desk.positions();
  await desk.venue.cancel('BTC-USDT', position?.stop.venueStopOrderId ?? '');
  await look(desk);
  expect(await atVenue(desk)).toEqual([STOP]);
});

test('a stop that the venue filled unnoticed closes its position', async () => {
  const desk = open();
  await enter(desk);
  desk.venue.setPrice(price('94.9'));
  await look(desk);
  expect((await desk.positions())[0]).toMatchObject({ status: 'CLOSED', closeReason: 'stop_loss' });
  await desk.expectAgreement();
});

test('D12 a stop without a position is taken away', async () => {
  const desk = open();
  await enter(desk);
  const [position] = await desk.positions();
  // The process that closes the position dies before it hears of the stop's end.
  const orderId = position?.stop.venueStopOrderId ?? '';
  desk.venue.setPrice(price('94.9'));
  await look(desk);
  expect((await desk.orders()).find((order) => order.orderId === orderId)?.status).toBe('FILLED');
  expect(await atVenue(desk)).toEqual([]);
});

test('EXE-51 a list that cannot be read changes nothing, and is told', async () => {
  const desk = open();
  await enter(desk);
  desk.venue.setOffline(true);
  await look(desk);
  expect(await rules(desk)).toContain('guardian_failed');
  expect((await desk.positions())[0]?.status).toBe('OPEN');
  desk.venue.setOffline(false);
  await look(desk);
  expect(await rules(desk)).not.toContain('guardian_failed');
  expect(await atVenue(desk)).toEqual([STOP]);
});

test.each(['cycle', 'worker-0'])('a %s that fell silent is told once', async (component) => {
  const desk = open();
  await enter(desk);
  const beat = (status: 'LIVE' | 'STOPPED', beatAt: number) =>
    desk.ports.store.set(paths.heartbeat(component), heartbeatDoc, {
      component,
      status,
      detail: '',
      startedAt: NOW,
      beatAt: epochMs(beatAt),
      maxAgeMs: 1_000,
      version: 'test',
    });
  await beat('LIVE', desk.ledger.clock.wallNow() - 2_000);
  await look(desk);
  await look(desk);
  const alerts = (await desk.alerts()).filter(({ rule }) => rule === 'heartbeat_lost');
  expect(alerts.map(({ count, state }) => [count, state])).toEqual([[2, 'ACTIVE']]);
  await beat('LIVE', desk.ledger.clock.wallNow());
  await look(desk);
  expect(await rules(desk)).toEqual([]);
});

test('RSK-92 an emergency stop whose process died is gone on with', async () => {
  const desk = open();
  await enter(desk);
  const stopped = {
    emergencyStop: true,
    emergencyStopAt: desk.ledger.clock.wallNow(),
    emergency: { flatten: true, doneAt: null },
  };
  await desk.ports.store.set(paths.riskState('paper'), riskStateDoc, riskState(stopped));
  await look(desk);
  expect((await desk.positions())[0]?.status).toBe('OPEN');
  desk.ledger.pass(16_000);
  await look(desk);
  expect((await desk.positions())[0]).toMatchObject({
    status: 'CLOSED',
    closeReason: 'emergency',
  });
  expect((await desk.riskNow()).emergency?.doneAt).not.toBeNull();
  await desk.expectAgreement();
});

test('the guardian can open nothing, whatever is asked of it', async () => {
  const desk = open();
  await desk.seed();
  const order = {
    clientOrderId: 'x',
    symbol: 'BTC-USDT',
    side: 'BUY',
    type: 'MARKET',
    quantity: qty('1'),
    limitPrice: null,
    timeInForce: 'GTC',
  } as const;
  const account = reduceOnly(desk.venue);
  expect(await account.submit(order)).toMatchObject({ kind: 'rejected' });
  expect(desk.venue.submissions()).toBe(0);
});

/** Ports whose process dies at the `at`-th call to ledger or venue: before its effect, or after. */
function mortal(desk: Desk, at: number, moment: 'before' | 'after') {
  let calls = 0;
  let dead = false;
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key);
        if (typeof member !== 'function') return member;
        const call = member as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]): Promise<unknown> => {
          calls += 1;
          const dies = calls === at;
          if (dead || (dies && moment === 'before')) {
            dead = true;
            throw new Error('dead');
          }
          const result = await call(...args);
          if (dies) {
            dead = true;
            throw new Error('dead');
          }
          return result;
        };
      },
    });
  const venue = wrap(desk.venue);
  const ports: ExecutionPorts = {
    ...desk.ports,
    store: wrap(desk.ports.store),
    venueOf: async () => venue,
    urgentVenueOf: async () => venue,
    actor: 'mortal',
  };
  return { ports, died: () => dead };
}

/** Runs `flow` in a process that dies at its first call, then one that dies at its second, … */
async function dieEverywhere(
  moment: 'before' | 'after',
  flow: (ports: ExecutionPorts, desk: Desk) => Promise<unknown>,
): Promise<number> {
  for (let at = 1; ; at += 1) {
    const desk = open();
    await enter(desk, 0.5);
    const [position] = await desk.positions();
    const { ports, died } = mortal(desk, at, moment);
    await flow(ports, desk).catch((error: unknown) => {
      if (!died()) throw error;
    });
    // What comes along within seconds: the worker, order sync, the guardian.
    for (let round = 0; round < 3; round += 1) {
      desk.ledger.pass(3_100);
      await look(desk);
    }
    await desk.recover();
    const found = { at, moment, status: (await desk.positions())[0]?.status };
    expect(found).toEqual({ at, moment, status: 'OPEN' });
    expect((await desk.positions())[0]?.positionId).toBe(position?.positionId);
    const rests = await atVenue(desk);
    expect({ at, moment, rests: rests.map(([, , quantity]) => quantity) }).toEqual({
      at,
      moment,
      rests: [qty('0.999')],
    });
    await desk.expectAgreement();
    if (!died()) return at - 1;
  }
}

describe.each(['before', 'after'] as const)(
  'EXE-T11 a process that dies at any call, %s its effect,',
  (moment) => {
    test('while it moves a stop leaves one stop and the position in the end', async () => {
      const deaths = await dieEverywhere(moment, async (ports, desk) => {
        const [position] = await desk.positions();
        const positionId = position?.positionId ?? '';
        return protectPosition(ports, { bookId: 'paper', positionId, highest: price('101') });
      });
      expect(deaths).toBeGreaterThan(5);
    });

    test('while the guardian repairs leaves one stop and the position in the end', async () => {
      const deaths = await dieEverywhere(moment, async (ports, desk) => {
        const [position] = await desk.positions();
        await desk.venue.cancel('BTC-USDT', position?.stop.venueStopOrderId ?? '');
        return look(desk, ports);
      });
      expect(deaths).toBeGreaterThan(10);
    });
  },
);
