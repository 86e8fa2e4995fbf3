import type { NotificationDoc } from '@tradewind/contracts/documents/system';
import type { EpochMs } from '@tradewind/core/lib/time';

type Priority = NotificationDoc['priority'];
const RANK: Readonly<Record<Priority, number>> = { INFO: 0, WARNING: 1, CRITICAL: 2 };

/** Mails that are not critical, per recipient and hour (08, section 4). */
export const HOURLY_LIMIT = 20;
const SAME_ENTITY_PAUSE_MS = 300_000;

export type Delivery =
  | { readonly status: 'PENDING'; readonly recipient: string }
  | { readonly status: 'SUPPRESSED'; readonly reason: string };

/**
 * Whether a notification is mailed, and if not why (08, section 4). Critical ones are never held
 * back by the hourly limit; a worse one is not held back by a milder one about the same thing.
 */
export function decideDelivery(facts: {
  readonly recipient: string | undefined;
  readonly priority: Priority;
  /** Not critical, to this recipient, not suppressed, within the last hour. */
  readonly mailedLastHour: number;
  /** Earlier notifications of the same kind about the same thing that were not suppressed. */
  readonly sameEntity: readonly { readonly createdAt: EpochMs; readonly priority: Priority }[];
  readonly now: EpochMs;
}): Delivery {
  const { recipient, priority, now } = facts;
  if (recipient === undefined || recipient === '')
    return {
      status: 'SUPPRESSED',
      reason: 'No recipient is configured: set MAIL_TO to get mails.',
    };
  const isRepeat = facts.sameEntity.some(
    (earlier) =>
      now - earlier.createdAt < SAME_ENTITY_PAUSE_MS && RANK[earlier.priority] >= RANK[priority],
  );
  if (isRepeat)
    return {
      status: 'SUPPRESSED',
      reason: 'A mail of the same kind about the same thing went out less than 5 minutes ago.',
    };
  if (priority !== 'CRITICAL' && facts.mailedLastHour >= HOURLY_LIMIT)
    return {
      status: 'SUPPRESSED',
      reason: `${HOURLY_LIMIT} mails that are not critical went to this recipient within the last hour.`,
    };
  return { status: 'PENDING', recipient };
}
