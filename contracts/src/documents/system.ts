import * as z from 'zod';
import { id, time } from '../wire.ts';
import { COMMAND_PACE } from '../pace.ts';

export const role = z.enum(['viewer', 'trader', 'admin']);
export type Role = z.infer<typeof role>;

/** `users/{uid}`: profile by the server, preferences by the user (ARC-40). */
export const userDoc = z.strictObject({
  email: z.string(),
  role,
  preferences: z.strictObject({
    theme: z.enum(['system', 'dark', 'light']).optional(),
    emailOn: z.enum(['all', 'warnings', 'critical']).optional(),
  }),
  createdAt: time,
});
export type UserDoc = z.infer<typeof userDoc>;

/** `users/{uid}/presence/{tab}`: an open tab of the dashboard, written by itself (wall clock). */
export const presenceDoc = z.strictObject({
  at: time,
  /** At most an hour ahead: a tab that was closed unclean fades by itself. */
  expiresAt: time,
});
export type PresenceDoc = z.infer<typeof presenceDoc>;

export const severity = z.enum(['CRITICAL', 'WARNING', 'INFO']);

/** `alerts/{id}`: a condition that needs eyes (NTF-55); the same rule and labels count up (NTF-56). */
export const alertDoc = z.strictObject({
  alertId: id,
  rule: z.string(),
  severity,
  message: z.string(),
  details: z.record(z.string(), z.string()),
  bookId: z.string().nullable(),
  symbol: z.string().nullable(),
  firstAt: time,
  lastAt: time,
  count: z.int().positive(),
  state: z.enum(['ACTIVE', 'ACKNOWLEDGED', 'RESOLVED']),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: time.nullable(),
});
export type AlertDoc = z.infer<typeof alertDoc>;

/** `notifications/{dedupKey}`: the e-mail outbox (NTF-01, NTF-02). */
export const notificationDoc = z.strictObject({
  dedupKey: id,
  kind: z.string(),
  priority: severity,
  /** Address, from configuration; `null` where none is configured, which suppresses the mail. */
  recipient: z.string().nullable(),
  subject: z.string().max(200),
  /** Label and value pairs of the body, in order. */
  fields: z.array(z.strictObject({ label: z.string(), value: z.string() })),
  bookId: z.string().nullable(),
  mode: z.string().nullable(),
  simulated: z.boolean(),
  status: z.enum(['PENDING', 'SENT', 'FAILED', 'SUPPRESSED', 'DIGESTED']),
  attempts: z.int().nonnegative(),
  providerMessageId: z.string().nullable(),
  error: z.string().nullable(),
  createdAt: time,
  sentAt: time.nullable(),
  /** Until when one attempt alone may send it; left out or `null` while none does. */
  claimedUntil: time.nullable().optional(),
});
export type NotificationDoc = z.infer<typeof notificationDoc>;

/** `auditLog/{id}`: who did what (create-only). */
export const auditDoc = z.strictObject({
  auditId: id,
  actor: z.string(),
  action: z.string(),
  target: z.string().nullable(),
  reason: z.string().nullable(),
  result: z.record(z.string(), z.string()),
  at: time,
});
export type AuditDoc = z.infer<typeof auditDoc>;

/** `commands/{commandId}`: the reply that a repeated call gets (ARC-61). */
export const commandDoc = z.strictObject({
  commandId: id,
  name: z.string(),
  uid: z.string(),
  /** SHA-256 of the request: the same id with another request is refused. */
  fingerprint: z.string(),
  status: z.enum(['RUNNING', 'DONE']),
  /** JSON of the reply; `null` while running. */
  reply: z.string().nullable(),
  startedAt: time,
  expiresAt: time,
});
export type CommandDoc = z.infer<typeof commandDoc>;

/** `commandPace/{uid}`: when a user last gave commands, oldest first; server only (ARC-62). */
export const commandPaceDoc = z.strictObject({
  uid: z.string(),
  recent: z.array(time).max(COMMAND_PACE.most),
});
export type CommandPaceDoc = z.infer<typeof commandPaceDoc>;

/**
 * `deadLetters/{id}`: a task that exhausted its retries (ARC-55). It waits until an admin has it run again or gives it
 * up; who did so, and why, is in the audit log.
 */
export const deadLetterDoc = z.strictObject({
  deadLetterId: id,
  topic: z.string(),
  /** JSON of the task. */
  payload: z.string(),
  error: z.string(),
  attempts: z.int().nonnegative(),
  firstAt: time,
  lastAt: time,
  /** `null` while it waits; a task that fails once more waits again. */
  replayedAt: time.nullable(),
  discardedAt: time.nullable().default(null),
});
export type DeadLetterDoc = z.infer<typeof deadLetterDoc>;

/** `leases/{name}`: one process is the sole actor until `expiresAt` (wall clock). */
export const leaseDoc = z.strictObject({
  owner: z.string(),
  /** Grows with each new owner, so that a paused former owner can be told apart. */
  token: z.int().positive(),
  expiresAt: time,
});
export type LeaseDoc = z.infer<typeof leaseDoc>;

/** Billed Firestore operations and the bytes that went with them. */
export const usageCounts = z.strictObject({
  reads: z.int().nonnegative(),
  writes: z.int().nonnegative(),
  deletes: z.int().nonnegative(),
  /** By Firestore's rules of storage size; what was sent is about the same. */
  bytesRead: z.int().nonnegative(),
  bytesWritten: z.int().nonnegative(),
});
export type UsageCounts = z.infer<typeof usageCounts>;

/** What became of a topic's events (topics.ts, ARC-56). */
export const topicCounts = z.strictObject({
  published: z.int().nonnegative(),
  /** Deliveries that a subscriber ended well, and those that it failed. */
  delivered: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** Deliveries by the time from publication to their being taken up; keys are upper bounds, ms, or `more`. */
  latencies: z.record(z.string(), z.int().nonnegative()),
});
export type TopicCounts = z.infer<typeof topicCounts>;

/**
 * `usage/{yyyymmdd}`: what the server side of one UTC day cost, added up by every process at most once in five
 * minutes. Browsers are not in it: they may not write it.
 */
export const usageDayDoc = z.strictObject({
  day: z.string().regex(/^\d{8}$/, 'expected yyyymmdd'),
  /** By process kind: a function's name, or a worker's. */
  components: z.record(z.string(), usageCounts),
  /** By collection group; `none` for queries that found nothing. */
  groups: z.record(z.string(), usageCounts),
  /** By market, what is below `markets/{marketKey}`. */
  markets: z.record(z.string(), usageCounts),
  /** By topic; left out by releases that did not count them. */
  topics: z.record(z.string(), topicCounts).default({}),
  /** When counting began that day, and until when was added, wall clock. */
  since: time,
  updatedAt: time,
});
export type UsageDayDoc = z.infer<typeof usageDayDoc>;

/** One connection of a worker to a venue's stream (MD-20, MD-67); wall times. */
export const feedRecord = z.strictObject({
  venue: z.string(),
  market: z.string(),
  state: z.enum(['IDLE', 'CONNECTING', 'SUBSCRIBING', 'LIVE', 'STALE', 'RECONNECTING', 'FAILED']),
  symbols: z.int().nonnegative(),
  /** Symbols whose trades are overdue (MD-61). */
  staleSymbols: z.array(z.string()).max(500),
  lastMessageAt: time.nullable(),
  reconnects: z.int().nonnegative(),
  /** The venue's clock less ours; `null` until measured (MD-25). */
  skewMs: z.number().nullable(),
});
export type FeedRecord = z.infer<typeof feedRecord>;

/** `heartbeats/{component}`: a sign of life (MD-67); a worker's shards are `worker-0`, `worker-1`, … */
export const heartbeatDoc = z.strictObject({
  component: z.string(),
  status: z.enum(['STARTING', 'LIVE', 'STALE', 'RECONNECTING', 'STOPPED']),
  detail: z.string(),
  startedAt: time,
  beatAt: time,
  maxAgeMs: z.int().positive(),
  version: z.string(),
  feeds: z.array(feedRecord).max(20).optional(),
});
export type HeartbeatDoc = z.infer<typeof heartbeatDoc>;
