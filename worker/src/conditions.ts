import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { WorkerPorts } from './ports.ts';

/** What tells two conditions apart. */
export type ConditionKey = {
  readonly rule: string;
  /** A feed, a market or a shard. */
  readonly label: string;
  readonly symbol?: string;
};

export type Trouble = { readonly severity: 'WARNING' | 'CRITICAL'; readonly message: string };

/** Says how a condition is now: as often as one likes, it is written only when that changes. */
export type TellCondition = (key: ConditionKey, trouble: Trouble | null) => void;

/** Alerts of conditions that come and go: raised once, again when they get worse, resolved when they are over. */
export function createConditions({
  store,
  clock,
  log,
}: Pick<WorkerPorts, 'store' | 'clock' | 'log'>): TellCondition {
  const told = new Map<string, Trouble>();
  return ({ rule, label, symbol = null }, trouble) => {
    const id = `${rule} ${label}`;
    const before = told.get(id);
    if (before?.severity === trouble?.severity) return;
    if (trouble === null) told.delete(id);
    else told.set(id, trouble);
    const key = { rule, label, symbol, bookId: null, now: clock.wallNow() };
    const work: Promise<unknown> =
      trouble === null
        ? resolveAlert(store, key)
        : raiseAlert(store, { ...key, ...trouble, details: { label } });
    if (trouble !== null) log.warn(trouble.message, { rule, label });
    work.catch((error: unknown) => {
      log.warn('an alert could not be written', { error });
    });
  };
}
