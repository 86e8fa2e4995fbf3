import type { VenueOrder } from '@tradewind/adapters/venue/venue';
import { breakerDoc, breakerName } from '@tradewind/contracts/documents/breaker';
import { paths } from '@tradewind/contracts/paths';
import { LIMITS } from '@tradewind/core/risk/limits';
import type { Data, Disk, Write } from './memory-disk.ts';
import { BOOK } from './seed-book.ts';

/** Limits as an outsider reads them, checked at every commit: they must hold at each moment, not only at the end. */
export type LimitWatch = {
  readonly onCommit: (writes: readonly Write[]) => void;
  /** Hears of every order that reaches the venue. */
  readonly onArrival: (order: VenueOrder) => void;
  /** What was broken, in words. */
  readonly broken: readonly string[];
  /** Exits that began while another one of the same position was under way. */
  readonly doubled: readonly string[];
};

const WORKING = new Set(['NEW', 'APPROVED', 'CLAIMED', 'QUEUED', 'SENT', 'UNKNOWN']);
const MINUTE_MS = 60_000;
/** Clocks of processes differ by less. */
const GRACE_MS = 2_000;
/** An entry that was let through may arrive so long after: a whole submission, the venue's receive window, clocks. */
const ON_ITS_WAY_MS = 20_000;
const MAX_POSITIONS_OF_BOT = 1;
const limits = LIMITS.paper;

type Approval = { readonly strategyId: string; readonly at: number };

const text = (data: Data, field: string): string => String(data[field]);
const isEntry = (data: Data): boolean => data['action'] === 'ENTER' || data['action'] === 'ADD';
const isWorking = (intent: Data): boolean => WORKING.has(text(intent, 'status'));

const values = (disk: Disk, collection: string): Data[] =>
  [...disk.list(collection).values()].map(({ data }) => data);

/** Open positions and entries under way; an entry that has begun to fill is one with its position. */
function slotsOf(disk: Disk): readonly Data[] {
  const open = values(disk, paths.positions(BOOK)).filter((data) => data['status'] !== 'CLOSED');
  const entries = values(disk, paths.intents(BOOK)).filter(
    (data) => data['action'] === 'ENTER' && isWorking(data),
  );
  const slotOf = (data: Data): string => `${text(data, 'strategyId')} ${text(data, 'marketKey')}`;
  return [...new Map([...open, ...entries].map((data) => [slotOf(data), data])).values()];
}

function judgeSlots(disk: Disk, strategyId: string): string[] {
  const used = slotsOf(disk);
  const own = used.filter((data) => data['strategyId'] === strategyId).length;
  return [
    ...(used.length > limits.maxOpenPositions ? [`${used.length} positions at once`] : []),
    ...(own > MAX_POSITIONS_OF_BOT ? [`${own} positions of ${strategyId}`] : []),
  ];
}

function judgeRate(recent: readonly Approval[], strategyId: string): string[] {
  const own = recent.filter((one) => one.strategyId === strategyId).length;
  return [
    ...(recent.length > limits.ordersPerMinute ? [`${recent.length} orders a minute`] : []),
    ...(own > limits.strategyOrdersPerMinute ? [`${own} orders a minute of ${strategyId}`] : []),
  ];
}

function judgeSize(intent: Data): string[] {
  const value = Number(intent['quantity']) * Number(intent['expectedPrice']);
  return value > Number(limits.maxPositionQuote) / 1e18 ? [`an entry of ${value}`] : [];
}

function judgeSwitches(disk: Disk, order: Data): string[] {
  const risk = disk.get(paths.riskState(BOOK))?.data;
  const entry = `entry ${text(order, 'orderId')} was sent`;
  return [
    ...(risk?.['emergencyStop'] === true ? [`${entry} after the emergency stop`] : []),
    ...(risk?.['executionEnabled'] === true ? [] : [`${entry} while execution was off`]),
  ];
}

function judgeBreaker(disk: Disk, order: VenueOrder, now: number): string[] {
  const stored = disk.get(paths.breaker(breakerName('binance', 'trading')))?.data;
  if (stored === undefined || order.reduceOnly === true) return [];
  const { status, changedAt } = breakerDoc.parse(stored);
  return status === 'OPEN' && now - changedAt > ON_ITS_WAY_MS
    ? [`entry ${order.clientOrderId} came to the venue while its breaker was open`]
    : [];
}

/** An exit can never open anything, whatever has become of its position meanwhile. */
function judgeArrival(disk: Disk, order: VenueOrder): string[] {
  const known = disk.get(paths.order(BOOK, order.clientOrderId))?.data;
  return known === undefined || isEntry(known) || order.reduceOnly === true
    ? []
    : [`exit ${order.clientOrderId} came to the venue without being reduce-only`];
}

function judgeExits(disk: Disk, exit: Data): string[] {
  const { positionId } = exit;
  const exits = values(disk, paths.intents(BOOK)).filter(
    (data) =>
      data['positionId'] === positionId &&
      !isEntry(data) &&
      data['type'] !== 'STOP' &&
      isWorking(data),
  );
  return exits.length > 1 ? [`position ${String(positionId)} has ${exits.length} exits`] : [];
}

/** More positions and entries than are allowed, as the ledger stands. */
export const findTooMany = (disk: Disk): string[] => [
  ...new Set(slotsOf(disk).flatMap((data) => judgeSlots(disk, text(data, 'strategyId')))),
];

/** Watches the commits of one book in paper mode. */
export function watchLimits(disk: () => Disk, now: () => number): LimitWatch {
  const broken: string[] = [];
  const doubled: string[] = [];
  const approvals: Approval[] = [];
  const onIntent = (intent: Data): void => {
    const version = Number(intent['version']);
    // An exit on the fast path is written claimed, in its second version.
    if (!isEntry(intent) && version < 2) doubled.push(...judgeExits(disk(), intent));
    if (!isEntry(intent) || version > 0) return;
    const strategyId = text(intent, 'strategyId');
    approvals.push({ strategyId, at: now() });
    const recent = approvals.filter(({ at }) => now() - at < MINUTE_MS - GRACE_MS);
    broken.push(
      ...judgeSlots(disk(), strategyId),
      ...judgeRate(recent, strategyId),
      ...judgeSize(intent),
    );
  };
  return {
    broken,
    doubled,
    onArrival: (order) =>
      void broken.push(...judgeBreaker(disk(), order, now()), ...judgeArrival(disk(), order)),
    onCommit: (writes) => {
      for (const { path, data } of writes) {
        const collection = path.slice(0, path.lastIndexOf('/'));
        if (collection === paths.intents(BOOK)) onIntent(data);
        if (collection !== paths.orders(BOOK) || data['status'] !== 'SUBMITTED') continue;
        if (isEntry(data)) broken.push(...judgeSwitches(disk(), data));
      }
    },
  };
}
