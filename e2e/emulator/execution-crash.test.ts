import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { requestExit } from '@tradewind/adapters/execution/request-exit';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { price } from '@tradewind/core/lib/units';
import type { Behaviour } from './fake-orders.ts';
import { openDesk, type Desk } from './execution-desk.ts';

/** The process ends here: nothing that it does afterwards has an effect. */
class Crash extends Error {}

type Moment = 'before' | 'after';

/** Ports whose process dies at the `at`-th call to ledger, venue or queue. */
function mortal(
  desk: Desk,
  at: number,
  moment: Moment,
): { ports: ExecutionPorts; died: () => boolean } {
  let calls = 0;
  let dead = false;
  const mortalCall =
    (call: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]): Promise<unknown> => {
      if (dead) throw new Crash('dead');
      calls += 1;
      const dies = calls === at;
      if (dies && moment === 'before') {
        dead = true;
        throw new Crash(`died before call ${at}`);
      }
      const result = await call(...args);
      if (dies) {
        dead = true;
        throw new Crash(`died after call ${at}`);
      }
      return result;
    };
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key);
        return typeof member === 'function'
          ? mortalCall(member as (...args: unknown[]) => Promise<unknown>)
          : member;
      },
    });
  const venue = wrap(desk.venue);
  const ports = {
    ...desk.ports,
    store: wrap(desk.ports.store),
    queue: wrap(desk.queue),
    venueOf: async () => venue,
    actor: 'mortal',
  };
  return { ports, died: () => dead };
}

/** Runs `flow` in a process that dies at its first call, then one that dies at its second, … */
async function dieEverywhere(
  name: string,
  scene: {
    readonly moment: Moment;
    readonly prepare: (desk: Desk) => Promise<void>;
    readonly flow: (ports: ExecutionPorts, desk: Desk) => Promise<unknown>;
    readonly check: (desk: Desk) => Promise<void>;
  },
): Promise<number> {
  for (let at = 1; ; at += 1) {
    const desk = openDesk(`${name}-${at}`);
    try {
      await desk.ledger.clear();
      await scene.prepare(desk);
      const { ports, died } = mortal(desk, at, scene.moment);
      await scene.flow(ports, desk).catch((error: unknown) => {
        if (!died()) throw error;
      });
      await desk.recover();
      try {
        await scene.check(desk);
      } catch (error) {
        throw new Error(`died ${scene.moment} call ${at}`, { cause: error });
      }
      if (!died()) return at - 1;
    } finally {
      await desk.ledger.close();
    }
  }
}

const enter = async (ports: ExecutionPorts, desk: Desk): Promise<void> => {
  await runGate(ports, 'paper');
  for (const [id, task] of [...desk.tasks]) {
    desk.tasks.delete(id);
    await executeIntent(ports, task);
  }
};

const answers: readonly (readonly [string, Behaviour])[] = [
  ['the venue answers', { kind: 'fill', parts: 2 }],
  ['the answer is lost', { kind: 'lostAfter', then: { kind: 'fill', parts: 2 } }],
  ['the order is lost', { kind: 'lostBefore' }],
];

describe.each(answers)('EXE-T11 a process dies while %s', (title, behaviour) => {
  test.each(['before', 'after'] as const)(
    'at any call, %s its effect: an entry is one order in the end',
    async (moment) => {
      const name = `crash-entry-${answers.findIndex(([other]) => other === title)}-${moment}`;
      const deaths = await dieEverywhere(name, {
        moment,
        prepare: async (desk) => {
          await desk.seed();
          await desk.signal({ ttlMs: 86_400_000 });
          desk.venue.script.push(behaviour);
        },
        flow: enter,
        check: async (desk) => {
          expect(desk.venue.taken).toHaveLength(1);
          expect((await desk.orders()).map(({ status }) => status)).toEqual(['FILLED']);
          expect((await desk.intents()).map(({ status }) => status)).toEqual(['DONE']);
          expect((await desk.positions()).map(({ status }) => status)).toEqual(['OPEN']);
          await desk.expectAgreement();
        },
      });
      expect(deaths).toBeGreaterThan(10);
    },
    240_000,
  );
});

test.each(['before', 'after'] as const)(
  'EXE-T11 an exit on the fast path, whose process dies at any call, %s its effect, sells once',
  async (moment) => {
    const deaths = await dieEverywhere(`crash-exit-${moment}`, {
      moment,
      prepare: async (desk) => {
        await desk.seed();
        await desk.signal();
        await enter(desk.ports, desk);
        desk.venue.setPrice(price('94'));
      },
      flow: async (ports, desk) => {
        const [position] = await desk.positions();
        await requestExit(ports, {
          bookId: 'paper',
          positionId: position?.positionId ?? '',
          marketKey: position?.marketKey ?? '',
          reason: 'stop_loss',
          price: price('94'),
          fast: true,
        });
      },
      check: async (desk) => {
        const sold = desk.venue.taken.filter(({ side }) => side === 'SELL').length;
        const [position] = await desk.positions();
        // A wish that died before it was written is made again by the next tick, not by recovery.
        expect([position?.status, sold]).toEqual(sold === 0 ? ['OPEN', 0] : ['CLOSED', 1]);
        expect(position?.closeIntentId).toBeNull();
        await desk.expectAgreement();
      },
    });
    expect(deaths).toBeGreaterThanOrEqual(4);
  },
  240_000,
);
