import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { handedOver } from '@tradewind/core/portfolio/hand-over';
import type { Verdict } from '@tradewind/core/strategy/strategy';

type Held = Pick<PositionDoc, 'bookId' | 'positionId' | 'symbol' | 'strategyId'>;

/** Tightens the stops of what a strategy cannot lead out of any more. @returns Whether that moved anything. */
function tighten({ store, clock }: ExecutionPorts, { bookId, positionId }: Held): Promise<boolean> {
  const path = paths.position(bookId, positionId);
  return store.transact(async (tx) => {
    const position = await tx.get(path, positionDoc);
    if (position === undefined || position.status === 'CLOSED') return false;
    const protection = handedOver(position);
    const { stopLoss, trailingStop } = position.protection;
    if (protection.stopLoss === stopLoss && protection.trailingStop === trailingStop) return false;
    const version = position.version + 1;
    tx.set(path, positionDoc, { ...position, protection, version, updatedAt: clock.wallNow() });
    return true;
  });
}

/**
 * Acts on what a five-section strategy says of its emergency exit (STR-33): unknown for 10 s with a position it tells
 * people, for 30 s the position is left to stops that are tightened (PF-47). So is one of a strategy that was disabled.
 */
export async function actOnHandOver(
  ports: ExecutionPorts,
  view: Verdict['view'],
  held: Held | undefined,
): Promise<void> {
  if (held === undefined || view === null) return;
  const isHandedOver = view['handOver'] === true;
  if (!isHandedOver && view['alert'] !== true) return;
  const isMoved = isHandedOver && (await tighten(ports, held));
  const { bookId, symbol, strategyId, positionId } = held;
  if (isMoved) ports.log.warn('a position was left to tightened stops', { bookId, positionId });
  await raiseAlert(ports.store, {
    rule: 'exit_unknown',
    severity: isHandedOver ? 'CRITICAL' : 'WARNING',
    message: isHandedOver
      ? `Whether ${strategyId} wants out of ${symbol} in an emergency cannot be told: its stops are tightened. Look into what it waits for.`
      : `Whether ${strategyId} wants out of ${symbol} in an emergency cannot be told for more than 10 s.`,
    details: { positionId, strategyId },
    bookId,
    symbol,
    label: positionId,
    now: ports.clock.wallNow(),
  });
}
