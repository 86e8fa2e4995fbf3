import type { OrderDoc, SignalDoc } from '@tradewind/contracts/documents/execution';
import { bucketStart, durationMs, epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { closeWords } from '../../lib/close-reason.ts';

/** Newest markers that are kept (UI-22). */
export const MAX_MARKERS = 500;

export type Marker = {
  readonly id: string;
  /** Start of the bar that it belongs to. */
  readonly openAt: EpochMs;
  readonly shape: 'circle' | 'square' | 'arrowUp' | 'arrowDown';
  readonly above: boolean;
  readonly color: string;
  readonly text: string;
};

/** Shapes and colours of UI-21; the library has no cross, so a cancelled signal says × in words. */
const LOOK: Readonly<
  Record<
    SignalDoc['signalType'],
    (long: boolean) => Pick<Marker, 'shape' | 'above' | 'color' | 'text'>
  >
> = {
  S1: () => ({ shape: 'circle', above: false, color: '#FFC107', text: 'S1' }),
  O1: () => ({ shape: 'circle', above: true, color: '#FF5722', text: '×' }),
  Z1: (long) => ({
    shape: long ? 'arrowUp' : 'arrowDown',
    above: !long,
    color: '#4CAF50',
    text: 'Entry',
  }),
  ZE1: (long) => ({
    shape: long ? 'arrowDown' : 'arrowUp',
    above: long,
    color: '#2196F3',
    text: 'Exit',
  }),
  E1: () => ({ shape: 'square', above: true, color: '#F44336', text: 'E1' }),
};

const UNEXECUTED = '#9E9E9E';

/** Bar that a decision on a bar's close belongs to: the one that closed. */
const barOfClose = (closeAt: EpochMs, size: number): EpochMs =>
  bucketStart(epochMs(Math.max(0, closeAt - 1)), durationMs(size));

function ofSignal(signal: SignalDoc, size: number): Marker {
  const look = LOOK[signal.signalType](signal.direction === 'LONG');
  const refused = signal.executionStatus !== 'EXECUTED' && signal.executionStatus !== 'PENDING';
  return {
    id: `signal:${signal.signalId}`,
    openAt: barOfClose(signal.barCloseAt, size),
    ...look,
    ...(refused
      ? { color: UNEXECUTED, text: `${look.text} ${signal.executionStatus.toLowerCase()}` }
      : {}),
  };
}

/** Fills of orders that no signal caused: stops, targets, people. */
function ofFill(order: OrderDoc, size: number): Marker[] {
  if (order.filledAt === null || order.signalId !== null) return [];
  return [
    {
      id: `order:${order.orderId}`,
      openAt: bucketStart(order.filledAt, durationMs(size)),
      shape: 'square',
      above: order.side === 'SELL',
      color: '#F44336',
      text: order.closeReason === null ? order.side.toLowerCase() : closeWords(order.closeReason),
    },
  ];
}

/** Markers of one market, oldest first, each id once, the newest 500. */
export function markersOf(
  facts: { readonly signals: readonly SignalDoc[]; readonly orders: readonly OrderDoc[] },
  marketKey: string,
  size: number,
): readonly Marker[] {
  const mine = <T extends { readonly marketKey: string }>(all: readonly T[]): readonly T[] =>
    all.filter((one) => one.marketKey === marketKey);
  const markers = [
    ...mine(facts.signals).map((signal) => ofSignal(signal, size)),
    ...mine(facts.orders).flatMap((order) => ofFill(order, size)),
  ];
  const byId = new Map(markers.map((marker) => [marker.id, marker]));
  return [...byId.values()].sort((a, b) => a.openAt - b.openAt).slice(-MAX_MARKERS);
}
