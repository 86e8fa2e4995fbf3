import { silentLog } from '@tradewind/adapters/telemetry/log';
import { epochMs } from '@tradewind/core/lib/time';
import { keepLease } from './keep-lease.ts';

const START = 1_000_000;
/** As desks have it. */
const LEASE_MS = 15_000;

beforeEach(() => import.meta.jest.useFakeTimers({ now: START }));
afterEach(() => import.meta.jest.useRealTimers());

const pass = (ms: number) => import.meta.jest.advanceTimersByTimeAsync(ms);

/** A holder whose ledger answers as `renew` does; `lost` tells when it stopped acting, in ms since it began. */
function hold(renew: () => Promise<boolean>) {
  const lost: { readonly at: number; readonly why: string }[] = [];
  const end = new AbortController();
  const clock = { wallNow: () => epochMs(Date.now()), marketNow: () => epochMs(Date.now()) };
  const kept = keepLease(
    { clock, log: silentLog, workerLeaseMs: LEASE_MS },
    { renew },
    {
      signal: end.signal,
      onLost: (why) => {
        lost.push({ at: Date.now() - START, why });
        end.abort();
      },
    },
  );
  return { lost, kept, end };
}

test('EXE-62 a holder whose lease another one took stops acting within five seconds', async () => {
  let isTaken = false;
  const { lost, kept } = hold(() => Promise.resolve(!isTaken));
  await pass(60_001);
  expect(lost).toEqual([]);
  isTaken = true;
  await pass(5_000);
  expect(lost).toEqual([{ at: expect.any(Number) as number, why: 'another worker holds it' }]);
  await kept;
});

test.each([
  ['hears nothing', () => new Promise<boolean>(() => undefined)],
  ['is refused', () => Promise.reject(new Error('no route'))],
])(
  'EXE-62 a holder that %s from its ledger stops before anybody else may hold the lease',
  async (_, renew) => {
    const { lost, end } = hold(renew);
    await pass(LEASE_MS - 1);
    expect(lost).toEqual([{ at: expect.any(Number) as number, why: 'it could not be renewed' }]);
    end.abort();
  },
);

test('EXE-62 one that was paused for longer than its lease stops within five seconds of waking', async () => {
  const { lost, end } = hold(() => new Promise<boolean>(() => undefined));
  await pass(1_000);
  // The process stands still for a minute: no timer of it runs meanwhile.
  import.meta.jest.setSystemTime(START + 61_000);
  await pass(5_000);
  expect(lost).toEqual([{ at: expect.any(Number) as number, why: 'it could not be renewed' }]);
  expect(lost[0]?.at).toBeLessThanOrEqual(66_000);
  end.abort();
});
