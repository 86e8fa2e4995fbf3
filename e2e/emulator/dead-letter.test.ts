import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { alertDoc, deadLetterDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { tasks as taskSchemas } from '@tradewind/contracts/tasks';
import { handleDiscardDeadLetter } from '../../functions/src/dead-letters/handle-discard-dead-letter.ts';
import { handleReplayDeadLetter } from '../../functions/src/dead-letters/handle-replay-dead-letter.ts';
import { deliverTask } from '../../functions/src/delivery/deliver-task.ts';
import { withDeadLetter } from '../../functions/src/delivery/with-dead-letter.ts';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { openDesk } from './execution-desk.ts';

const desk = openDesk('dead-letter');
beforeEach(async () => {
  desk.tasks.clear();
  await desk.ledger.clear();
});
afterAll(() => desk.ledger.close());

const { ports } = desk;
const { store } = ports;
const letters = () => store.query(store.firestore.collection(paths.deadLetters), deadLetterDoc);
const alerts = () => store.query(store.firestore.collection(paths.alerts), alertDoc);
const task = (intentId: string) => ({ bookId: 'paper', intentId });
const deliver = (retryCount: number, { intentId = 'i1', topic = 'executeIntent' } = {}) =>
  withDeadLetter(ports, { topic, payload: task(intentId), retryCount, maxAttempts: 5 }, () =>
    Promise.reject(new Error('ledger down')),
  );
/** A task that was given up; its letter's id. */
async function buried(options: { readonly intentId?: string; readonly topic?: string } = {}) {
  await expect(deliver(4, options)).rejects.toThrow('ledger down');
  const all = await letters();
  const wanted = options.intentId ?? 'i1';
  const letter = all.find(({ payload }) => payload.includes(`"${wanted}"`));
  if (letter === undefined) throw new Error('there is no letter');
  return letter.deadLetterId;
}

test('ARC-05 ARC-52 a failure goes back to the platform and leaves nothing behind while it retries', async () => {
  await expect(deliver(3)).rejects.toThrow('ledger down');
  expect(await letters()).toEqual([]);
});

test('ARC-55 the last failure is written down with its payload, and raises an alert', async () => {
  await buried();
  expect(await letters()).toMatchObject([
    {
      topic: 'executeIntent',
      payload: '{"bookId":"paper","intentId":"i1"}',
      error: 'ledger down',
      attempts: 5,
    },
  ]);
  expect((await alerts()).map(({ rule }) => rule)).toEqual(['stuck_task']);
});

test('ARC-55 a task that this release cannot read is kept as it came', async () => {
  const payload = { bookId: 'paper', intent: 'i1' };
  const last = { topic: 'executeIntent', payload, retryCount: 4, maxAttempts: 5 } as const;
  await expect(deliverTask(ports, last, () => Promise.resolve())).rejects.toThrow('intentId');
  expect(await letters()).toMatchObject([{ payload: JSON.stringify(payload), attempts: 5 }]);
});

test('ARC-52 a pass that the next one makes up for fails without a letter', async () => {
  const payload = { bookId: 'paper', botIds: ['trend'] };
  const last = { topic: 'evaluateBots', payload, retryCount: 1, maxAttempts: 2 } as const;
  const failing = deliverTask(ports, last, () => Promise.reject(new Error('ledger down')));
  await expect(failing).rejects.toThrow('ledger down');
  expect(await letters()).toEqual([]);
});

test('ARC-55 the eleventh that waits is a warning of its own, until enough of them are settled', async () => {
  const ids: string[] = [];
  for (let each = 1; each <= 11; each += 1) {
    expect((await alerts()).some(({ rule }) => rule === 'stuck_tasks')).toBe(false);
    ids.push(await buried({ intentId: `i${each}` }));
  }
  const many = async () => (await alerts()).find(({ rule }) => rule === 'stuck_tasks')?.state;
  expect(await many()).toBe('ACTIVE');
  await handleDiscardDeadLetter(ports, { deadLetterId: ids[0] ?? '' });
  expect(await many()).toBe('RESOLVED');
});

describe('ARC-55 an admin has a dead letter run again', () => {
  test('its order is sent, once, and its alert is settled', async () => {
    await desk.seed();
    await desk.signal();
    await runGate(ports, 'paper');
    const [intent] = await desk.intents();
    const { intentId } = intent ?? { intentId: '' };
    desk.tasks.clear();
    const deadLetterId = await buried({ intentId });

    expect(await handleReplayDeadLetter(ports, { deadLetterId })).toMatchObject({
      ok: true,
      code: 'replayed',
    });
    const queued = [...desk.tasks.values()];
    expect(queued).toMatchObject([task(intentId)]);
    for (const each of queued)
      await executeIntent(
        ports,
        taskSchemas.executeIntent.parse({ bookId: each.bookId, intentId: each.intentId }),
      );
    expect((await desk.orders()).map(({ status }) => status)).toEqual(['FILLED']);
    expect((await alerts()).find(({ rule }) => rule === 'stuck_task')?.state).toBe('RESOLVED');
    expect(await handleReplayDeadLetter(ports, { deadLetterId })).toMatchObject({
      ok: false,
      code: 'replayed',
    });
  });

  test('a crash before it is marked leaves it waiting, and its task is not there twice', async () => {
    const deadLetterId = await buried();
    const names: string[] = [];
    const queue = {
      enqueue: async (_: string, __: object, { id }: { readonly id: string }) => {
        names.push(id);
        if (names.length === 1) throw new Error('killed');
      },
    };
    await expect(handleReplayDeadLetter({ ...ports, queue }, { deadLetterId })).rejects.toThrow();
    expect(await letters()).toMatchObject([{ replayedAt: null }]);
    await handleReplayDeadLetter({ ...ports, queue }, { deadLetterId });
    expect(names[1]).toBe(names[0]);
  });

  test('one that fails again waits again, and its next task has a name of its own', async () => {
    const deadLetterId = await buried();
    await handleReplayDeadLetter(ports, { deadLetterId });
    await buried();
    expect(await letters()).toMatchObject([{ attempts: 10, replayedAt: null }]);
    expect((await alerts()).find(({ rule }) => rule === 'stuck_task')).toMatchObject({
      state: 'ACTIVE',
      count: 2,
    });
    await handleReplayDeadLetter(ports, { deadLetterId });
    expect(desk.tasks.size).toBe(2);
  });

  test('a task that this version does not know can only be discarded', async () => {
    const deadLetterId = await buried({ topic: 'formerTask' });
    expect(await handleReplayDeadLetter(ports, { deadLetterId })).toMatchObject({
      code: 'unknown_task',
    });
    expect(await handleDiscardDeadLetter(ports, { deadLetterId })).toMatchObject({ ok: true });
  });
});

describe('ARC-55 an admin discards a dead letter', () => {
  test('it stays to be read, does not run again, and its alert is settled', async () => {
    const deadLetterId = await buried();
    expect(await handleDiscardDeadLetter(ports, { deadLetterId })).toMatchObject({
      ok: true,
      code: 'discarded',
    });
    expect(await letters()).toMatchObject([{ deadLetterId, discardedAt: ports.clock.wallNow() }]);
    expect((await alerts()).map(({ state }) => state)).toEqual(['RESOLVED']);
    expect(await handleReplayDeadLetter(ports, { deadLetterId })).toMatchObject({
      code: 'discarded',
    });
    // Twice is as good as once.
    expect(await handleDiscardDeadLetter(ports, { deadLetterId })).toMatchObject({ ok: true });
  });

  test('there is none of that id', async () => {
    const none = { deadLetterId: 'none' };
    expect(await handleDiscardDeadLetter(ports, none)).toMatchObject({ code: 'not_found' });
    expect(await handleReplayDeadLetter(ports, none)).toMatchObject({ code: 'not_found' });
  });
});
