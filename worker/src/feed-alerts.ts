import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { EpochMs } from '@tradewind/core/lib/time';
import { silenceOf, stateOf, type Connection } from './connection.ts';
import type { WorkerPorts } from './ports.ts';
import { ALERT_AFTER_FAILURES } from './reconnect.ts';

const CRITICAL_AFTER_MS = 60_000;
/** MD-26. */
const LOST_AFTER_MS = 5_000;
/** A first trade may let itself be waited for: a replay begins when all are ready. */
const START_MS = 30_000;

type Trouble = {
  readonly rule: 'feed_stale' | 'feed_disconnected' | 'feed_failed';
  readonly severity: 'WARNING' | 'CRITICAL';
  readonly message: string;
};

function lostFor(connection: Connection, lost: number): Trouble | null {
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

/** What a person should hear of the connection now. */
export function troubleOf(connection: Connection, now: EpochMs): Trouble | null {
  const silence = silenceOf(connection, now);
  switch (stateOf(connection, now)) {
    case 'IDLE':
    case 'LIVE':
      return null;
    case 'FAILED':
      return {
        rule: 'feed_failed',
        severity: 'CRITICAL',
        message:
          'The trade stream cannot be had as it is configured. The worker does not try again until it is started anew.',
      };
    case 'STALE':
      return {
        rule: 'feed_stale',
        severity: silence > CRITICAL_AFTER_MS ? 'CRITICAL' : 'WARNING',
        message:
          'The trade stream is silent. Prices are not shown as live; entries wait for fresh ones.',
      };
    case 'CONNECTING':
    case 'SUBSCRIBING':
    case 'RECONNECTING':
      return lostFor(connection, now - connection.since);
  }
}

type Raised = { readonly trouble: Trouble; readonly since: EpochMs };

/**
 * Raises each trouble of a connection once, and once more when it gets critical; resolves it when it
 * is over, and tells how long it took and how many trades were read over REST for it (MD-26).
 */
export function createFeedAlerts(ports: WorkerPorts, label: string) {
  const { store, clock, log } = ports;
  let raised: Raised | null = null;
  const keep = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      log.warn('an alert could not be written', { error });
    });
  };
  const raise = (trouble: Trouble, details: Readonly<Record<string, string>>): void => {
    const now = clock.wallNow();
    keep(raiseAlert(store, { ...trouble, details, bookId: null, symbol: null, label, now }));
    log.warn(trouble.message, { rule: trouble.rule, feed: label, ...details });
  };
  const restore = ({ trouble, since }: Raised, backfilled: number): void => {
    const now = clock.wallNow();
    keep(resolveAlert(store, { rule: trouble.rule, bookId: null, symbol: null, label, now }));
    const outageSeconds = Math.round((now - since) / 1_000);
    log.info('the trade stream is back', { feed: label, outageSeconds, backfilled });
    const details = { feed: label, outageSeconds: `${outageSeconds}`, backfilled: `${backfilled}` };
    const message = `The trade stream is back after ${outageSeconds} s; ${backfilled} missed trades were read again.`;
    const severity = 'INFO' as const;
    const where = { bookId: null, symbol: null, label };
    keep(raiseAlert(store, { rule: 'feed_restored', severity, message, details, ...where, now }));
  };
  return {
    /** Called once a second. `backfilled` counts trades that were read over REST since the start. */
    look: (connection: Connection, backfilled: () => number): void => {
      const now = clock.wallNow();
      const trouble = troubleOf(connection, now);
      const before = raised;
      if (trouble === null) {
        if (before !== null && stateOf(connection, now) === 'LIVE') restore(before, backfilled());
        raised = null;
        return;
      }
      if (before?.trouble.rule === trouble.rule && before.trouble.severity === trouble.severity)
        return;
      if (before !== null && before.trouble.rule !== trouble.rule)
        keep(
          resolveAlert(store, {
            rule: before.trouble.rule,
            bookId: null,
            symbol: null,
            label,
            now,
          }),
        );
      raised = { trouble, since: before?.since ?? connection.lastDataAt ?? connection.since };
      raise(trouble, { feed: label, failures: `${connection.failures}` });
    },
  };
}
