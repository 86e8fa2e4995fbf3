import { bookDoc, positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { instrument } from '../../worker/src/testing/fake-market.ts';
import { openPosition } from '../../worker/src/testing/fixtures.ts';
import { book, bot, riskState } from './documents.ts';
import { createFakeVenue } from './fake-venue.ts';
import { startFakeWorker } from './fake-worker.ts';
import { openLedger } from './open-ledger.ts';

const LEASE_MS = 3_000;
const PATIENCE_MS = 60_000;
const SYMBOL = 'BTC-USDT';
const KEY = `binance_spot_${SYMBOL}`;
/** Its stop is at 47,500. */
const POSITION = openPosition();

const ledger = openLedger('worker-lease', 0);
const { store } = ledger;
const wallNow = () => epochMs(Date.now());
const openVenue = () => {
  const fake = createFakeVenue({ cash: money('9500'), price: price('50000'), now: wallNow });
  fake.setHeld(SYMBOL, POSITION.quantity);
  // It holds no stops: what is sold is sold by a worker.
  return { ...fake, capabilities: { ...fake.capabilities, stopOrders: false } };
};
let venue = openVenue();

beforeEach(async () => {
  await ledger.clear();
  venue = openVenue();
  await store.set(paths.book('paper'), bookDoc, book({ cash: money('9500') }));
  await store.set(paths.riskState('paper'), riskStateDoc, riskState());
  await store.set(paths.bot('trend'), botDoc, bot());
  await store.set(paths.market(KEY), marketDoc, { ...instrument(SYMBOL), updatedAt: wallNow() });
  await store.set(paths.position('paper', POSITION.positionId), positionDoc, POSITION);
  // An emulator that has just started takes its time.
}, 60_000);
afterAll(ledger.close);

const start = (actor: string) =>
  startFakeWorker(ledger, {
    ...{ actor, venue, symbols: [SYMBOL], leaseMs: LEASE_MS },
    shards: { count: 1, share: 1 },
  });
type FakeWorker = ReturnType<typeof start>;

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await isSo());) {
    if (Date.now() > end) throw new Error(`not in ${PATIENCE_MS} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
const roleOf = ({ worker }: FakeWorker) => worker.status().role;
/** It acts, and follows the market. */
const isAtWork = ({ worker }: FakeWorker): boolean =>
  worker.sessions().some((session) => session.lines().some(({ phase }) => phase === 'live'));
const closed = async (): Promise<boolean> => {
  const position = await store.get(paths.position('paper', POSITION.positionId), positionDoc);
  return position?.status === 'CLOSED';
};
/** Trades below the stop, one after the other, until somebody has sold. */
async function fall(workers: readonly FakeWorker[]): Promise<void> {
  let printedAt = 0;
  await until('the position to be closed', () => {
    if (Date.now() - printedAt > 500) {
      printedAt = Date.now();
      for (const each of workers) each.print(SYMBOL, '47000');
    }
    return closed();
  });
}
const settled = () => new Promise((done) => setTimeout(done, 1_500));

test('EXE-T15 of two workers that see a stop being met, the holder of the lease sells, once', async () => {
  const workers = [start('a'), start('b')];
  try {
    await until('one of them to be at work', () => workers.some(isAtWork));
    await fall(workers);
    await settled();
    expect(workers.map(roleOf).sort()).toEqual(['active', 'standby']);
    expect(venue.taken).toMatchObject([{ side: 'SELL', quantity: POSITION.quantity }]);
    expect(venue.submissions()).toBe(1);
  } finally {
    await Promise.all(workers.map((each) => each.stop()));
  }
}, 150_000);

test('EXE-62 a worker that is cut off from its lease stops acting within five seconds, and the next one compares before it lets entries go', async () => {
  const seen: unknown[] = [];
  const watching = store.firestore.doc(paths.riskState('paper')).onSnapshot((snapshot) => {
    const risk = riskStateDoc.safeParse(snapshot.data());
    if (risk.success) seen.push(risk.data.reconciliation?.recovering);
  });
  const a = start('a');
  let b: FakeWorker | null = null;
  try {
    await until('the first to be at work', () => isAtWork(a));
    await until('the first to have compared', () => seen.at(-1) === false);
    a.die();
    const cutOffAt = Date.now();
    await until('the first to stop', () => roleOf(a) === 'standby');
    expect(Date.now() - cutOffAt).toBeLessThan(5_000);
    a.print(SYMBOL, '47000');
    await settled();
    expect(venue.submissions()).toBe(0);

    seen.length = 0;
    b = start('b');
    const next = b;
    await until('the next one to be at work', () => isAtWork(next));
    await until('the next one to have compared', () => seen.at(-1) === false);
    expect(seen[0]).toBe(true);
    await fall([next]);
    expect(venue.submissions()).toBe(1);
    expect(venue.held(SYMBOL)).toBe(qty('0'));
  } finally {
    watching();
    await Promise.all([a.stop(), b?.stop()]);
  }
}, 150_000);
