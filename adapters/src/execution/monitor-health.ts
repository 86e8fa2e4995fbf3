import type { HealthDoc } from '@tradewind/contracts/documents/risk';
import { toNumber } from '@tradewind/core/lib/units';
import {
  healthInit,
  healthOf,
  healthStep,
  worstOf,
  type HealthState,
} from '@tradewind/core/portfolio/health';
import {
  CRYPTO_LEADERS,
  correlatedShare,
  correlationWith,
} from '@tradewind/core/portfolio/leader-dump';
import { healthInputs } from '@tradewind/core/risk/health-gate';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from './ports.ts';
import { tightenStops } from './tighten-stops.ts';
import { closeEach, pnlPct, valued, type Look, type Seen } from './monitor-look.ts';

/** A snapshot that is older is none. */
const MAX_AGE_MS = 60_000;
const WORST = 2;

const stateOf = (known: HealthDoc | undefined): HealthState =>
  known === undefined
    ? healthInit
    : {
        stopped: known.stopped,
        goodSince: known.goodSince,
        band: known.actionTaken,
        closedAt: known.closedAt,
      };

/** Health of what is held, by the gate's own measure (PF-60), and what it asks for. */
export function judgeHealth(seen: Seen, { prices, correlationOf }: Look) {
  const { positions, limits, known, wallNow } = seen;
  // The leader that a position follows most: health asks for any (PF-60).
  const strongest = (position: Seen['positions'][number]): number =>
    CRYPTO_LEADERS.map((leader) =>
      correlationWith(position, correlationOf?.(position.marketKey, leader) ?? null),
    ).reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most));
  const holdings = positions.map((position) => ({
    value: toNumber(position.cost),
    correlation: strongest(position),
  }));
  const share = positions.length === 0 ? 0 : correlatedShare(holdings);
  const inputs = healthInputs({
    risk: valued(seen),
    positions,
    priceOf: (marketKey) => prices.get(marketKey),
    limits,
    correlatedShare: share,
  });
  const empty = { ...inputs, openPct: 0, losingShare: 0, correlatedShare: 0 };
  const health = healthOf(positions.length === 0 ? empty : inputs);
  const isClosing = positions.some(({ closeIntentId }) => closeIntentId !== null);
  const step = healthStep(stateOf(known), { score: health.score, isClosing, now: wallNow });
  const correlations = holdings.map(({ correlation }) => correlation);
  const sum = correlations.reduce((total, one) => total + one, 0);
  const snapshot: HealthDoc = {
    bookId: seen.book.bookId,
    at: wallNow,
    totalPositions: positions.length,
    totalUnrealizedPnl: seen.value?.unrealized ?? null,
    healthScore: health.score,
    terms: health.terms,
    leaderCorrelationAvg: correlations.length === 0 ? null : sum / correlations.length,
    dailyDrawdownPct: inputs.dailyPct,
    actionTaken: step.state.band,
    correlatedShare: share,
    stopped: step.state.stopped,
    goodSince: step.state.goodSince,
    closedAt: step.state.closedAt,
    leaderActedAt: known?.leaderActedAt ?? {},
    maxAgeMs: MAX_AGE_MS,
  };
  return { snapshot, step };
}

/** Tightens stops, or closes the worst two, as health asks for; tells when it has got worse. */
export async function actOnHealth(
  ports: ExecutionPorts,
  look: Look,
  { seen, step, snapshot }: { readonly seen: Seen } & ReturnType<typeof judgeHealth>,
): Promise<void> {
  const { positions, book, wallNow, known } = seen;
  if (step.tighten) await tightenStops(ports, positions);
  const ranked = positions.map((position) => ({ position, pnlPct: pnlPct(position, look.prices) }));
  const worst = step.closeWorst ? worstOf(ranked, WORST) : [];
  await closeEach(ports, look, {
    positions: worst.map(({ position }) => position),
    reason: 'health',
  });
  const isWorse = step.tighten || (step.closeWorst && known?.actionTaken !== 'closeWorst');
  if (!isWorse) return;
  await raiseAlert(ports.store, {
    rule: 'portfolio_health_degraded',
    severity: step.closeWorst ? 'CRITICAL' : 'WARNING',
    message: `Portfolio health of ${book.name} is ${snapshot.healthScore.toFixed(1)}: ${
      step.closeWorst ? 'the two worst positions are closed' : 'stops are tightened'
    }.`,
    details: Object.fromEntries(
      Object.entries(snapshot.terms).map(([term, points]) => [term, points.toFixed(1)]),
    ),
    bookId: book.bookId,
    symbol: null,
    now: wallNow,
  });
}
