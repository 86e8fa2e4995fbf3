import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { EpochMs } from '@tradewind/core/lib/time';
import { ALERT_AFTER_FAILURES, STABLE_AFTER_MS } from './reconnect.ts';
import type { WorkerPorts } from './ports.ts';

/** MD-60: no message on the connection for this long. */
const STALE_AFTER_MS = 10_000;
const CRITICAL_AFTER_MS = 60_000;
/** MD-26. */
const LOST_AFTER_MS = 5_000;
/** A first trade may let itself be waited for: a replay begins when all are ready. */
const START_MS = 30_000;
/** MD-22: a connection silent for so long is replaced, whatever it says of itself. */
const REPLACE_AFTER_MS = 30_000;

export type ConnectionState = 'STARTING' | 'LIVE' | 'STALE' | 'RECONNECTING';

/** What the worker knows of its connection; wall times. */
export type Connection = {
  readonly connected: boolean;
  /** Since when it is as `connected` says. */
  readonly since: EpochMs;
  readonly lastDataAt: EpochMs | null;
  /** Failed attempts since the last connection that held. */
  readonly failures: number;
};

export const disconnected = (now: EpochMs): Connection => ({
  connected: false,
  since: now,
  lastDataAt: null,
  failures: 0,
});

/** Data came: the connection stands; one that held for a minute forgives the failures before it. */
export function received(connection: Connection, now: EpochMs): Connection {
  const since = connection.connected ? connection.since : now;
  const failures = now - since >= STABLE_AFTER_MS ? 0 : connection.failures;
  return { connected: true, since, lastDataAt: now, failures };
}

/** It failed, or an attempt to make one did. */
export const failed = (connection: Connection, now: EpochMs): Connection => ({
  ...connection,
  connected: false,
  since: connection.connected ? now : connection.since,
  failures: connection.failures + 1,
});

export function stateOf(connection: Connection, now: EpochMs): ConnectionState {
  if (!connection.connected) return connection.lastDataAt === null ? 'STARTING' : 'RECONNECTING';
  const silence = now - (connection.lastDataAt ?? connection.since);
  return silence > STALE_AFTER_MS ? 'STALE' : 'LIVE';
}

/**
 * True when a connection that was tried at `triedAt` has said nothing for so long that it is to be
 * replaced: half-open connections look alive for ever (MD-22).
 */
export function isSilent(connection: Connection, triedAt: EpochMs, now: EpochMs): boolean {
  const heardAt = Math.max(connection.lastDataAt ?? triedAt, triedAt);
  return now - heardAt > REPLACE_AFTER_MS;
}

type Trouble = {
  readonly rule: 'feed_stale' | 'feed_disconnected';
  readonly severity: 'WARNING' | 'CRITICAL';
  readonly message: string;
};

/** What a person should hear of the connection now. */
export function troubleOf(connection: Connection, now: EpochMs): Trouble | null {
  if (!connection.connected) {
    const lost = now - connection.since;
    const isStart = connection.lastDataAt === null && connection.failures === 0;
    if (lost <= (isStart ? START_MS : LOST_AFTER_MS)) return null;
    const critical = connection.failures >= ALERT_AFTER_FAILURES || lost > CRITICAL_AFTER_MS;
    return {
      rule: 'feed_disconnected',
      severity: critical ? 'CRITICAL' : 'WARNING',
      message:
        'No connection to the trade stream. The worker goes on trying; entries wait for fresh prices.',
    };
  }
  const silence = now - (connection.lastDataAt ?? connection.since);
  if (silence <= STALE_AFTER_MS) return null;
  return {
    rule: 'feed_stale',
    severity: silence > CRITICAL_AFTER_MS ? 'CRITICAL' : 'WARNING',
    message:
      'The trade stream is silent. Prices are not shown as live; entries wait for fresh ones.',
  };
}

/** Raises each trouble once, and once more when it gets critical; resolves it when it is over. */
export function createTroubleAlerts({ store, clock, log }: WorkerPorts) {
  const raised = new Map<string, string>();
  const keep = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      log.warn('an alert could not be written', { error });
    });
  };
  return (connection: Connection): void => {
    const now = clock.wallNow();
    const trouble = troubleOf(connection, now);
    for (const rule of raised.keys())
      if (rule !== trouble?.rule) {
        raised.delete(rule);
        keep(resolveAlert(store, { rule, bookId: null, symbol: null, now }));
      }
    if (trouble === null || raised.get(trouble.rule) === trouble.severity) return;
    raised.set(trouble.rule, trouble.severity);
    const details = { failures: String(connection.failures) };
    keep(raiseAlert(store, { ...trouble, details, bookId: null, symbol: null, now }));
    log.warn(trouble.message, { rule: trouble.rule, failures: connection.failures });
  };
}
