import type { ExecutionPorts } from './ports.ts';
import { protectPosition } from './protect-position.ts';
import { hasEnded, requestExit, type ExitResult, type ExitWish } from './request-exit.ts';

/**
 * Closes a position, and protects at once what could not be sold: on spot its stop at the venue had to make way for
 * the exit, and whoever took it away puts it back (EXE-71).
 */
export async function exitPosition(ports: ExecutionPorts, wish: ExitWish): Promise<ExitResult> {
  const result = await requestExit(ports, wish);
  await protectRest(ports, wish, result);
  return result;
}

/** Protects what an exit left: it came to nothing, or sold a part only. */
export async function protectRest(
  ports: ExecutionPorts,
  { bookId, positionId }: Pick<ExitWish, 'bookId' | 'positionId'>,
  result: ExitResult,
): Promise<void> {
  if (!mayLeaveRest(result)) return;
  await protectPosition(ports, { bookId, positionId });
}

function mayLeaveRest(result: ExitResult): boolean {
  switch (result.kind) {
    case 'alreadyClosing':
    case 'notOpen':
      return false;
    case 'tooSoon':
    case 'refused':
      return true;
    case 'requested': {
      const { sent } = result;
      // Whatever the task queue sends is protected there.
      if (sent === null || sent.kind === 'alreadyClosed') return false;
      return sent.kind !== 'recorded' || hasEnded(result);
    }
  }
}
