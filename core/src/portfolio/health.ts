import { minutes, seconds, type EpochMs } from '../lib/time.ts';

/** What health is reckoned from; `null` = not known, which counts as worst for its term (PF-63). */
export type HealthInputs = {
  /** Daily P&L in percent; a loss is negative. */
  readonly dailyPct: number | null;
  readonly dailyLimitPct: number;
  /** Unrealised P&L in percent of equity. */
  readonly openPct: number | null;
  /** Margin in use, as a share of equity. */
  readonly marginShare: number | null;
  /** Share of gross exposure whose correlation to a leader is 0.7 or more. */
  readonly correlatedShare: number | null;
  /** Share of positions in loss. */
  readonly losingShare: number | null;
};

/** Points that each term takes away at most; they add up to a hundred (PF-64). */
export type HealthWeights = {
  readonly dailyLoss: number;
  readonly openLoss: number;
  readonly margin: number;
  readonly correlation: number;
  readonly breadth: number;
};
export const HEALTH_WEIGHTS: HealthWeights = {
  dailyLoss: 40,
  openLoss: 25,
  margin: 15,
  correlation: 10,
  breadth: 10,
};

/** Open loss, in percent of equity, that takes all points of its term. */
const OPEN_LOSS_PCT = 3;

const clamp = (share: number): number => Math.min(1, Math.max(0, share));

/** A share of the way from nothing to worst; not a number is worst. */
const worst = (share: number | null): number => {
  const held = share === null ? 1 : clamp(share);
  return Number.isNaN(held) ? 1 : held;
};

/** Health of what is held, and the points that each term took (PF-60). */
export type Health = { readonly score: number; readonly terms: HealthWeights };

/** `H = max(0, 100 - sum of terms)` (PF-60). */
export function healthOf(inputs: HealthInputs, weights: HealthWeights = HEALTH_WEIGHTS): Health {
  const { dailyPct, dailyLimitPct, openPct, marginShare, correlatedShare, losingShare } = inputs;
  const terms: HealthWeights = {
    dailyLoss: weights.dailyLoss * worst(dailyPct === null ? null : -dailyPct / dailyLimitPct),
    openLoss: weights.openLoss * worst(openPct === null ? null : -openPct / OPEN_LOSS_PCT),
    margin: weights.margin * worst(marginShare === null ? null : (marginShare - 0.4) / 0.4),
    correlation:
      weights.correlation * worst(correlatedShare === null ? null : (correlatedShare - 0.5) / 0.5),
    breadth: weights.breadth * worst(losingShare === null ? null : (losingShare - 0.5) / 0.5),
  };
  const { dailyLoss, openLoss, margin, correlation, breadth } = terms;
  return {
    score: Math.max(0, 100 - (dailyLoss + openLoss + margin + correlation + breadth)),
    terms,
  };
}

/** What a score asks for; lower bands include the higher ones (PF-61). */
export type HealthBand = 'none' | 'stopEntries' | 'tighten' | 'closeWorst';

export function healthBand(score: number): HealthBand {
  if (!(score >= 30)) return 'closeWorst';
  if (score < 50) return 'tighten';
  return score < 70 ? 'stopEntries' : 'none';
}

/** What the monitor remembers between two looks; wall times. */
export type HealthState = {
  /** No entries until the score was good for a minute (PF-61). */
  readonly stopped: boolean;
  readonly goodSince: EpochMs | null;
  /** The band that was acted on last, so that each is told once. */
  readonly band: HealthBand;
  readonly closedAt: EpochMs | null;
};
export const healthInit: HealthState = {
  stopped: false,
  goodSince: null,
  band: 'none',
  closedAt: null,
};

const RESUME_SCORE = 75;
const RESUME_AFTER = seconds(60);
const CLOSE_EVERY = minutes(5);
const BANDS: readonly HealthBand[] = ['none', 'stopEntries', 'tighten', 'closeWorst'];

/** What one look at health comes to. */
export type HealthStep = {
  readonly state: HealthState;
  /** Stops are to be tightened now: once per entering the band. */
  readonly tighten: boolean;
  /** The two worst are to be closed now (PF-62). */
  readonly closeWorst: boolean;
};

/**
 * Judges a score (PF-61, PF-62): entries stop below 70 and resume at 75 after a minute; closing happens at most once
 * in five minutes and never while an earlier close is unconfirmed.
 */
export function healthStep(
  known: HealthState,
  {
    score,
    isClosing,
    now,
  }: { readonly score: number; readonly isClosing: boolean; readonly now: EpochMs },
): HealthStep {
  const band = healthBand(score);
  const rank = BANDS.indexOf(band);
  const goodSince = score >= RESUME_SCORE ? (known.goodSince ?? now) : null;
  const isGood = goodSince !== null && now - goodSince >= RESUME_AFTER;
  const stopped = band !== 'none' || (known.stopped && !isGood);
  const isFree = known.closedAt === null || now - known.closedAt >= CLOSE_EVERY;
  const closeWorst = band === 'closeWorst' && !isClosing && isFree;
  return {
    state: { stopped, goodSince, band, closedAt: closeWorst ? now : known.closedAt },
    tighten: rank >= 2 && BANDS.indexOf(known.band) < 2,
    closeWorst,
  };
}

/** The `count` worst by unrealised P&L in percent, worst first; what has no price is not among them. */
export const worstOf = <P extends { readonly pnlPct: number | null }>(
  positions: readonly P[],
  count: number,
): readonly P[] =>
  positions
    .filter(({ pnlPct }) => pnlPct !== null)
    .toSorted((a, b) => (a.pnlPct ?? 0) - (b.pnlPct ?? 0))
    .slice(0, count);
