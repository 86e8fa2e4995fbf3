import { paths } from '@tradewind/contracts/paths';
import { LIMITS } from '@tradewind/core/risk/limits';
import type { Data, Disk, Write } from './memory-disk.ts';
import { BOOK } from './seed-book.ts';

/** Limits as an outsider reads them, checked at every commit: they must hold at each moment, not only at the end. */
export type LimitWatch = {
  readonly onCommit: (writes: readonly Write[]) => void;
  /** What was broken, in words. */
  readonly broken: readonly string[];
};

const WORKING = new Set(['NEW', 'APPROVED', 'CLAIMED', 'QUEUED', 'SENT', 'UNKNOWN']);
const MINUTE_MS = 60_000;
const MAX_POSITIONS_OF_BOT = 1;

const text = (data: Data, field: string): string => String(data[field]);
const isEntry = (data: Data): boolean => data['action'] === 'ENTER' || data['action'] === 'ADD';

/** Watches the commits of one book in paper mode. */
export function watchLimits(disk: () => Disk, now: () => number): LimitWatch {
  const broken: string[] = [];
  const limits = LIMITS.paper;
  const approvals: { readonly strategyId: string; readonly at: number }[] = [];

  const values = (collection: string): Data[] =>
    [...disk().list(collection).values()].map(({ data }) => data);
  const slots = (): readonly Data[] => {
    const open = values(paths.positions(BOOK)).filter((data) => data['status'] !== 'CLOSED');
    const working = values(paths.intents(BOOK)).filter(
      (data) => data['action'] === 'ENTER' && WORKING.has(text(data, 'status')),
    );
    const bySlot = new Map(
      [...open, ...working].map((data) => [
        `${text(data, 'strategyId')} ${text(data, 'marketKey')}`,
        data,
      ]),
    );
    return [...bySlot.values()];
  };
  const approved = (intent: Data): void => {
    const used = slots();
    const strategyId = text(intent, 'strategyId');
    const own = used.filter((data) => data['strategyId'] === strategyId);
    if (used.length > limits.maxOpenPositions) broken.push(`${used.length} positions at once`);
    if (own.length > MAX_POSITIONS_OF_BOT) broken.push(`${own.length} positions of ${strategyId}`);
    const value = Number(intent['quantity']) * Number(intent['expectedPrice']);
    if (value > Number(limits.maxPositionQuote) / 1e18) broken.push(`an entry of ${value}`);
    approvals.push({ strategyId, at: now() });
    const recent = approvals.filter(({ at }) => now() - at < MINUTE_MS - 2_000);
    const ofStrategy = recent.filter((one) => one.strategyId === strategyId).length;
    if (recent.length > limits.ordersPerMinute) broken.push(`${recent.length} orders a minute`);
    if (ofStrategy > limits.strategyOrdersPerMinute)
      broken.push(`${ofStrategy} orders a minute of ${strategyId}`);
  };
  const submitted = (order: Data): void => {
    const risk = disk().get(paths.riskState(BOOK))?.data;
    if (risk?.['emergencyStop'] === true)
      broken.push(`entry ${text(order, 'orderId')} was sent after the emergency stop`);
    if (risk?.['executionEnabled'] !== true)
      broken.push(`entry ${text(order, 'orderId')} was sent while execution was off`);
  };
  return {
    broken,
    onCommit: (writes) => {
      for (const { path, data } of writes) {
        const collection = path.slice(0, path.lastIndexOf('/'));
        if (!isEntry(data)) continue;
        if (collection === paths.intents(BOOK) && data['version'] === 0) approved(data);
        if (collection === paths.orders(BOOK) && data['status'] === 'SUBMITTED') submitted(data);
      }
    },
  };
}
