import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { tightenStops } from '@tradewind/adapters/execution/tighten-stops';
import type { PositionDoc } from '@tradewind/contracts/documents/book';
import { handOverOf } from '@tradewind/core/strategy/hand-over';
import type { Verdict } from '@tradewind/core/strategy/strategy';

type Held = Pick<PositionDoc, 'bookId' | 'positionId' | 'symbol' | 'strategyId'>;

/**
 * Acts on what a five-section strategy says of its emergency exit (STR-33): unknown for 10 s with a position it tells
 * people, for 30 s the position is left to stops that are tightened (PF-47). So is one of a strategy that was disabled.
 * Known again, the alert is settled; so it is when the position closes (`recordReport`).
 */
export async function actOnHandOver(
  ports: ExecutionPorts,
  view: Verdict['view'],
  held: Held | undefined,
): Promise<void> {
  const said = handOverOf(view);
  if (held === undefined || said === null) return;
  const isHandedOver = said === 'handedOver';
  if (said === 'known') return settle(ports, held);
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

const settle = (
  { store, clock }: ExecutionPorts,
  { bookId, symbol, positionId }: Held,
): Promise<void> =>
  resolveAlert(store, {
    ...{ rule: 'exit_unknown', bookId, symbol, label: positionId },
    now: clock.wallNow(),
  });
