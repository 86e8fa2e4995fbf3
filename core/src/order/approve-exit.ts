import type { Instrument } from '../instrument/instrument.ts';
import type { Result } from '../lib/result.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Price } from '../lib/units.ts';
import type { Position } from '../portfolio/position.ts';
import type { Approved } from '../risk/gate.ts';
import type { RiskState } from '../risk/risk-state.ts';
import type { Block } from '../strategy/blocking.ts';
import type { CloseReason, Instruction } from './intent.ts';

/** A wish to sell all of a position. */
export type ExitRequest = {
  readonly position: Position;
  readonly instrument: Instrument;
  /** Price that slippage is measured against; it may be old: an exit does not wait for data (RSK-02). */
  readonly price: Price;
  /** Market time of `price`. */
  readonly now: EpochMs;
  readonly reason: CloseReason;
  /** What makes the intent's id: the same cause asks for the same exit (05, section 3). */
  readonly causeId: string;
  readonly signalId: string | null;
  readonly risk: Pick<RiskState, 'executionEnabled' | 'emergencyStop'>;
};

/** Approves the exit of a whole position. */
export function approveExit(request: ExitRequest): Result<Approved<Instruction>, Block> {
  throw new Error(`Invariant: ${request.causeId}`);
}
