import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { healthDoc, type HealthDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { ageMs } from '@tradewind/core/lib/time';
import { dailyPnlPct, isHigherPeak } from '@tradewind/core/risk/day';
import { ladderStep, type LadderLevel } from '@tradewind/core/risk/loss-ladder';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { emergencyCancel } from './emergency-cancel.ts';
import type { ExecutionPorts } from './ports.ts';
import { tightenStops } from './tighten-stops.ts';
import { leaveDumps } from './monitor-dump.ts';
import { leaveFollowers, leaveOverstayed, sellOutgrown } from './monitor-exits.ts';
import { actOnHealth, judgeHealth } from './monitor-health.ts';
import { watchMargin } from './monitor-margin.ts';
import { closeEach, see, valued, type Look, type Seen } from './monitor-look.ts';

/** What has hardly changed is written as often as this. */
const WRITE_EVERY_MS = 30_000;

/** Who stopped a book whose loss of the day was too large. */
const LADDER_ACTOR = 'loss ladder';

const LADDER_WORDS = {
  alert: ['INFO', 'nothing is done yet'],
  warning: ['WARNING', 'new sizes are halved'],
  critical: ['CRITICAL', 'nothing is entered any more, and stops are tightened'],
  breaker: [
    'CRITICAL',
    'all orders are cancelled, all positions closed, and trading stays off until the safety reset',
  ],
} as const;

/**
 * Acts on a level of the loss ladder (04, section 10) before it is remembered: what dies in between is done again by
 * the next look, and doing it twice changes nothing.
 */
async function actOnLadder(
  ports: ExecutionPorts,
  { book, positions, risk, wallNow }: Seen,
  level: Exclude<LadderLevel, 'none'>,
): Promise<void> {
  const { bookId, name } = book;
  const [severity, words] = LADDER_WORDS[level];
  const pct = dailyPnlPct(risk);
  if (level === 'breaker') {
    if (!risk.emergencyStop)
      await emergencyCancel(ports, { bookId, flatten: true, by: LADDER_ACTOR });
  } else if (level === 'critical') await tightenStops(ports, positions);
  await raiseAlert(ports.store, {
    rule: `daily_loss_${level}`,
    severity,
    message: `${name} has lost ${pct === undefined ? 'too much' : `${(-pct).toFixed(2)} %`} today: ${words}.`,
    details: { level, pct: String(pct ?? '') },
    bookId,
    symbol: null,
    now: wallNow,
  });
}

const isNews = (known: HealthDoc | undefined, next: HealthDoc): boolean =>
  known === undefined ||
  next.at - known.at >= WRITE_EVERY_MS ||
  next.actionTaken !== known.actionTaken ||
  next.stopped !== known.stopped ||
  next.closedAt !== known.closedAt ||
  JSON.stringify(next.leaderActedAt) !== JSON.stringify(known.leaderActedAt) ||
  (next.goodSince === null) !== (known.goodSince === null) ||
  Math.abs(next.healthScore - known.healthScore) >= 1;

/** Writes what a look found; the risk state only where that changes it. */
function remember(
  { store }: ExecutionPorts,
  seen: Seen,
  { snapshot, ladder }: { readonly snapshot: HealthDoc; readonly ladder: LadderLevel },
): Promise<void> {
  const { bookId } = seen.book;
  return store.transact(async (tx) => {
    const risk = await tx.get(paths.riskState(bookId), riskStateDoc);
    if (risk === undefined) return;
    const { stopped } = snapshot;
    const next = { ...valued({ ...seen, risk }), ladder, healthStop: stopped };
    const isChanged =
      next.ladder !== risk.ladder ||
      next.healthStop !== risk.healthStop ||
      next.dayAt !== risk.dayAt ||
      isHigherPeak(risk, next) ||
      (seen.positions.length > 0 && ageMs(risk.equityAt, seen.marketNow) >= WRITE_EVERY_MS);
    if (isChanged)
      tx.set(paths.riskState(bookId), riskStateDoc, { ...next, updatedAt: seen.wallNow });
    if (isNews(seen.known, snapshot)) tx.set(paths.riskHealth(bookId), healthDoc, snapshot);
  });
}

/**
 * Looks after a whole book: the loss of the day (RSK-80), the health of what is held (PF-60), its margin (RSK-103) and its shares (PF-82), and
 * acts. Any number of looks, by worker and schedule alike, do each thing once.
 *
 * @returns what it found; `null` where there is no such book.
 */
export async function monitorBook(
  ports: ExecutionPorts,
  look: Look,
): Promise<{ readonly ladder: LadderLevel; readonly healthScore: number } | null> {
  const seen = await see(ports, look);
  if (seen === null) return null;
  const now = { ...seen, risk: valued(seen) };
  const isKnown = seen.value !== undefined;
  const { ladder, crossed } = isKnown
    ? ladderStep(seen.risk.ladder, now.risk, seen.limits)
    : { ladder: seen.risk.ladder, crossed: null };
  if (crossed !== null && crossed !== 'none') await actOnLadder(ports, now, crossed);
  const isStopped = now.risk.emergencyStop || crossed === 'breaker';
  const leaderActedAt = isStopped
    ? (seen.known?.leaderActedAt ?? {})
    : await leaveFollowers(ports, look, seen);
  await watchMargin(ports, look, seen);
  const { step, snapshot } = judgeHealth(seen, look);
  const judged = { step, snapshot: { ...snapshot, leaderActedAt } };
  await remember(ports, seen, { snapshot: judged.snapshot, ladder });
  const { emergencyStop, emergencyStopBy } = now.risk;
  // What the breaker could not close is tried again, until nothing is held.
  if (emergencyStop && emergencyStopBy === LADDER_ACTOR)
    await closeEach(ports, look, { positions: seen.positions, reason: 'circuit_breaker' });
  if (!isStopped) {
    await actOnHealth(ports, look, { seen, ...judged });
    await sellOutgrown(ports, look, seen);
    await leaveOverstayed(ports, look, seen);
    await leaveDumps(ports, look, seen);
  }
  return { ladder, healthScore: judged.snapshot.healthScore };
}
