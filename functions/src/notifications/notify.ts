import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { Queue } from '@tradewind/adapters/queue/queue';
import { notificationDoc, type NotificationDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import { FieldPath } from 'firebase-admin/firestore';
import { decideDelivery, type Delivery } from './decide-delivery.ts';

type Ports = { readonly store: Store; readonly queue: Queue; readonly clock: Clock };

/** Something a person is told. `kind`, `entity` and `state` together happen once. */
export type Draft = Pick<
  NotificationDoc,
  'kind' | 'priority' | 'subject' | 'fields' | 'bookId' | 'mode' | 'simulated'
> & {
  /** Id of what it is about, such as an order's. */
  readonly entity: string;
  /** What tells two events of one entity apart, such as the cumulative quantity. */
  readonly state: string;
};

const HOUR_MS = 3_600_000;
const safe = (text: string): string => text.replace(/[^A-Za-z0-9_]/g, '_');

/** All notifications of one kind about one thing begin with this. */
const entityPrefix = ({ kind, entity }: Draft): string => {
  const name = `${safe(kind)}-${safe(entity)}`;
  return name.length <= 80 ? `${name}-` : `${safe(kind).slice(0, 40)}-${hashId(kind, entity)}-`;
};

/** Also the id of the task that sends it, hence letters, digits, `-` and `_` only. */
const dedupKeyOf = (draft: Draft): string => {
  const state = safe(draft.state);
  return entityPrefix(draft) + (state.length <= 40 ? state : hashId(state));
};

async function decide(
  { store, clock }: Ports,
  draft: Draft,
  recipient: string | undefined,
): Promise<Delivery> {
  const now = clock.wallNow();
  const outbox = store.firestore.collection(paths.notifications);
  const prefix = entityPrefix(draft);
  const recent = await store.query(
    outbox.orderBy(FieldPath.documentId()).startAt(prefix).endAt(`${prefix}\uf8ff`).limit(50),
    notificationDoc,
  );
  const mailed = await outbox
    .where('recipient', '==', recipient ?? null)
    .where('priority', 'in', ['INFO', 'WARNING'])
    .where('createdAt', '>', new Date(now - HOUR_MS))
    .where('status', 'in', ['PENDING', 'SENT'])
    .count()
    .get();
  store.usage.readNone(1);
  return decideDelivery({
    recipient,
    priority: draft.priority,
    mailedLastHour: mailed.data().count,
    sameEntity: recent.filter(({ status }) => status === 'PENDING' || status === 'SENT'),
    now,
  });
}

/**
 * Puts a notification into the outbox, once for ever, and has it sent (NTF-01).
 *
 * What may not be sent stays in the outbox as SUPPRESSED with the reason (NTF-50). Called again
 * after a crash it writes nothing and enqueues the task that the first call may have missed.
 */
export async function notify(
  ports: Ports,
  draft: Draft,
  recipient: string | undefined,
): Promise<void> {
  const { store, queue, clock } = ports;
  const dedupKey = dedupKeyOf(draft);
  const path = paths.notification(dedupKey);
  const known = await store.get(path, notificationDoc);
  if (known === undefined) {
    const delivery = await decide(ports, draft, recipient);
    const { kind, priority, subject, fields, bookId, mode, simulated } = draft;
    await store.create(path, notificationDoc, {
      kind,
      priority,
      subject: subject.slice(0, 190),
      fields: [...fields, { label: 'Version', value: process.env['K_REVISION'] ?? 'local' }],
      bookId,
      mode,
      simulated,
      dedupKey,
      recipient: recipient ?? null,
      status: delivery.status,
      attempts: 0,
      providerMessageId: null,
      error: delivery.status === 'SUPPRESSED' ? delivery.reason : null,
      createdAt: clock.wallNow(),
      sentAt: null,
      claimedUntil: null,
    });
    if (delivery.status === 'SUPPRESSED') return;
  } else if (known.status !== 'PENDING') return;
  await queue.enqueue('sendNotification', { dedupKey }, { id: `mail-${dedupKey}` });
}
