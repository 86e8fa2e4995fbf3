import { setTimeout as delay } from 'node:timers/promises';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { orderDoc, signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import type { Desk } from '../tools/src/desk/desk.ts';
import { settle } from '../tools/src/desk/headless.ts';
import { startProbes } from '../tools/src/desk/probes.ts';
import { BOOK } from '../tools/src/desk/seed.ts';
import { addQuietBots, nextSignal, startSignals } from '../tools/src/drill/signal-source.ts';
import { waitFor } from '../tools/src/lib/wait.ts';

type Say = (text: string) => void;

const BOTS = 6;
/**
 * One signal and one bare probe in each of these, for so long. No more often: the Firestore emulator delivers events one
 * after the other and waits for each function, so that latencies of a busier desk are those of its queue.
 */
const EVERY_MS = 1_500;
const FOR_MS = 90_000;
/** What follows an order, mails for one, wakes up too. */
const WARM_MS = 10_000;
const BURST = 1_000;
const BURST_TTL_MS = 3_600_000;
/** Documents of one batch write. */
const BATCH = 500;

/** Adds bots that trade by our signals alone, stops those that a new desk has, and waits for the cycle's first prices. */
export async function prepareBots(desk: Desk): Promise<readonly string[]> {
  const { store } = desk;
  // First, since they are made after the desk's own, which run.
  const bots = await addQuietBots(desk, BOTS);
  for (const botId of ['balanced', 'trend', 'momentum']) {
    const bot = await store.get(paths.bot(botId), botDoc);
    if (bot !== undefined) await store.set(paths.bot(botId), botDoc, { ...bot, status: 'STOPPED' });
  }
  const readPrice = async () => ((await readPrices(store)).size > 0 ? true : undefined);
  await waitFor('the first price', readPrice, { timeoutMs: 90_000, everyMs: 250 });
  return bots;
}

/** Milliseconds from signal to acknowledgement of the orders whose signals came at `since` or later. */
async function ackMs({ store }: Desk, since: number): Promise<readonly number[]> {
  const orders = await store.query(store.firestore.collection(paths.orders(BOOK)), orderDoc);
  return orders.flatMap(({ marks: { signalAt, ackAt } }) =>
    signalAt === null || ackAt === null || signalAt < since ? [] : [ackAt - signalAt],
  );
}

/** One order all the way, so that no function of the way still has to start: figures are of warm ones. */
async function wake(desk: Desk, botId: string): Promise<void> {
  const since = Date.now();
  const signal = await nextSignal(desk, { botId, signalId: `wake-${since.toString(36)}` });
  if (signal === undefined) throw new Error('There is no price: nothing can be ordered');
  await desk.store.set(paths.signal(BOOK, signal.signalId), signalDoc, signal);
  const acknowledged = async () => ((await ackMs(desk, since)).length > 0 ? true : undefined);
  await waitFor('the first order', acknowledged, { timeoutMs: 90_000, everyMs: 250 });
}

/**
 * Signal → acknowledged by the sandbox, and beside it, in the same seconds, a bare trigger with a task and an
 * HTTP call. Milliseconds of wall time.
 */
export async function measureAcks(desk: Desk, bots: readonly string[], say: Say) {
  say('Waking the functions of the way of an order');
  const probes = startProbes(desk.store.firestore, EVERY_MS);
  await wake(desk, bots[0] ?? '');
  await delay(WARM_MS);
  say(`Signals and bare probes for ${FOR_MS / 1_000} s`);
  const since = Date.now();
  const source = startSignals(desk, bots, EVERY_MS);
  await delay(FOR_MS);
  probes.stop();
  await source.stop();
  await delay(3_000);
  return { acks: await ackMs(desk, since), bare: await probes.ackMs() };
}

/** Firestore operations that the desk's programs have reported until now. */
const operations = ({ watch }: Desk): number => watch.usage().reads + watch.usage().writes;

/** A thousand signal documents within a second, and the time to the last verdict. */
export async function measureBurst(desk: Desk, bots: readonly string[], say: Say) {
  const { store } = desk;
  await settle(desk);
  await delay(6_000);
  const before = operations(desk);
  const model = await nextSignal(desk, { botId: bots[0] ?? '', signalId: 'model' });
  if (model === undefined) throw new Error('There is no price: the burst cannot be judged');
  const run = Date.now().toString(36);
  say(`A burst of ${BURST} signals`);
  const startedAt = Date.now();
  const ids = Array.from({ length: BURST }, (_, n) => `burst-${run}-${n}`);
  for (let from = 0; from < BURST; from += BATCH) {
    const batch = store.firestore.batch();
    for (const [n, signalId] of ids.slice(from, from + BATCH).entries()) {
      const signal: SignalDoc = {
        ...model,
        signalId,
        strategyId: bots[n % bots.length] ?? '',
        ttlMs: BURST_TTL_MS,
        createdAt: epochMs(Date.now()),
      };
      batch.create(store.firestore.doc(paths.signal(BOOK, signalId)), signalDoc.encode(signal));
    }
    await batch.commit();
  }
  const writtenMs = Date.now() - startedAt;
  const pending = store.firestore
    .collection(paths.signals(BOOK))
    .where('executionStatus', '==', 'PENDING');
  await waitFor(
    'the last verdict',
    async () => ((await pending.count().get()).data().count === 0 ? true : undefined),
    { timeoutMs: 180_000, everyMs: 250 },
  ).catch(() => {
    say('not every signal of the burst was decided in time');
  });
  // What was used until now is in the programs' next lines.
  await delay(2_000);
  const used = operations(desk) - before;
  const stored = await store.query(
    store.firestore.collection(paths.signals(BOOK)).where('createdAt', '>=', new Date(startedAt)),
    signalDoc,
  );
  const decided = stored.filter(
    ({ signalId, executionStatus }) =>
      signalId.startsWith(`burst-${run}`) && executionStatus !== 'PENDING',
  );
  const last = Math.max(...decided.map(({ updatedAt }) => updatedAt));
  return {
    signals: BURST,
    writtenMs,
    decided: decided.length,
    lastVerdictMs: last - startedAt,
    opsPerSignal: Number((used / BURST).toFixed(2)),
  };
}
