import type { CallClass } from '@tradewind/core/order/rate-budget';
import { epochMs } from '@tradewind/core/lib/time';
import { createLimiter } from './limiter.ts';

beforeEach(() => import.meta.jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => import.meta.jest.useRealTimers());

/** Time that only the test moves. */
function timed() {
  const limiter = createLimiter({
    clock: { wallNow: () => epochMs(Date.now()) },
    sleep: (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
  });
  const answers: string[] = [];
  const call = (kind: CallClass, name: string = kind): void => {
    limiter
      .take(kind, 1)
      .then((went) => answers.push(went ? name : `no ${name}`))
      .catch(() => answers.push('failed'));
  };
  return { limiter, answers, call };
}
const pass = (ms: number) => import.meta.jest.advanceTimersByTimeAsync(ms);

test('eleven calls at once: ten go, and one waits its tenth of a second (EXE-T16)', async () => {
  const { call, answers } = timed();
  for (let count = 0; count < 11; count += 1) call('exit');
  await pass(99);
  expect(answers).toHaveLength(10);
  await pass(1);
  expect(answers).toHaveLength(11);
});

test('an exit that comes later goes before entries that wait (EXE-91)', async () => {
  const { call, answers } = timed();
  for (let count = 0; count < 10; count += 1) call('exit', 'before');
  call('entry');
  call('exit');
  call('emergency');
  await pass(1_000);
  expect(answers.slice(10)).toEqual(['emergency', 'exit', 'entry']);
});

test('of more than a hundred that wait the lowest class is refused (EXE-91)', async () => {
  const { call, answers } = timed();
  for (let count = 0; count < 10; count += 1) call('exit', 'before');
  call('history');
  for (let count = 0; count < 100; count += 1) call('entry');
  await pass(0);
  expect(answers.slice(10)).toEqual(['no history']);
});

test('nothing waits for longer than a call may', async () => {
  const { limiter, call, answers } = timed();
  limiter.slowDown('entry', 60_000);
  call('entry');
  await pass(8_000);
  expect(answers).toEqual(['no entry']);
});

test('after a rate error the class rests for 5 s, and an exit goes at once (EXE-92, EXE-T16)', async () => {
  const { limiter, call, answers } = timed();
  limiter.slowDown('entry', null);
  call('entry');
  await pass(4_999);
  call('exit');
  await pass(0);
  expect(answers).toEqual(['exit']);
  await pass(1);
  expect(answers).toEqual(['exit', 'entry']);
});
