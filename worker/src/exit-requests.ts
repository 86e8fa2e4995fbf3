import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import { exitPosition } from '@tradewind/adapters/execution/exit-position';
import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { Price } from '@tradewind/core/lib/units';
import type { CloseReason } from '@tradewind/core/order/intent';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';

/** After a wish was granted its lock arrives with the next snapshot: until then none is made. */
const ANSWER_MS = 2_000;
/** Pause after the first failure; it doubles up to half a minute. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/** Exits of one position, one at a time (PF-43). */
export type ExitRequests = {
  /** Wishes an exit, unless one is under way or the last one was moments ago. */
  readonly wish: (position: PositionDoc, reason: CloseReason, price: Price) => void;
  /** Resolves when none is under way. */
  readonly settled: () => Promise<void>;
};

export type ExitRequest = typeof exitPosition;

export function createExitRequests(
  ports: ExecutionPorts,
  exit: ExitRequest = exitPosition,
): ExitRequests {
  const { store, clock, log } = ports;
  let pending: Promise<void> | null = null;
  let notBefore = 0;
  let failures = 0;

  const tell = async (position: PositionDoc, reason: CloseReason): Promise<void> => {
    const { bookId, positionId, symbol } = position;
    try {
      await raiseAlert(store, {
        rule: 'protective_exit_failed',
        bookId,
        symbol,
        severity: 'CRITICAL',
        message: `${symbol}: ${reason} was reached, but the exit could not be sent. It is tried again.`,
        details: { positionId, reason },
        now: clock.wallNow(),
      });
    } catch (error) {
      log.warn('an alert could not be written', { error });
    }
  };
  const ask = async (position: PositionDoc, reason: CloseReason, price: Price): Promise<void> => {
    const { bookId, positionId, marketKey, symbol } = position;
    try {
      const result = await exit(ports, {
        bookId,
        positionId,
        marketKey,
        reason,
        price,
        fast: true,
      });
      log.info('protective exit', { bookId, positionId, symbol, reason, result: result.kind });
      failures = 0;
      notBefore = result.kind === 'tooSoon' ? result.retryAt : clock.wallNow() + ANSWER_MS;
    } catch (error) {
      notBefore = clock.wallNow() + Math.min(RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
      failures += 1;
      log.error('a protective exit failed and is tried again', { bookId, positionId, error });
      await tell(position, reason);
    }
  };
  return {
    wish: (position, reason, price) => {
      if (pending !== null || clock.wallNow() < notBefore) return;
      pending = ask(position, reason, price).finally(() => {
        pending = null;
      });
    },
    settled: async () => {
      await pending;
    },
  };
}
