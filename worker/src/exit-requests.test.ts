import type { PositionDoc } from '@tradewind/contracts/documents/book';
import { price } from '@tradewind/core/lib/units';
import { createExitRequests, type ExitRequest } from './exit-requests.ts';
import { fakePorts } from './testing/fake-ports.ts';

const position = {
  bookId: 'paper',
  positionId: 'p1',
  symbol: 'BTC-USDT',
} as PositionDoc;
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

function bench(answer: () => ReturnType<ExitRequest>) {
  const fake = fakePorts();
  fake.state.now = 1_000_000;
  const calls: string[] = [];
  const exits = createExitRequests(fake.ports, (_, { reason, fast }) => {
    calls.push(`${reason}${fast ? ' fast' : ''}`);
    return answer();
  });
  const wish = async (): Promise<void> => {
    exits.wish(position, 'stop_loss', price('1'));
    await settle();
  };
  return { ...fake, exits, calls, wish };
}

test('PF-43 a hundred ticks below the stop make one wish, on the fast path', async () => {
  const { calls, wish } = bench(async () => ({ kind: 'alreadyClosing', intentId: 'i' }));
  for (let tick = 0; tick < 100; tick += 1) await wish();
  expect(calls).toEqual(['stop_loss fast']);
});

test('PF-43 an exit that came to nothing is wished for again, when its lock is gone', async () => {
  const { calls, wish, state } = bench(async () => ({ kind: 'notOpen' }));
  await wish();
  state.now += 1_999;
  await wish();
  expect(calls).toHaveLength(1);
  state.now += 1;
  await wish();
  expect(calls).toHaveLength(2);
});

test('a wish that the ledger puts off waits for its time', async () => {
  const { calls, wish, state } = bench(async () => ({ kind: 'tooSoon', retryAt: 1_030_000 }));
  await wish();
  state.now = 1_029_999;
  await wish();
  expect(calls).toHaveLength(1);
  state.now = 1_030_000;
  await wish();
  expect(calls).toHaveLength(2);
});

test('an exit that fails raises an alert and is tried again, ever less often', async () => {
  const { calls, wish, state, writes } = bench(async () => {
    throw new Error('unavailable');
  });
  for (let second = 0; second < 16; second += 1) {
    await wish();
    await wish();
    state.now += 1_000;
  }
  expect(calls).toHaveLength(5);
  expect(writes.filter((path) => path.startsWith('alerts/'))).toHaveLength(5);
});
