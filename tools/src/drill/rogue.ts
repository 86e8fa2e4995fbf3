import { setTimeout as delay } from 'node:timers/promises';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { intentDoc, orderDoc, signalDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { LIMITS } from '@tradewind/core/risk/limits';
import type { Desk } from '../desk/desk.ts';
import { BOOK } from '../desk/seed.ts';
import { waitFor } from '../lib/wait.ts';
import { reportOf, type Drill, type DrillReport } from './drill.ts';
import { withDrillDesk } from './drill-desk.ts';
import { addQuietBots, signalOf, startSignals } from './signal-source.ts';

const SYMBOL = 'BTC-USDT';
const KEY = `binance_spot_${SYMBOL}`;
const STORM_S = 10;
const PER_SECOND = 1_000;
/** Firestore takes so many writes at once. */
const BATCH = 500;
/** Market milliseconds that a signal is good for: longer than a slow machine needs to decide them all. */
const TTL_MS = 1_800_000;
const DECIDE_MS = 900_000;
const OTHERS_EVERY_MS = 2_000;
const MINUTE_MS = 60_000;

const isOfStorm = ({ signalId }: { readonly signalId: string }): boolean =>
  signalId.startsWith('rogue-');

/** Writes one second's worth of a rogue's signals: it wants in, again and again. */
async function burst(desk: Desk, botId: string, second: number): Promise<void> {
  const { firestore } = desk.store;
  const price = (await readPrices(desk.store)).get(KEY)?.price;
  if (price === undefined) throw new Error(`Invariant: ${KEY} has a price`);
  const bot = { botId, symbol: SYMBOL, marketKey: KEY };
  const wish = { bot, action: 'ENTER', price, at: desk.marketNow(), ttlMs: TTL_MS } as const;
  for (let from = 0; from < PER_SECOND; from += BATCH) {
    const batch = firestore.batch();
    for (let n = from; n < from + BATCH; n += 1) {
      const signal = signalOf({ ...wish, signalId: `rogue-${second}-${n}` });
      batch.set(firestore.doc(paths.signal(BOOK, signal.signalId)), signalDoc.encode(signal));
    }
    await batch.commit();
  }
}

/** A thousand signals a second for ten seconds, as far as the machine can write them. */
async function storm(desk: Desk, botId: string): Promise<void> {
  const began = Date.now();
  for (let second = 0; second < STORM_S; second += 1) {
    await burst(desk, botId, second);
    await delay(Math.max(0, began + (second + 1) * 1_000 - Date.now()));
  }
}

/** Until no signal of the storm waits for its verdict. */
const decided = ({ store }: Desk): Promise<true> =>
  waitFor(
    'every signal to be decided',
    async () => {
      const pending = store.firestore
        .collection(paths.signals(BOOK))
        .where('executionStatus', '==', 'PENDING');
      const counted = await pending.count().get();
      return counted.data().count === 0 ? true : undefined;
    },
    { timeoutMs: DECIDE_MS, everyMs: 1_000 },
  );

const count = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

async function readOutcome(desk: Desk, rogue: string, since: number) {
  const { store } = desk;
  const all = (path: string) => store.firestore.collection(path);
  const [signals, intents, orders, risk] = await Promise.all([
    store.query(all(paths.signals(BOOK)), signalDoc),
    store.query(all(paths.intents(BOOK)), intentDoc),
    store.query(all(paths.orders(BOOK)), orderDoc),
    store.get(paths.riskState(BOOK), riskStateDoc),
  ]);
  const own = signals.filter(isOfStorm);
  const others = signals.filter((signal) => !isOfStorm(signal) && signal.createdAt >= since);
  const sent = orders.filter(({ marks }) => marks.sentAt !== null && marks.sentAt >= since);
  const entered = sent.filter(({ action, type }) => action === 'ENTER' && type !== 'STOP');
  return {
    signals: own.length,
    verdicts: count(
      own.map(({ executionStatus, rejectionReason }) =>
        executionStatus === 'EXECUTED'
          ? 'executed'
          : `${executionStatus.toLowerCase()} ${rejectionReason ?? 'WITHOUT REASON'}`,
      ),
    ),
    lastVerdictMs: Math.max(...own.map(({ updatedAt }) => updatedAt)) - since,
    approved: intents.filter((intent) => intent.strategyId === rogue && intent.action === 'ENTER')
      .length,
    rogueOrders: entered.filter(({ strategyId }) => strategyId === rogue).length,
    otherOrders: sent.filter(({ strategyId, type }) => strategyId !== rogue && type !== 'STOP')
      .length,
    otherSignals: others.length,
    othersExpired: others.filter(({ executionStatus }) => executionStatus === 'EXPIRED').length,
    othersWaitedMs: Math.max(0, ...others.map((signal) => signal.updatedAt - signal.createdAt)),
    disabled: risk?.traders[rogue]?.disabled?.reason ?? null,
  };
}

function judge(outcome: Awaited<ReturnType<typeof readOutcome>>, tookMs: number): DrillReport {
  const allowed = LIMITS.paper.strategyOrdersPerMinute * Math.ceil(tookMs / MINUTE_MS);
  const { signals, verdicts, rogueOrders, otherOrders, othersExpired, disabled } = outcome;
  const lost = Object.entries(verdicts)
    .filter(([verdict]) => verdict.startsWith('pending') || verdict.includes('WITHOUT REASON'))
    .reduce((sum, [, times]) => sum + times, 0);
  return reportOf({ ...outcome, allowedOrders: allowed }, [
    [signals === STORM_S * PER_SECOND, `${signals} signals were written`],
    [lost === 0, `${lost} signals have no verdict`],
    [rogueOrders <= allowed, `${rogueOrders} orders left, ${allowed} are allowed`],
    [disabled !== null, 'the strategy was not disabled'],
    [otherOrders > 0, 'the rest of the desk did not trade'],
    [othersExpired === 0, `${othersExpired} signals of the others waited until they expired`],
  ]);
}

/** A strategy that fires far more than it may. */
export const rogue: Drill = {
  about: 'a strategy fires a thousand signals a second for ten seconds',
  run: (context) =>
    withDrillDesk(
      context,
      {
        name: 'rogue',
        feed: () => ({ kind: 'sandbox', name: 'sandbox' }),
        symbols: [SYMBOL],
      },
      async (desk) => {
        const [wild = '', ...others] = await addQuietBots(desk, 3);
        await waitFor('a price', async () =>
          (await readPrices(desk.store)).has(KEY) ? true : undefined,
        );
        const source = startSignals(desk, others, OTHERS_EVERY_MS);
        const since = Date.now();
        context.say(`${STORM_S * PER_SECOND} signals are being written`);
        await storm(desk, wild);
        context.say('All are written; they are being decided');
        await decided(desk);
        // What the others wished meanwhile gets its time at the venue.
        await delay(OTHERS_EVERY_MS * 5);
        await source.stop();
        await decided(desk);
        return judge(await readOutcome(desk, wild, since), Date.now() - since);
      },
    ),
};
