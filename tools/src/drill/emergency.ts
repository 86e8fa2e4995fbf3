import { setTimeout as delay } from 'node:timers/promises';
import { readPrices, type Prices } from '@tradewind/adapters/market/read-prices';
import type { CommandReply } from '@tradewind/contracts/callables';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { money, notional, qty } from '@tradewind/core/lib/units';
import * as z from 'zod';
import { command } from '../desk/command.ts';
import type { Desk } from '../desk/desk.ts';
import { BOOK } from '../desk/seed.ts';
import { messageOf } from '../lib/fault.ts';
import { callJson } from '../lib/http.ts';
import { waitFor } from '../lib/wait.ts';
import { agrees, readAgreement } from './agreement.ts';
import { reportOf, type Drill, type DrillContext, type DrillReport } from './drill.ts';
import { withDrillDesk } from './drill-desk.ts';
import { openPositions, restEntries } from './emergency-scene.ts';
import { addQuietBots, signalOf, tradeWithoutPauses } from './signal-source.ts';

const SYMBOLS = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'BNB-USDT', 'XRP-USDT'];
const POSITIONS = 20;
const RESTING = 200;
/** The desk's own bots may hold some as well. */
const MOST_POSITIONS = 25;
/** Wall milliseconds within which the venue has to be empty. */
const WITHIN_MS = 10_000;
/** The drill itself waits longer, to say what is left. */
const PATIENCE_MS = 90_000;
/** What is worth less cannot be sold. */
const LEAST_ORDER = money('5');
/** Tries to enter, and how long the desk gets for something to slip through or to come right. */
const TRIES = 5;
const WATCH_MS = 15_000;
const CALM_MS = 20_000;

const venueState = z.looseObject({
  balances: z.record(z.string(), z.object({ free: z.string(), locked: z.string() })),
  openOrders: z.number(),
  orders: z.array(z.looseObject({ status: z.string(), type: z.string(), updatedAt: z.number() })),
});
type VenueState = z.infer<typeof venueState>;

const readVenue = async ({ plan }: Desk): Promise<VenueState> =>
  venueState.parse(
    await callJson({ method: 'GET', port: plan.ports.sandbox, path: '/admin/state' }),
  );

/** Markets in which something is held that could be sold. */
const heldIn = ({ balances }: VenueState, prices: Prices): readonly string[] =>
  SYMBOLS.filter((symbol) => {
    const held = balances[symbol.split('-')[0] ?? ''];
    const price = prices.get(`binance_spot_${symbol}`)?.price;
    if (held === undefined || price === undefined) return false;
    return qty(held.locked) > 0n || notional(price, qty(held.free), 'floor') >= LEAST_ORDER;
  });

const openInLedger = async ({ store }: Desk): Promise<number> => {
  const all = store.firestore.collection(paths.positions(BOOK));
  return (await store.query(all.where('status', '!=', 'CLOSED'), positionDoc)).length;
};

/** Presses the button, and watches the venue until nothing is left there or patience ends. */
async function press(desk: Desk) {
  const before = await readVenue(desk);
  const prices = await readPrices(desk.store);
  const open = before.orders.filter(({ status }) => status === 'NEW');
  const stops = open.filter(({ type }) => type.startsWith('STOP')).length;
  const found = { openOrders: open.length - stops, stops };
  const positions = await openInLedger(desk);

  const pressedAt = Date.now();
  let repliedMs: number | null = null;
  const asked = command({ ports: desk.plan.ports, role: 'trader' }, 'emergencyCancel', {
    flatten: true,
  }).finally(() => {
    repliedMs = Date.now() - pressedAt;
  });
  const emptied = waitFor(
    'the venue to be empty',
    async () => {
      const now = await readVenue(desk);
      return now.openOrders === 0 && heldIn(now, prices).length === 0 ? now : undefined;
    },
    { timeoutMs: PATIENCE_MS, everyMs: 100 },
  );
  const [reply] = await Promise.all([asked, emptied.catch(() => undefined)]);
  const after = await readVenue(desk);
  const isEmpty = after.openOrders === 0 && heldIn(after, prices).length === 0;
  // The sandbox's market runs by the wall clock, so its last change says when it was over.
  const lastOf = (orders: VenueState['orders']): number =>
    Math.max(pressedAt, ...orders.map(({ updatedAt }) => updatedAt)) - pressedAt;
  return {
    ...{ found, positions, reply, repliedMs },
    cancelledMs: lastOf(
      after.orders.filter(({ type, status }) => type === 'LIMIT' && status === 'CANCELED'),
    ),
    flatMs: isEmpty ? lastOf(after.orders) : null,
    left: { openOrders: after.openOrders, held: heldIn(after, prices) },
    leftInLedger: await openInLedger(desk),
  };
}

/** Wishes to enter, one in each market; resolves with their verdicts. */
async function tryToEnter(desk: Desk, bots: readonly string[], name: string) {
  const { store } = desk;
  const prices = await readPrices(store);
  const ids: string[] = [];
  for (const botId of bots) {
    const bot = await store.get(paths.bot(botId), botDoc);
    const price = bot === undefined ? undefined : prices.get(bot.marketKey)?.price;
    if (bot === undefined || price === undefined)
      throw new Error(`Invariant: the bot ${botId} has a market with a price`);
    const signalId = `${name}-${botId}`;
    const signal = signalOf({ signalId, bot, action: 'ENTER', price, at: desk.marketNow() });
    await store.set(paths.signal(BOOK, signalId), signalDoc, signal);
    ids.push(signalId);
  }
  return waitFor('a verdict on every try', async () => {
    const read = await Promise.all(ids.map((id) => store.get(paths.signal(BOOK, id), signalDoc)));
    const decided = read.filter((signal) => signal !== undefined);
    const isDone = decided.every(({ executionStatus }) => executionStatus !== 'PENDING');
    return isDone ? decided : undefined;
  });
}

const ordersAt = async (desk: Desk): Promise<number> => (await readVenue(desk)).orders.length;

/** Who tried to lift the stop, and what they were told. */
const resetBy = (desk: Desk, role: 'trader' | 'admin'): Promise<CommandReply> =>
  command({ ports: desk.plan.ports, role }, 'resetSafety', {
    reason: 'the emergency drill goes on',
    confirm: 'RESET',
  });

/** An admin resets as soon as the desk allows it, and one bot enters. */
async function resume(desk: Desk, botId: string) {
  const began = Date.now();
  await waitFor(
    'the reset to be granted',
    async () => ((await resetBy(desk, 'admin')).ok ? true : undefined),
    { timeoutMs: PATIENCE_MS, everyMs: 2_000 },
  );
  const resetMs = Date.now() - began;
  await command({ ports: desk.plan.ports, role: 'admin' }, 'startBot', { botId });
  const before = await ordersAt(desk);
  let verdict = '';
  // What else the gate wants, such as a young price, may take a moment.
  for (let n = 0; n < TRIES && verdict !== 'EXECUTED'; n += 1) {
    if (n > 0) await delay(WATCH_MS);
    verdict = (await tryToEnter(desk, [botId], `again-${n}`)).map(wordOf).join(', ');
  }
  if (verdict === 'EXECUTED')
    await waitFor('an order after the reset', async () =>
      (await ordersAt(desk)) > before ? true : undefined,
    );
  return { resetMs, verdict };
}

const wordOf = ({ executionStatus, rejectionReason }: SignalDoc): string =>
  rejectionReason === null ? executionStatus : `${executionStatus} ${rejectionReason}`;

async function play(desk: Desk, say: DrillContext['say']) {
  const bots = await addQuietBots(desk, POSITIONS, SYMBOLS);
  await tradeWithoutPauses(desk, { maxOpenPositions: MOST_POSITIONS });
  say(`${POSITIONS} bots enter`);
  await openPositions(desk, bots);
  // Order sync would take entries that rest too long before the button does.
  await desk.driver.stop();
  say(`${RESTING} entries are placed that rest`);
  await restEntries(desk, bots, RESTING);
  // What placing them has triggered is not what is measured.
  await delay(CALM_MS);
  say('The button is pressed');
  const pressed = await press(desk);
  say(`The venue is ${pressed.flatMs === null ? 'NOT empty' : `empty after ${pressed.flatMs} ms`}`);
  const before = await ordersAt(desk);
  const tries = await tryToEnter(desk, bots.slice(0, TRIES), 'after');
  const trader = await resetBy(desk, 'trader').then(
    ({ code }) => code,
    (error: unknown) => `refused: ${messageOf(error)}`,
  );
  await delay(WATCH_MS);
  const slipped = (await ordersAt(desk)) - before;
  const agreement = await readAgreement(desk);
  say('An admin resets');
  const resumed = await resume(desk, bots[0] ?? '');
  return { pressed, tries, trader, slipped, agreement, resumed };
}

function judge(played: Awaited<ReturnType<typeof play>>): DrillReport {
  const { pressed, tries, trader, slipped, agreement, resumed } = played;
  const { found, positions, reply, flatMs, left, leftInLedger } = pressed;
  const failed = (reply.items ?? []).filter(({ ok }) => !ok);
  const verdicts = tries.map(wordOf);
  const measured = {
    ...{ openOrders: found.openOrders, stops: found.stops, positions, flatMs },
    ...{
      cancelledMs: pressed.cancelledMs,
      repliedMs: pressed.repliedMs,
      code: reply.code,
      items: reply.items?.length ?? 0,
    },
    ...{ left, leftInLedger, triedAfter: verdicts, ordersAfter: slipped, resetByTrader: trader },
    ...{ resetMs: resumed.resetMs, afterReset: resumed.verdict, agreement },
  };
  return reportOf(measured, [
    [found.openOrders === RESTING, `${found.openOrders} orders were open when it was pressed`],
    [positions >= POSITIONS, `${positions} positions were open when it was pressed`],
    [
      flatMs !== null && flatMs < WITHIN_MS,
      flatMs === null
        ? `the venue was not emptied: ${JSON.stringify(left)}`
        : `the venue was empty after ${flatMs} ms`,
    ],
    [reply.ok && failed.length === 0, `${reply.message} ${JSON.stringify(failed)}`],
    [leftInLedger === 0, `${leftInLedger} positions are open in the ledger`],
    [
      verdicts.length === TRIES &&
        verdicts.every((verdict) => verdict === 'REJECTED emergency_stop'),
      `tries to enter came to ${verdicts.join(', ')}`,
    ],
    [slipped === 0, `${slipped} orders reached the venue after the stop`],
    [trader.startsWith('refused'), `a trader's reset came to ${trader}`],
    [resumed.verdict === 'EXECUTED', `the first entry after the reset came to ${resumed.verdict}`],
    [agrees(agreement), `ledger and venue differ: ${JSON.stringify(agreement)}`],
  ]);
}

/** Everything is stopped while much is open. */
export const emergency: Drill = {
  about: 'the emergency stop with 200 open orders and 20 positions',
  run: (context) =>
    withDrillDesk(
      context,
      {
        name: 'emergency',
        feed: () => ({ kind: 'sandbox', name: 'sandbox' }),
        symbols: SYMBOLS,
        // A person's second thoughts are not what is measured.
        env: { TRADEWIND_RESET_MIN_MS: '0' },
      },
      async (desk) => judge(await play(desk, context.say)),
    ),
};
