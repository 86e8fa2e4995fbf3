import { toNumber, type Price } from '../lib/units.ts';
import { MAX_TRANCHES } from './tranches.ts';
import type { Position } from './position.ts';
import { riskOf } from './trade-quality.ts';

/** What is advised, never done by itself (PF-15), and the rule that says so. */
export type Recommendation = {
  readonly action: 'add' | 'hold' | 'takePartial' | 'tightenStop' | 'exit';
  readonly rule: string;
};

/** An open position as advice sees it. */
export type Advised = {
  /** Unrealised result in units of the initial risk; `null` = the risk is not known. */
  readonly inR: number | null;
  /** Percent of its best move that it still has; `null` = it had none. */
  readonly keptPct: number | null;
  readonly mayAdd: boolean;
  /** The strategy's view of the side that is held, -1 to 1; `null` = none. */
  readonly score: number | null;
};

const TURNED = -0.5;
const CONFIRMED = 0.5;
const TAKE_AT_R = 2;
const TIGHTEN_AT_R = 1;
const KEPT_ENOUGH_PCT = 50;

/** What to do with an open position, as the first rule that holds has it (PF-15). */
export function recommend({ inR, keptPct, mayAdd, score }: Advised): Recommendation {
  if (score !== null && score <= TURNED)
    return {
      action: 'exit',
      rule: `the score has turned against the position (at most ${TURNED})`,
    };
  if (inR !== null && inR >= TAKE_AT_R)
    return { action: 'takePartial', rule: `${TAKE_AT_R} times the initial risk is made` };
  if (inR !== null && inR >= TIGHTEN_AT_R && keptPct !== null && keptPct < KEPT_ENOUGH_PCT)
    return {
      action: 'tightenStop',
      rule: `more than the risk is made, and less than ${KEPT_ENOUGH_PCT} % of the best move is left`,
    };
  if (mayAdd && inR !== null && inR >= 0 && score !== null && score >= CONFIRMED)
    return {
      action: 'add',
      rule: `the score confirms the side (at least ${CONFIRMED}), nothing is lost, and the plan has room`,
    };
  return { action: 'hold', rule: 'no other rule holds' };
}

/** What an open position may be advised on beside its own record. */
export type AdviceFacts = {
  readonly price: Price;
  /** Its strategy's view of the market, -1 to 1; `null` = none, or too old to go by. */
  readonly marketScore: number | null;
  /** Its strategy's document allows tranches. */
  readonly hasPlan: boolean;
};

/** Advice on an open position at a price (PF-15). It reckons and nothing else: what is done, people and strategies decide. */
export function adviseOn(position: Position, facts: AdviceFacts): Recommendation {
  const { side, averageEntry, quantity, protection, tranches = [] } = position;
  const { price, marketScore, hasPlan } = facts;
  const sign = side === 'LONG' ? 1 : -1;
  const gainAt = (px: Price): number => sign * (toNumber(px) - toNumber(averageEntry));
  const initialStop = protection.initialStop ?? null;
  const risk = riskOf({ side, entryPrice: averageEntry, quantity, initialStop });
  const best = gainAt(protection.highest);
  return recommend({
    inR: risk === null ? null : (gainAt(price) * toNumber(quantity)) / risk,
    keptPct: best > 0 ? Math.min(100, (100 * gainAt(price)) / best) : null,
    mayAdd: hasPlan && tranches.length < MAX_TRANCHES && protection.tightened !== true,
    score: marketScore === null ? null : sign * marketScore,
  });
}
