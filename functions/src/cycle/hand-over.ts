import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { tightenStops } from '@tradewind/adapters/execution/tighten-stops';
import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { Verdict } from '@tradewind/core/strategy/strategy';

type Held = Pick<PositionDoc, 'bookId' | 'positionId' | 'symbol' | 'strategyId'>;

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
  const isMoved = isHandedOver && (await tightenStops(ports, [held])) > 0;
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
