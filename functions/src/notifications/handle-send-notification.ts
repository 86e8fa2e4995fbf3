import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { Mailer, MailError } from '@tradewind/adapters/mail/mailer';
import { renderMail } from '@tradewind/adapters/mail/render-mail';
import { notificationDoc, type NotificationDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { err, type Result } from '@tradewind/core/lib/result';
import { later, seconds } from '@tradewind/core/lib/time';

type Ports = { readonly store: Store; readonly clock: Clock };

/** 1 + 5 attempts (NTF-03). */
export const MAX_ATTEMPTS = 6;
/** Longer than a send can take; an attempt that is silent for this long has died. */
const CLAIM = seconds(60);

type Claimed =
  | { readonly kind: 'send'; readonly notification: NotificationDoc; readonly recipient: string }
  | { readonly kind: 'abandoned'; readonly notification: NotificationDoc }
  | { readonly kind: 'busy' }
  | { readonly kind: 'nothing' };

/** Takes the notification for one attempt; only one process can. */
function claim({ store, clock }: Ports, path: string): Promise<Claimed> {
  return store.transact(async (tx): Promise<Claimed> => {
    const notification = await tx.get(path, notificationDoc);
    const now = clock.wallNow();
    if (notification?.status !== 'PENDING' || notification.recipient === null)
      return { kind: 'nothing' };
    const claimedUntil = notification.claimedUntil ?? null;
    if (claimedUntil !== null)
      return claimedUntil > now ? { kind: 'busy' } : { kind: 'abandoned', notification };
    const attempts = notification.attempts + 1;
    const taken = { ...notification, attempts, claimedUntil: later(now, CLAIM) };
    tx.set(path, notificationDoc, taken);
    return { kind: 'send', notification: taken, recipient: notification.recipient };
  });
}

async function fail(ports: Ports, notification: NotificationDoc, error: string): Promise<void> {
  const { store, clock } = ports;
  await store.set(paths.notification(notification.dedupKey), notificationDoc, {
    ...notification,
    status: 'FAILED',
    error,
    claimedUntil: null,
  });
  await raiseAlert(store, {
    rule: 'mail_failed',
    severity: notification.priority === 'CRITICAL' ? 'CRITICAL' : 'WARNING',
    message: `An e-mail was not delivered: ${notification.subject}`,
    details: { error, notification: notification.dedupKey },
    bookId: notification.bookId,
    symbol: null,
    now: clock.wallNow(),
  });
}

const attempt = (
  mailerOf: () => Mailer,
  mail: Parameters<Mailer['send']>[0],
): ReturnType<Mailer['send']> | Result<never, MailError> => {
  try {
    return mailerOf().send(mail);
  } catch (error) {
    // A missing key or sender: no retry mends it.
    return err({
      kind: 'refused',
      message: error instanceof Error ? error.message : String(error),
    });
  }
};

/**
 * Sends one e-mail of the outbox, at most once.
 *
 * The attempt is claimed in a transaction before the mail leaves. A mail that was certainly not
 * taken is tried again; one that may have been (no answer, or the process died while sending) is
 * marked FAILED instead, because the provider has no idempotency key (NTF-01).
 *
 * @throws Error when the task queue shall try again later.
 */
export async function handleSendNotification(
  ports: Ports,
  mailerOf: () => Mailer,
  { dedupKey }: { readonly dedupKey: string },
): Promise<void> {
  const path = paths.notification(dedupKey);
  const claimed = await claim(ports, path);
  if (claimed.kind === 'nothing') return;
  if (claimed.kind === 'busy') throw new Error(`Another attempt is sending ${dedupKey}.`);
  const { notification } = claimed;
  if (claimed.kind === 'abandoned')
    return fail(
      ports,
      notification,
      'An attempt ended without an answer; the mail may have arrived.',
    );
  const sent = await attempt(mailerOf, { to: claimed.recipient, ...renderMail(notification) });
  if (sent.ok) {
    await ports.store.set(path, notificationDoc, {
      ...notification,
      status: 'SENT',
      providerMessageId: sent.value.messageId,
      error: null,
      sentAt: ports.clock.wallNow(),
      claimedUntil: null,
    });
    return;
  }
  const { kind, message } = sent.error;
  if (kind === 'unknown')
    return fail(ports, notification, `${message}; it may have arrived and is not sent again.`);
  if (kind === 'refused') return fail(ports, notification, message);
  if (notification.attempts >= MAX_ATTEMPTS)
    return fail(ports, notification, `${message}; gave up after ${MAX_ATTEMPTS} attempts.`);
  await ports.store.set(path, notificationDoc, {
    ...notification,
    error: message,
    claimedUntil: null,
  });
  throw new Error(`The mail provider did not take ${dedupKey} (${message}); trying again later.`);
}
