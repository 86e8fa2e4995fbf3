import type { HealthDoc } from '@tradewind/contracts/documents/risk';
import { assetClassOf } from '@tradewind/core/instrument/asset';
import { toNumber } from '@tradewind/core/lib/units';
import { allocationExits } from '@tradewind/core/portfolio/allocation-exits';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { isOverstayed } from '@tradewind/core/portfolio/hold-time';
import { correlationWith, losesFrom, mayAct } from '@tradewind/core/portfolio/leader-dump';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from './ports.ts';
import { closeEach, pnlPct, type Look, type Seen } from './monitor-look.ts';

/**
 * Closes what loses from a leader that has run (PF-75, PF-76), once per leader in fifteen minutes; what gains from it stays.
 *
 * @returns when each leader was last acted on.
 */
export async function leaveFollowers(
  ports: ExecutionPorts,
  look: Look,
  { positions, known, marketNow, book }: Seen,
): Promise<HealthDoc['leaderActedAt']> {
  const actedAt = { ...known?.leaderActedAt };
  for (const [leader, move] of look.moves ?? []) {
    if (!mayAct(actedAt[leader], marketNow)) continue;
    actedAt[leader] = marketNow;
    const losing = positions.filter((position) => {
      const correlation = correlationWith(
        position,
        look.correlationOf?.(position.marketKey, leader) ?? null,
      );
      return losesFrom(move, position.side, correlation);
    });
    if (losing.length === 0) continue;
    await closeEach(ports, look, { positions: losing, reason: 'correlated_dump' });
    await raiseAlert(ports.store, {
      rule: 'leader_dump',
      severity: 'WARNING',
      message: `${leader} has a sharp ${move}: ${losing.length} positions of ${book.name} that follow it are closed.`,
      details: { leader, move, positions: losing.map(({ symbol }) => symbol).join(', ') },
      ...{ bookId: book.bookId, symbol: leader, now: ports.clock.wallNow() },
    });
  }
  return actedAt;
}

/** Closes what has been held for too long where no worker does so by the second (PF-55). */
export async function leaveOverstayed(
  ports: ExecutionPorts,
  look: Look,
  { positions, marketNow }: Seen,
): Promise<void> {
  const over = positions.filter(
    (position) =>
      position.strategyId !== EXTERNAL &&
      position.closeIntentId === null &&
      isOverstayed(position, marketNow),
  );
  await closeEach(ports, look, { positions: over, reason: 'hold_time' });
}

/** Sells what its class has outgrown, or what has made what its class asks for (PF-81, PF-82, RSK-74). */
export async function sellOutgrown(ports: ExecutionPorts, look: Look, seen: Seen): Promise<void> {
  const { positions, value, limits, risk } = seen;
  if (value === undefined || positions.length === 0) return;
  const phase = risk.cryptoPhase?.phase ?? 'learning';
  const ids = allocationExits(
    positions.map((position) => {
      const { positionId, marketKey, quantity, protection } = position;
      const price = look.prices.get(marketKey);
      return {
        positionId,
        assetClass: assetClassOf(marketKey),
        value: price === undefined ? 0 : toNumber(price) * toNumber(quantity),
        pnlPct: pnlPct(position, look.prices),
        targetPct: protection.takeProfitPct,
      };
    }),
    toNumber(value.equity),
    (assetClass) => {
      if (assetClass === 'crypto') return limits.cryptoPct?.[phase] ?? null;
      if (assetClass === 'stocks') return limits.stocksPct;
      return assetClass === 'options' ? limits.optionsPct : null;
    },
  );
  const chosen = positions.filter(({ positionId }) => ids.includes(positionId));
  await closeEach(ports, look, { positions: chosen, reason: 'allocation' });
}
