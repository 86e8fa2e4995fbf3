import { breakerDoc } from '@tradewind/contracts/documents/breaker';
import {
  intentDoc,
  signalDoc,
  type IntentDoc,
  type SignalDoc,
} from '@tradewind/contracts/documents/execution';
import { alertDoc, notificationDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { isIntentTerminal } from '@tradewind/core/order/transitions';
import type { Desk } from '../desk/desk.ts';
import { BOOK } from '../desk/seed.ts';
import { readAgreement } from './agreement.ts';

/** Wall times of what the drill did. */
export type Marks = { readonly downAt: number; readonly upAt: number; readonly backAt: number };

const count = <T>(items: readonly T[], of: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[of(item)] = (counts[of(item)] ?? 0) + 1;
  return counts;
};

/** What became of a signal, in one word. */
function fateOf(signal: SignalDoc, intents: ReadonlyMap<string, IntentDoc>): string {
  if (signal.executionStatus !== 'EXECUTED')
    return signal.executionStatus === 'PENDING'
      ? 'lost'
      : `${signal.executionStatus.toLowerCase()} ${signal.rejectionReason ?? 'WITHOUT REASON'}`;
  const intent = intents.get(signal.intentId ?? '');
  if (intent === undefined || !isIntentTerminal(intent.status)) return 'lost';
  const waited = intent.queued !== undefined && intent.queued !== null;
  if (intent.status === 'DONE') return waited ? 'queued and sent' : 'sent';
  if (intent.failure === null) return 'lost';
  return waited ? 'queued and ended with a reason' : 'ended with a reason';
}

/** Everything that the drill's verdict rests on, as ledger, venue and outbox tell it. */
export async function readOutcome(desk: Desk, { downAt, upAt }: Marks) {
  const { store } = desk;
  const all = (path: string) => store.firestore.collection(path);
  const [signals, intents, breakers, alerts, mails] = await Promise.all([
    store.query(all(paths.signals(BOOK)), signalDoc),
    store.query(all(paths.intents(BOOK)), intentDoc),
    store.query(all(paths.breakers), breakerDoc),
    store.query(all(paths.alerts).where('rule', '==', 'breaker_open'), alertDoc),
    store.query(all(paths.notifications), notificationDoc),
  ]);
  const byId = new Map(intents.map((intent) => [intent.intentId, intent]));
  const fates = count(signals, (signal) => fateOf(signal, byId));
  const during = signals.filter(({ createdAt }) => createdAt >= downAt && createdAt <= upAt);
  return {
    signals: signals.length,
    signalsDuringOutage: during.length,
    fates,
    fatesDuringOutage: count(during, (signal) => fateOf(signal, byId)),
    breakers: Object.fromEntries(breakers.map(({ name, status }) => [name, status])),
    recovering: breakers.filter(({ recoveringSince }) => recoveringSince !== null).length,
    alerts: alerts.map(({ severity, count: times }) => ({ severity, times })),
    alertMails: mails.filter(({ kind }) => kind === 'breaker_open').length,
    agreement: await readAgreement(desk),
  };
}
export type Outcome = Awaited<ReturnType<typeof readOutcome>>;
