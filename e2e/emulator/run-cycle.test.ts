import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { heartbeatDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { handleRunCycle } from '../../functions/src/cycle/handle-run-cycle.ts';
import { MINUTE, openCycleDesk, T0, type CycleDesk } from './cycle-desk.ts';
import { book, bot, strategy } from './documents.ts';

let desk: CycleDesk;
beforeEach(async () => {
  desk = await openCycleDesk('run-cycle');
});
afterEach(() => desk.ledger.close());

/** Something that happens once. */
const signal = (): { readonly fired: Promise<void>; readonly fire: () => void } => {
  let fire = (): void => {};
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return {
    fired,
    fire: () => {
      fire();
    },
  };
};

const run = (at: number = T0) => handleRunCycle(desk.ports, epochMs(at));

test('ARC-28 running bots of running books are evaluated, each minute once', async () => {
  await desk.ledger.store.set(paths.bot('off'), botDoc, bot({ botId: 'off', status: 'STOPPED' }));
  await desk.ledger.store.set(
    paths.book('idle'),
    bookDoc,
    book({ bookId: 'idle', status: 'PAUSED' }),
  );
  await desk.ledger.store.set(paths.bot('idle'), botDoc, bot({ botId: 'idle', bookId: 'idle' }));
  await run();
  await run(T0 + 5_000);
  await run(T0 + MINUTE);
  expect(desk.tasks.map(({ name, data }) => ({ name, data }))).toEqual(
    Array.from({ length: 3 }, () => ({
      name: 'evaluateBots',
      data: { bookId: 'paper', botIds: ['trend'] },
    })),
  );
  expect(new Set(desk.tasks.map(({ id }) => id)).size).toBe(2);
});

test('more than 50 bots are shared out over several tasks', async () => {
  const { store } = desk.ledger;
  await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      store.set(paths.bot(`b${i}`), botDoc, bot({ botId: `b${i}` })),
    ),
  );
  await run();
  const sizes = desk.tasks.map(({ data }) => (data as { botIds: string[] }).botIds.length);
  expect(sizes.sort()).toEqual([11, 50]);
});

test('STR-91 strategies that run are evaluated beside bots, and so are paused ones: they still decide exits', async () => {
  const { store } = desk.ledger;
  const put = (strategyId: string, changes: Parameters<typeof strategy>[0]) =>
    store.set(paths.strategy(strategyId), strategyDoc, strategy({ strategyId, ...changes }));
  await put('runs', { status: 'RUNNING' });
  await put('rests', { status: 'PAUSED' });
  await put('stopped', { status: 'STOPPED' });
  await put('failed', { status: 'ERROR' });
  await run();
  expect(desk.tasks.map(({ data }) => data)).toEqual([
    { bookId: 'paper', botIds: ['rests', 'runs', 'trend'] },
  ]);
});

test('a strategy of many markets gets a task of its own', async () => {
  const { store } = desk.ledger;
  const marketKeys = Array.from({ length: 60 }, (_, i) => `binance_spot_C${i}-USDT`);
  await store.set(
    paths.strategy('wide'),
    strategyDoc,
    strategy({ strategyId: 'wide', marketKeys }),
  );
  await store.set(paths.strategy('a'), strategyDoc, strategy({ strategyId: 'a' }));
  await run();
  const ids = desk.tasks.map(({ data }) => (data as { botIds: string[] }).botIds);
  expect(ids.toSorted()).toEqual([['a', 'trend'], ['wide']].toSorted());
});

test('ARC-01 a second cycle does not begin while one runs', async () => {
  const [gate, entered] = [signal(), signal()];
  const slow: ExecutionPorts = {
    ...desk.ports,
    queue: {
      enqueue: async () => {
        entered.fire();
        await gate.fired;
      },
    },
  };
  const first = handleRunCycle(slow, epochMs(T0));
  await entered.fired;
  await run(T0 + MINUTE);
  expect(desk.tasks).toEqual([]);
  gate.fire();
  await first;
  await run(T0 + MINUTE);
  expect(desk.tasks).toHaveLength(1);
});

test('the cycle leaves a sign of life', async () => {
  await run();
  expect(await desk.ledger.store.get(paths.heartbeat('cycle'), heartbeatDoc)).toMatchObject({
    status: 'LIVE',
    detail: '1 running bots in 1 running books',
    beatAt: desk.ledger.clock.wallNow(),
  });
});
