import type { EntryCandidate } from '../order/gate-context.ts';
import { dayStart } from '../lib/time.ts';
import { blocked, idle, passed, warned, type RiskCheck } from './check.ts';
import { dailyPnlPct } from './day.ts';
import { dailyLossLimit } from './daily-loss.ts';
import type { Limits } from './limits.ts';
import type { RiskState } from './risk-state.ts';
import { percentRatio } from '../lib/units.ts';

/** Steps of the loss of a day, from none to the one that ends it (04, section 10). */
export const LADDER_LEVELS = ['none', 'alert', 'warning', 'critical', 'breaker'] as const;
export type LadderLevel = (typeof LADDER_LEVELS)[number];

/** Points of percent that a loss must recover below a level before that level is announced again (RSK-82). */
const RECOVERY_POINTS = 0.5;

type Figures = Pick<RiskState, 'openingEquity' | 'equity'>;

/** Loss at which each level begins, in percent of the opening equity; the last is the daily loss limit. */
function thresholdsOf(limits: Limits, { openingEquity }: Figures): readonly number[] {
  const { ladder } = limits;
  if (ladder === null) return [];
  const last = percentRatio(dailyLossLimit(openingEquity, limits), openingEquity);
  const end = last ?? limits.dailyLossPct;
  // An amount that is smaller than the percentage makes the whole ladder smaller.
  const scale = limits.dailyLossPct > 0 ? end / limits.dailyLossPct : 1;
  return [ladder.alertPct * scale, ladder.warningPct * scale, ladder.criticalPct * scale, end];
}

/** Level that a loss of `lossPct` percent has reached; reaching it counts (RSK-34). */
const levelAt = (lossPct: number, thresholds: readonly number[]): number =>
  thresholds.filter((from) => lossPct >= from).length;

/**
 * Level of today's loss. One that cannot be told, for want of an opening equity, is `critical`: no entries, and
 * nothing is closed on a guess.
 */
export function lossLevel(figures: Figures, limits: Limits): LadderLevel {
  if (limits.ladder === null || limits.ignoreDailyLoss) return 'none';
  if (figures.equity >= figures.openingEquity && figures.openingEquity > 0n) return 'none';
  const pct = dailyPnlPct(figures);
  if (pct === undefined) return 'critical';
  return LADDER_LEVELS[levelAt(-pct, thresholdsOf(limits, figures))] ?? 'breaker';
}

/** What a look at the ladder comes to. */
export type LadderStep = {
  /** To be remembered: the level that was announced last and has not been recovered from. */
  readonly ladder: LadderLevel;
  /** The level to act on now, once; `null` when there is nothing new. */
  readonly crossed: LadderLevel | null;
};

/**
 * Looks at the ladder: a level acts once per crossing, and again only after the loss has recovered half a point below
 * it (RSK-80, RSK-82).
 *
 * @param known - what the look before left.
 */
export function ladderStep(known: LadderLevel, figures: Figures, limits: Limits): LadderStep {
  if (limits.ladder === null || limits.ignoreDailyLoss) return { ladder: 'none', crossed: null };
  const pct = dailyPnlPct(figures);
  if (pct === undefined) return { ladder: known, crossed: null };
  const thresholds = thresholdsOf(limits, figures);
  const before = LADDER_LEVELS.indexOf(known);
  const reached = levelAt(-pct, thresholds);
  if (reached > before)
    return { ladder: LADDER_LEVELS[reached] ?? 'breaker', crossed: LADDER_LEVELS[reached] ?? null };
  // Still announced are all levels that are not half a point behind.
  const held = thresholds.filter((from) => -pct > from - RECOVERY_POINTS).length;
  return {
    ladder: LADDER_LEVELS[Math.min(before, Math.max(reached, held))] ?? 'none',
    crossed: null,
  };
}

/** Factor of new sizes at today's loss (PF-85, fLadder): half from the warning on. */
export const ladderFactor = (risk: Figures, limits: Limits): number =>
  lossLevel(risk, limits) === 'none' || lossLevel(risk, limits) === 'alert' ? 1 : 0.5;

const OFF = idle('lossLadder');

/** No entries from the critical level on, before the daily loss limit itself is reached (04, section 10). */
export const checkLossLadder: RiskCheck<EntryCandidate> = ({ context }) => {
  const { risk, limits, now } = context;
  if (limits.ladder === null || limits.ignoreDailyLoss) return OFF;
  if (risk.equity >= risk.openingEquity && risk.dayAt === dayStart(now)) return OFF;
  const level = lossLevel(risk, limits);
  const measured = { check: 'lossLadder', value: level, limit: 'critical' };
  if (level === 'critical' || level === 'breaker')
    return blocked(
      measured,
      'daily_loss',
      `Today's loss has reached the ${level} level: no new entries.`,
    );
  return level === 'none' ? passed(measured) : warned(measured);
};
