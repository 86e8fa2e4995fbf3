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

/** A position whose stop at the venue is gone, or never got there. */
export const unstopped = (position: PositionDoc, now: EpochMs): PositionDoc => ({
  ...position,
  stop: { ...position.stop, venueStopOrderId: null },
  updatedAt: now,
  version: position.version + 1,
});
