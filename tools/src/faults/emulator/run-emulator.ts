import { setTimeout as delay } from 'node:timers/promises';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { signalDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { nextSignal, tradeWithoutPauses } from '../../drill/signal-source.ts';
import type { LabDesk } from './lab-desk.ts';
import { messageOf } from '../../lib/fault.ts';
import { waitFor } from '../../lib/wait.ts';
import { compare, isSettled } from '../fast/compare.ts';
import { createDice, type Dice } from '../fast/dice.ts';
import type { Outcome } from '../fast/scenario.ts';
import { BOOK } from '../fast/seed-book.ts';
import { findTooMany } from '../fast/watch-limits.ts';
import { doHarm, mendVenue, type Done } from './harm.ts';
import { copyLedger } from './ledger-copy.ts';
import { readAccount } from './sandbox-account.ts';
import { syncOrders } from './sync-orders.ts';

/** Longer than any repair takes with the short leases of this desk. */
const SETTLE_MS = 90_000;
const BOTS = ['balanced', 'trend', 'momentum'] as const;

/** Lets the desk's bots trade by the lab's signals alone, as often as it asks for, once their markets have prices. */
export async function prepareDesk({ store }: LabDesk): Promise<void> {
  await tradeWithoutPauses({ store });
  for (const botId of BOTS) {
    const bot = await store.get(paths.bot(botId), botDoc);
    if (bot === undefined) throw new Error(`Invariant: a new desk has the bot "${botId}"`);
    await store.set(paths.bot(botId), botDoc, { ...bot, confirmationMinutes: 60 });
    await waitFor(`a price of ${bot.symbol}`, async () =>
      (await readPrices(store)).has(bot.marketKey) ? true : undefined,
    );
  }
}

/** Writes a signal as a cycle would: in for a bot that holds nothing, out for one that holds. */
async function writeSignal(desk: LabDesk, botId: string, signalId: string): Promise<void> {
  const signal = await nextSignal(desk, { botId, signalId, ttlMs: 600_000 });
  if (signal !== undefined) await desk.store.set(paths.signal(BOOK, signalId), signalDoc, signal);
}

const drawBots = (dice: Dice): readonly string[] =>
  BOTS.filter((_, index) => index === 0 || dice.chance(0.5));

/** Repairs as every minute does, until nothing is under way; what is wrong then. */
async function settled(desk: LabDesk): Promise<Pick<Outcome, 'findings'>> {
  const deadline = Date.now() + SETTLE_MS;
  for (let quiet = 0; ;) {
    const at = Math.floor(desk.marketNow() / 60_000) * 60_000;
    const failure = await syncOrders(desk.ports, at).then(
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
