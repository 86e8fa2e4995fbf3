import { setTimeout as delay } from 'node:timers/promises';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { epochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import { fireSchedule } from '../../desk/clock-driver.ts';
import type { LabDesk } from './lab-desk.ts';
import { messageOf } from '../../lib/fault.ts';
import { compare, isSettled } from '../fast/compare.ts';
import { createDice, type Dice } from '../fast/dice.ts';
import type { Outcome } from '../fast/scenario.ts';
import { BOOK } from '../fast/seed-book.ts';
import { findTooMany } from '../fast/watch-limits.ts';
import { doHarm, mendVenue, type Done } from './harm.ts';
import { copyLedger } from './ledger-copy.ts';
import { readAccount } from './sandbox-account.ts';

/** Longer than any repair takes with the short leases of this desk. */
const SETTLE_MS = 90_000;
const BOTS = ['balanced', 'trend', 'momentum'] as const;

/** Lets the desk's bots trade by the lab's signals alone. */
export async function quietBots({ store }: LabDesk): Promise<void> {
  for (const botId of BOTS) {
    const bot = await store.get(paths.bot(botId), botDoc);
    if (bot === undefined) throw new Error(`Invariant: a new desk has the bot "${botId}"`);
    await store.set(paths.bot(botId), botDoc, { ...bot, confirmationMinutes: 60 });
  }
}

/** Writes a signal as a cycle would: in for a bot that holds nothing, out for one that holds. */
async function writeSignal(desk: LabDesk, botId: string, signalId: string): Promise<void> {
  const { store } = desk;
  const own = store.firestore.collection(paths.positions(BOOK)).where('strategyId', '==', botId);
  const [bot, positions, prices] = await Promise.all([
    store.get(paths.bot(botId), botDoc),
    store.query(own, positionDoc),
    readPrices(store),
  ]);
  const price = bot === undefined ? undefined : prices.get(bot.marketKey)?.price;
  if (bot === undefined || price === undefined) return;
  const holds = positions.some(({ status }) => status !== 'CLOSED');
  const at = desk.marketNow();
  const now = epochMs(Date.now());
  const signal: SignalDoc = {
    signalId,
    bookId: BOOK,
    strategyId: botId,
    marketKey: bot.marketKey,
    symbol: bot.symbol,
    signalType: holds ? 'ZE1' : 'Z1',
    action: holds ? 'EXIT' : 'ENTER',
    direction: 'LONG',
    confidence: 1,
    score: 1,
    reasons: ['fault lab'],
    indicatorValues: {},
    expectedPrice: price,
    suggestedQuote: holds ? null : money('60'),
    suggestedStop: null,
    suggestedTarget: null,
    ttlMs: 600_000,
    barCloseAt: at,
    decidedAt: at,
    executionStatus: 'PENDING',
    rejectionReason: null,
    rejections: [],
    intentId: null,
    createdAt: now,
    updatedAt: now,
  };
  await store.set(paths.signal(BOOK, signalId), signalDoc, signal);
}

const drawBots = (dice: Dice): readonly string[] =>
  BOTS.filter((_, index) => index === 0 || dice.chance(0.5));

/** Repairs as every minute does, until nothing is under way; what is wrong then. */
async function settled(desk: LabDesk): Promise<Pick<Outcome, 'findings'>> {
  const deadline = Date.now() + SETTLE_MS;
  for (let quiet = 0; ;) {
    const at = Math.floor(desk.marketNow() / 60_000) * 60_000;
    const failure = await fireSchedule(desk.ports, 'syncOrders', at).then(
      () => null,
      (error: unknown) => messageOf(error),
    );
    const [disk, account] = await Promise.all([
      copyLedger(desk.store),
      readAccount(desk.ports.sandbox),
    ]);
    const found = compare(disk, account);
    const isClean = Object.values(found).every((words) => words.length === 0);
    quiet = isSettled(disk, account) && isClean && failure === null ? quiet + 1 : 0;
    const isOver = Date.now() > deadline;
    if (quiet < 1 && !isOver) {
      await delay(500);
      continue;
    }
    const bugs = isOver && failure !== null ? [failure] : [];
    return { findings: { ...found, limitViolations: findTooMany(disk), bugs } };
  }
}

/** One scenario on a desk that runs, and that the next one goes on with. */
export async function runOnDesk(desk: LabDesk, seed: number, run: string): Promise<Outcome> {
  const dice = createDice(seed);
  const done: Done = { faults: 0, steps: new Set(), words: [] };
  const bots = drawBots(dice);
  await doHarm(desk, dice, {
    done,
    act: async () => {
      await Promise.all(
        bots.map((botId) => writeSignal(desk, botId, `faults-${run}-${seed}-${botId}`)),
      );
    },
  });
  await delay(500);
  await mendVenue(desk);
  const { findings } = await settled(desk);
  return { seed, faults: done.faults, steps: [...done.steps], findings, lines: done.words };
}
