import { durationMs, type EpochMs } from '../lib/time.ts';
import type { CryptoShares } from './limits.ts';

/** Phases of a book's results, from the most careful to the boldest (RSK-71). */
const PHASES = ['emergency', 'learning', 'stable', 'profitable'] as const;
export type CryptoPhase = keyof CryptoShares;

/** What a book's results say; `null` = not known. */
export type Results = {
  readonly closedTrades: number;
  /** Profitable share of the last hundred closed trades, 0 to 1. */
  readonly winRate: number | null;
  /** Result of the month so far in percent of its opening equity; a loss is negative. */
  readonly monthPct: number | null;
};

const MIN_TRADES = 30;
const STABLE_FROM = 0.45;
const STABLE_TO = 0.6;
const EMERGENCY_PCT = -5;

/** The phase that results belong to: the first of the table that holds (RSK-71). */
export function phaseOf({ closedTrades, winRate, monthPct }: Results): CryptoPhase {
  if (monthPct !== null && !(monthPct >= EMERGENCY_PCT)) return 'emergency';
  if (closedTrades < MIN_TRADES || winRate === null || !(winRate >= STABLE_FROM)) return 'learning';
  return winRate <= STABLE_TO ? 'stable' : 'profitable';
}

/** The phase in force, and since when results have asked for a bolder one. */
export type PhaseState = {
  readonly phase: CryptoPhase;
  readonly bolderSince: EpochMs | null;
};

const BOLDER_AFTER = durationMs(86_400_000);

/** The more careful of two phases. */
export const carefulPhase = (a: CryptoPhase, b: CryptoPhase): CryptoPhase =>
  PHASES.indexOf(a) <= PHASES.indexOf(b) ? a : b;

/**
 * The phase after an evaluation: down at once, up by what two evaluations 24 h apart and all between them have asked
 * for (RSK-72). A new book begins to learn.
 */
export function nextPhase(
  known: PhaseState | undefined,
  results: Results,
  now: EpochMs,
): PhaseState {
  const wanted = phaseOf(results);
  if (known === undefined) return { phase: carefulPhase(wanted, 'learning'), bolderSince: null };
  if (PHASES.indexOf(wanted) <= PHASES.indexOf(known.phase))
    return { phase: wanted, bolderSince: null };
  const since = known.bolderSince ?? now;
  return now - since >= BOLDER_AFTER
    ? { phase: wanted, bolderSince: null }
    : { phase: known.phase, bolderSince: since };
}

/**
 * Return that a share of the portfolio would have to make for the whole to make `portfolioPct` (RSK-73): information
 * for people, which nothing acts on. `null` for a share of nothing.
 */
export const requiredReturnPct = (portfolioPct: number, sharePct: number): number | null =>
  sharePct > 0 ? (100 * portfolioPct) / sharePct : null;
