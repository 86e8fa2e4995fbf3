import { closePosition } from '@tradewind/adapters/execution/close-position';
import type { Item } from '@tradewind/adapters/execution/item';
import { openPositions } from '@tradewind/adapters/execution/ledger-queries';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { positionDoc } from '@tradewind/contracts/documents/book';
import type { SessionDoc } from '@tradewind/contracts/documents/session';
import type { Command } from '../callables/handle-callable.ts';
import { finishSession } from './finish-session.ts';
import { cancelTogether, moveTogether, onSession } from './handle-pause-session.ts';

/** Sells what the session's strategies hold, each the way a person's close goes (EXE-70). */
async function closeAll(
  ports: ExecutionPorts,
  { bookId, strategyIds }: SessionDoc,
): Promise<Item[]> {
  const { store } = ports;
  const open = await store.query(openPositions(store, bookId), positionDoc);
  const items: Item[] = [];
  // One after the other: each changes the same book.
  for (const { positionId, symbol, strategyId } of open) {
    if (!strategyIds.includes(strategyId)) continue;
    const { message, ok } = await closePosition(ports, { bookId, positionId });
    items.push({ item: `position ${symbol} (${strategyId})`, result: message, ok });
  }
  return items;
}

async function stop(
  ports: ExecutionPorts,
  { sessionId, closePositions }: Command<'stopSession'>,
): Promise<CommandReply> {
  const moved = await moveTogether(ports, sessionId, 'stop');
  if (!moved.ok) return moved.error;
  const entries = await cancelTogether(ports, moved.value, 'the session was stopped');
  const exits = closePositions ? await closeAll(ports, moved.value) : [];
  const isOver = await finishSession(ports, sessionId);
  return {
    ok: exits.every(({ ok }) => ok),
    code: isOver ? 'stopped' : 'stopping',
    message: isOver
      ? 'The session is over; its summary stands in it.'
      : 'The session enters nothing any more, and is over as soon as what it holds is closed.',
    id: sessionId,
    items: [...entries, ...exits],
  };
}

/**
 * Stops a session (STR-91): no entries from here on. What is held is sold at once, or left by the strategies'
 * own exits and stops; when nothing is left, the session is over. Stopping again is harmless.
 */
export const handleStopSession = (
  ports: ExecutionPorts,
  request: Command<'stopSession'>,
): Promise<CommandReply> => onSession(ports, request.sessionId, () => stop(ports, request));
