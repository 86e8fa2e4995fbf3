import { createUsageMeter } from '../ledger/usage-meter.ts';
import { createQueue, type TaskDoor } from './create-queue.ts';

type Call = { readonly name: string; readonly data: unknown; readonly options: unknown };

const doors = (failure?: Error) => {
  const calls: Call[] = [];
  const doorOf = (name: string): TaskDoor => ({
    enqueue: async (data, options) => {
      calls.push({ name, data, options });
      if (failure !== undefined) throw failure;
    },
  });
  return { calls, doorOf };
};

const failureWith = (code: string): Error => Object.assign(new Error(code), { code });

test('a task goes to the queue of its name, with its id', async () => {
  const { calls, doorOf } = doors();
  const queue = createQueue(createUsageMeter(), doorOf);
  await queue.enqueue('executeIntent', { bookId: 'paper', intentId: 'i1' }, { id: 'i1' });
  expect(calls).toEqual([
    { name: 'executeIntent', data: { bookId: 'paper', intentId: 'i1' }, options: { id: 'i1' } },
  ]);
});

test('a delay is rounded up to whole seconds: a task is never early', async () => {
  const { calls, doorOf } = doors();
  const queue = createQueue(createUsageMeter(), doorOf);
  await queue.enqueue('syncOrdersAgain', { scheduledAt: 1 }, { id: 's', delayMs: 29_001 });
  expect(calls[0]?.options).toEqual({ id: 's', scheduleDelaySeconds: 30 });
});

test('a task whose id was used before is left alone', async () => {
  const { doorOf } = doors(failureWith('functions/task-already-exists'));
  const queue = createQueue(createUsageMeter(), doorOf);
  await expect(
    queue.enqueue('sendNotification', { dedupKey: 'k' }, { id: 'k' }),
  ).resolves.toBeUndefined();
});

test('every other failure of the queue is thrown', async () => {
  const { doorOf } = doors(failureWith('functions/unavailable'));
  const queue = createQueue(createUsageMeter(), doorOf);
  await expect(queue.enqueue('sendNotification', { dedupKey: 'k' }, { id: 'k' })).rejects.toThrow(
    'functions/unavailable',
  );
});

test('ARC-27 a payload that its schema refuses is not enqueued', async () => {
  const { calls, doorOf } = doors();
  const queue = createQueue(createUsageMeter(), doorOf);
  await expect(
    queue.enqueue('evaluateBots', { bookId: 'paper', botIds: [] }, { id: 'e' }),
  ).rejects.toThrow('botIds');
  expect(calls).toEqual([]);
});

test('an id that Firebase would refuse becomes one that it takes, the same each time', async () => {
  const { calls, doorOf } = doors();
  const queue = createQueue(createUsageMeter(), doorOf);
  const payload = { bookId: 'paper', intentId: 's1.ENTER' };
  for (const id of ['s1.ENTER', 's1.ENTER', 's1.EXIT'])
    await queue.enqueue('executeIntent', payload, { id });
  const ids = calls.map(({ options }) => (options as { readonly id: string }).id);
  expect(ids[0]).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

test('ARC-56 what was enqueued is counted as published; a repeat and a failure are not', async () => {
  const usage = createUsageMeter();
  const intent = { bookId: 'paper', intentId: 'i1' };
  await createQueue(usage, doors().doorOf).enqueue('executeIntent', intent, { id: 'i1' });
  const known = createQueue(usage, doors(failureWith('functions/task-already-exists')).doorOf);
  await known.enqueue('executeIntent', intent, { id: 'i1' });
  const away = createQueue(usage, doors(failureWith('functions/unavailable')).doorOf);
  await expect(away.enqueue('executeIntent', intent, { id: 'i2' })).rejects.toThrow('unavailable');
  const counted = { published: 1, delivered: 0, failed: 0, latencies: {} };
  expect(usage.take().topics).toEqual({ executeIntent: counted });
});
