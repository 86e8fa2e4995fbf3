import type { AlertDoc } from '@tradewind/contracts/documents/system';
import type { Fault, Loaded } from '../../lib/loaded.ts';

export type AlertsView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'rows';
      /** Open ones first, the newest first. */
      readonly rows: readonly AlertDoc[];
      readonly unacknowledged: number;
      readonly critical: number;
      readonly faults: readonly Fault[];
    };

const rank: Readonly<Record<AlertDoc['state'], number>> = {
  ACTIVE: 0,
  ACKNOWLEDGED: 1,
  RESOLVED: 2,
};

const before = (a: AlertDoc, b: AlertDoc): number =>
  rank[a.state] === rank[b.state] ? b.lastAt - a.lastAt : rank[a.state] - rank[b.state];

/** Decides what the list and the bell show. */
export function alertsView(alerts: Loaded<AlertDoc>): AlertsView {
  if (alerts.status === 'pending') return { kind: 'loading' };
  if (alerts.status === 'error') return { kind: 'failed', message: alerts.message };
  const active = alerts.data.filter(({ state }) => state === 'ACTIVE');
  return {
    kind: 'rows',
    rows: [...alerts.data].sort(before),
    unacknowledged: active.length,
    critical: active.filter(({ severity }) => severity === 'CRITICAL').length,
    faults: alerts.faults,
  };
}
