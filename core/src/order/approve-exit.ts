import { reducibleQty, type Instrument } from '../instrument/instrument.ts';
import { intentIdOf } from '../lib/ids.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { EpochMs } from '../lib/time.ts';
import { feeQty, minQty, roundQty, type Price, type Qty } from '../lib/units.ts';
import type { Position } from '../portfolio/position.ts';
import { blocked, passed, type RiskCheck } from '../risk/check.ts';
import { riskGate, type Approved, type GateVerdict } from '../risk/gate.ts';
import type { RiskState } from '../risk/risk-state.ts';
import { describeViolation } from '../risk/tradable-size.ts';
import type { Block } from '../strategy/blocking.ts';
import type { CloseReason, Instruction } from './intent.ts';

/** A wish to sell a position, or a share of it. */
export type ExitRequest = {
  readonly position: Position;
  /** Above 0 and below 1, rounded up to the lot grid; left out = all of it. */
  readonly share?: number | undefined;
  readonly instrument: Instrument;
  /** Price that slippage is measured against; it may be old: an exit does not wait for data (RSK-02). */
  readonly price: Price;
  /** Market time of `price`. */
  readonly now: EpochMs;
  readonly reason: CloseReason;
  /** What makes the intent's id: the same cause asks for the same exit (05, section 3). */
  readonly causeId: string;
  /** The signal that asked; `null` for protections and people. */
  readonly signalId: string | null;
  readonly risk: Pick<RiskState, 'executionEnabled' | 'emergencyStop'>;
};

/** An exit on its way through the checks. */
type ExitCandidate = {
  readonly request: ExitRequest;
  /** All that is held, cut down to the venue's grid. */
  readonly sellable: ReturnType<typeof reducibleQty>;
};

/** RSK-53: execution that is switched off stops exits too, unless there is an emergency. */
const checkExecution: RiskCheck<ExitCandidate> = ({ request: { risk, reason } }) => {
  const isEmergency = risk.emergencyStop || reason === 'emergency';
  const measured = {
    check: 'executionEnabled',
    value: String(risk.executionEnabled),
    limit: isEmergency ? null : 'true',
  };
  return risk.executionEnabled || isEmergency
    ? passed(measured)
    : blocked(measured, 'execution_disabled', 'Execution is switched off for this book.');
};

const checkHeld: RiskCheck<ExitCandidate> = ({ request: { position } }) => {
  const { quantity, status, symbol } = position;
  const measured = { check: 'held', value: quantity, limit: null };
  return status !== 'CLOSED' && quantity > 0n
    ? passed(measured)
    : blocked(measured, 'nothing_to_sell', `The position in ${symbol} holds nothing any more.`);
};

/** One exit at a time, so that nothing is sold twice. */
const checkNoExitUnderWay: RiskCheck<ExitCandidate> = ({ request: { position } }) => {
  const measured = { check: 'noExitUnderWay', value: position.closeIntentId, limit: null };
  return position.closeIntentId === null
    ? passed(measured)
    : blocked(
        measured,
        'pending_order',
        `An exit of the position in ${position.symbol} is already under way.`,
      );
};

/** The venue takes what is held, cut down to its grid. */
const checkSellable: RiskCheck<ExitCandidate> = ({ request, sellable }) => {
  const limit = request.position.quantity;
  if (sellable.ok) return passed({ check: 'sellable', value: sellable.value, limit });
  const { reason, detail } = describeViolation(sellable.error);
  return blocked({ check: 'sellable', value: null, limit }, reason, detail);
};

function draftExit({ request, sellable }: ExitCandidate): Result<Instruction, Block> {
  const { position, instrument, price } = request;
  if (position.marketKey !== instrument.marketKey)
    throw new Error(
      `Invariant: position ${position.positionId} is sold by the rules of its own market, not ${instrument.marketKey}`,
    );
  if (!sellable.ok) return err(describeViolation(sellable.error));
  const { bookId, strategyId, marketKey, symbol } = position;
  return ok({
    intentId: intentIdOf(request.causeId, 'EXIT'),
    bookId,
    strategyId,
    marketKey,
    symbol,
    signalId: request.signalId,
    positionId: position.positionId,
    action: 'EXIT',
    direction: position.side,
    side: position.side === 'LONG' ? 'SELL' : 'BUY',
    type: 'MARKET',
    quantity: sellable.value,
    limitPrice: null,
    timeInForce: 'GTC',
    reduceOnly: true,
    closeReason: request.reason,
    suggestedStop: null,
    suggestedTarget: null,
    expectedPrice: price,
    expectedAt: request.now,
    expiresAt: null,
  });
}

const EXIT_CHECKS = [checkExecution, checkHeld, checkNoExitUnderWay, checkSellable] as const;

/** How much is to be sold: at least a lot, and never more than is held. */
function wantedOf({ position: { quantity }, share, instrument }: ExitRequest): Qty {
  if (share === undefined) return quantity;
  return minQty(roundQty(feeQty(quantity, share, 'ceil'), instrument.lotSize, 'ceil'), quantity);
}

/** The verdict on an exit with every check, for the record (RSK-04, RSK-53). */
export function judgeExit(request: ExitRequest): GateVerdict<Instruction> {
  const { instrument, price } = request;
  const sellable = reducibleQty(instrument, wantedOf(request), price);
  return riskGate({ request, sellable }, EXIT_CHECKS, draftExit);
}

/**
 * Approves the exit of a position, or of a share of it: a market order that can only reduce (EXE-06, EXE-08).
 *
 * Exits pass no entry limit and need no fresh price (RSK-02). What the venue's grid cuts off stays and
 * becomes dust when the position closes.
 *
 * @returns the first block; `judgeExit` gives all of them.
 * @throws Error when the instrument is not the position's.
 */
export function approveExit(request: ExitRequest): Result<Approved<Instruction>, Block> {
  const verdict = judgeExit(request);
  return verdict.approved ? ok(verdict.item) : err(verdict.reasons[0]);
}
