import { setTimeout as delay } from 'node:timers/promises';
import { intentDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { isIntentWorking } from '@tradewind/core/order/transitions';
import { waitFor } from '../../lib/wait.ts';
import type { LabDesk } from './lab-desk.ts';
import { PROJECT, REGION } from '../../desk/emulators.ts';
import { callJson, callLocal } from '../../lib/http.ts';
import type { Dice } from '../fast/dice.ts';
import { BOOK } from '../fast/seed-book.ts';
import { canKill, killAll } from './processes.ts';
import { syncOrders } from './sync-orders.ts';

/** What was done, for the figures. */
export type Done = { faults: number; readonly steps: Set<string>; readonly words: string[] };

const VENUE_FAULTS = [
  '5xx',
  '5xxAfter',
  '429',
  'html',
  'empty',
  'rubbish',
  'slow',
  'timeoutBefore',
  'timeoutAfter',
  'disconnectBefore',
  'disconnectAfter',
  'bodyStall',
] as const;
const REQUESTS = [
  { method: 'POST', path: '/api/v3/order' },
  { method: 'POST', path: '/api/v3/order' },
  { method: 'GET', path: '/api/v3/order' },
  { method: 'DELETE', path: '/api/v3/order' },
  { method: 'GET', path: '/api/v3/openOrders' },
  { method: 'GET', path: '/api/v3/myTrades' },
] as const;

/** Orders misbehaviour of the venue. */
async function spoilVenue({ ports }: LabDesk, dice: Dice, done: Done): Promise<void> {
  const kind = dice.pick(VENUE_FAULTS);
  const match = dice.pick(REQUESTS);
  await callJson({
    method: 'POST',
    port: ports.sandbox,
    path: '/admin/faults',
    body: { match, kind, count: dice.whole(1, 2), delayMs: dice.whole(200, 1_500) },
  });
  done.faults += 1;
  done.words.push(`${match.method} ${match.path}: ${kind}`);
}

/** Takes back all misbehaviour of the venue. */
export const mendVenue = ({ ports }: LabDesk): Promise<unknown> =>
  callLocal({ method: 'DELETE', port: ports.sandbox, path: '/admin/faults' });

const working = async ({ store }: LabDesk) => {
  const intents = await store.query(store.firestore.collection(paths.intents(BOOK)), intentDoc);
  return intents.filter(({ status, type }) => isIntentWorking(status) && type !== 'STOP');
};

/** A signal becomes an intent within this, or is taken up by order sync. */
const TAKEN_UP_MS = 3_000;

/** Waits until an intent is under way, if one soon is, and `ms` more. */
async function midway(desk: LabDesk, ms: number): Promise<void> {
  await waitFor(
    'an intent under way',
    async () => ((await working(desk)).length > 0 ? true : undefined),
    { timeoutMs: TAKEN_UP_MS, everyMs: 50 },
  ).catch(() => undefined);
  await delay(ms);
}

/** Instances die one function at a time, as a cloud's do, and sometimes all at once. */
const KILLED = [
  'executeIntent',
  'executeIntent',
  'decideSignals',
  'syncOrders',
  'functions',
  'worker',
  'worker',
] as const;

/** Ends functions' runtimes or the worker some time after the signals were written. */
async function kill(desk: LabDesk, dice: Dice, done: Done): Promise<void> {
  if (!canKill) return;
  const victim = dice.pick(KILLED);
  const moment = dice.whole(0, 1_000);
  // Who decides is done when there is an intent.
  await (victim === 'decideSignals' ? delay(moment) : midway(desk, moment));
  const busy = (await working(desk)).map(({ action, status }) => `${action} ${status}`);
  const states = busy.length === 0 ? ['idle'] : busy;
  const killed = killAll(desk.ports, victim);
  if (killed === 0) return;
  done.faults += 1;
  for (const state of states) done.steps.add(`${victim} ${state}`);
  done.words.push(`${victim} killed while ${states.join(', ')}`);
}

/** Delivers tasks of intents once more, beside those that the queue delivers. */
async function repeatTasks(desk: LabDesk, dice: Dice, done: Done): Promise<void> {
  await midway(desk, dice.whole(0, 1_000));
  const { functions } = desk.ports;
  const intents = await working(desk);
  await Promise.allSettled(
    intents.map(({ intentId }) =>
      callLocal({
        method: 'POST',
        port: functions,
        path: `/${PROJECT}/${REGION}/executeIntent`,
        body: { data: { bookId: BOOK, intentId } },
        timeoutMs: 60_000,
      }),
    ),
  );
  done.faults += intents.length;
  done.words.push(`${intents.length} tasks delivered twice`);
}

/** Two passes of order sync at the same time, in the middle of it all. */
async function crossSync(desk: LabDesk, dice: Dice, done: Done): Promise<void> {
  await delay(dice.whole(0, 1_500));
  const at = Math.floor(desk.marketNow() / 60_000) * 60_000;
  await Promise.allSettled([1, 2].map(() => syncOrders(desk.ports, at)));
  done.faults += 1;
  done.words.push('order sync ran twice at once');
}

/** Does some harm to the desk, all at once; resolves when it is done. Venue faults come first. */
export async function doHarm(
  desk: LabDesk,
  dice: Dice,
  { done, act }: { readonly done: Done; readonly act: () => Promise<void> },
): Promise<void> {
  const spoils = dice.whole(0, 2);
  for (let n = 0; n < spoils; n += 1) await spoilVenue(desk, dice, done);
  await act();
  await Promise.all([
    ...(dice.chance(0.5) ? [kill(desk, dice, done)] : []),
    ...(dice.chance(0.4) ? [repeatTasks(desk, dice, done)] : []),
    ...(dice.chance(0.3) ? [crossSync(desk, dice, done)] : []),
  ]);
}
