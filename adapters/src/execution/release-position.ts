import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { EpochMs } from '@tradewind/core/lib/time';

/** A position whose exit came to nothing: its protections count again (EXE-71). */
export const unlocked = (position: PositionDoc, now: EpochMs): PositionDoc => ({
  ...position,
  closeIntentId: null,
  status: position.status === 'REDUCING' ? 'OPEN' : position.status,
  updatedAt: now,
  version: position.version + 1,
});

/** A position that `intentId` is about to close; no second exit may start (PF-43). */
export const locked = (position: PositionDoc, intentId: string, now: EpochMs): PositionDoc => ({
  ...position,
  closeIntentId: intentId,
  status: 'REDUCING',
  updatedAt: now,
  version: position.version + 1,
});

/** The position once one of its orders came to nothing, exit or stop; `undefined` when that changes nothing. */
export function without(
  position: PositionDoc,
  { intentId, orderId }: { readonly intentId: string; readonly orderId: string },
  now: EpochMs,
): PositionDoc | undefined {
  if (position.closeIntentId === intentId) return unlocked(position, now);
  if (position.stop.venueStopOrderId !== orderId) return undefined;
  const stop = { ...position.stop, venueStopOrderId: null };
  return { ...position, stop, updatedAt: now, version: position.version + 1 };
}
