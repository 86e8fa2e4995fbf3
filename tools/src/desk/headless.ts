import { setTimeout as delay } from 'node:timers/promises';
import {
  intentDoc,
  orderDoc,
  signalDoc,
  type OrderDoc,
} from '@tradewind/contracts/documents/execution';
import { notificationDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { isIntentWorking, isWorking } from '@tradewind/core/order/transitions';
import { findChromium, INSTALL_BROWSER } from '../lib/browser.ts';
import { messageOf } from '../lib/fault.ts';
import { fireSchedule } from './clock-driver.ts';
import type { Desk } from './desk.ts';
import { startObserver, type Observer } from './observe.ts';
import { startProbes } from './probes.ts';
import { BOOK } from './seed.ts';
import { summarize, type Summary } from './summary.ts';

/** Bare probes of a run; enough for a 95th percentile that is not the slowest one. */
const PROBES = 40;
const SETTLE_MS = 30_000;

/** A protective stop rests at the venue for as long as its position is open. */
const isResting = ({ type, status }: OrderDoc): boolean =>
  type === 'STOP' && status === 'ACKNOWLEDGED';

/** True when nothing is on its way: no signal undecided, no intent or order at work, no mail unsent. */
async function isQuiet({ store }: Desk): Promise<boolean> {
  const all = (path: string) => store.firestore.collection(path);
  const [signals, intents, orders, mails] = await Promise.all([
    store.query(all(paths.signals(BOOK)).where('executionStatus', '==', 'PENDING'), signalDoc),
    store.query(all(paths.intents(BOOK)), intentDoc),
    store.query(all(paths.orders(BOOK)), orderDoc),
    store.query(all(paths.notifications).where('status', '==', 'PENDING'), notificationDoc),
  ]);
  return (
    signals.length === 0 &&
    mails.length === 0 &&
    !intents.some(({ status }) => isIntentWorking(status)) &&
    !orders.some((order) => isWorking(order.status) && !isResting(order))
  );
}

/** Lets what is under way come to its end, and repairs as every minute does. Twice quiet is quiet. */
export async function settle(desk: Desk): Promise<void> {
  await desk.driver.stop();
  await desk.worker?.stop();
  const deadline = Date.now() + SETTLE_MS;
  let quiet = 0;
  while (quiet < 2 && Date.now() < deadline) {
    const at = Math.floor(desk.marketNow() / 60_000) * 60_000;
    await fireSchedule(desk.plan.ports, { name: 'syncOrders', at });
    await delay(1_000);
    quiet = (await isQuiet(desk)) ? quiet + 1 : 0;
  }
}

async function openEyes(desk: Desk, say: (text: string) => void): Promise<Observer | undefined> {
  const chromium = findChromium();
  if (chromium === undefined) {
    say(`No browser was found, so visibleMs is null. Install one with: ${INSTALL_BROWSER}`);
    return undefined;
  }
  return startObserver(chromium, desk.plan.ports);
}

/** Lets a desk trade for `forMs`, counted from its first trade, with nobody there, and reports. */
export async function runHeadless(
  desk: Desk,
  options: {
    readonly forMs: number;
    readonly say: (text: string) => void;
    /** Aborted by Ctrl-C: the run ends early and reports what there is. */
    readonly signal: AbortSignal;
  },
): Promise<Summary> {
  const { forMs, say, signal } = options;
  const until = Math.max(Date.now(), desk.clock.startedAt) + forMs;
  let blind: string | undefined;
  const observer = await openEyes(desk, say).catch((error: unknown) => {
    blind = `the browser could not watch: ${messageOf(error)}`;
    return undefined;
  });
  const probes = startProbes(desk.store.firestore, Math.max(250, forMs / PROBES));
  try {
    await delay(Math.max(0, until - Date.now()), undefined, { signal }).catch(() => undefined);
    probes.stop();
    await settle(desk);
    const summary = await summarize(desk, { probes, observer });
    if (blind === undefined) return summary;
    return { ...summary, ok: false, errors: [...summary.errors, blind] };
  } finally {
    probes.stop();
    await observer?.close();
  }
}
