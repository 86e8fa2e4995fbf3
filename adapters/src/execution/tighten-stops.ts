import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { tighten } from '@tradewind/core/portfolio/trailing';
import type { ExecutionPorts } from './ports.ts';

/** Tightens the stops of positions (PF-47), each in its own transaction; what was tightened before stays as it is. */
export async function tightenStops(
  { store, clock }: Pick<ExecutionPorts, 'store' | 'clock'>,
  positions: readonly Pick<PositionDoc, 'bookId' | 'positionId'>[],
): Promise<number> {
  let count = 0;
  for (const { bookId, positionId } of positions) {
    const path = paths.position(bookId, positionId);
    const isDone = await store.transact(async (tx) => {
      const position = await tx.get(path, positionDoc);
      if (position === undefined || position.status === 'CLOSED') return false;
      const protection = tighten(position.protection, position.side);
      if (protection === position.protection) return false;
      const { version } = position;
      const updatedAt = clock.wallNow();
      tx.set(path, positionDoc, { ...position, protection, updatedAt, version: version + 1 });
      return true;
    });
    if (isDone) count += 1;
  }
  return count;
}
