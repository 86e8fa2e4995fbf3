import { later, minutes, type EpochMs } from '../lib/time.ts';
import { LIMITS, type Limits, type Mode } from './limits.ts';

/** What is wrong with a set of limits: the field and the rule, in words. */
export type LimitFault = { readonly field: string; readonly fault: string };

const OPTIONAL = [
  'maxRiskPct',
  'maxVolatility',
  'minSharpe',
  'maxMarginPct',
  'cryptoPct',
  'stocksPct',
  'optionsPct',
  'sectorPct',
  'unknownSectorPct',
  'symbolPct',
  'symbolTradesPerHour',
  'tradesPerDay',
  'minHealth',
  'ladder',
] as const satisfies readonly (keyof Limits)[];

function liveFaults(limits: Limits): LimitFault[] {
  const faults: LimitFault[] = OPTIONAL.filter((field) => limits[field] === null).map((field) => ({
    field,
    fault: 'may be unlimited on a paper book only',
  }));
  if (limits.ignoreDailyLoss)
    faults.push({ field: 'ignoreDailyLoss', fault: 'is for paper books only' });
  if (limits.marketChecks !== 'block')
    faults.push({ field: 'marketChecks', fault: 'must block on a live book' });
  if (limits.minConfidence === null)
    faults.push({ field: 'minConfidence', fault: 'must be set on a live book' });
  if (!limits.blockPatterns)
    faults.push({ field: 'blockPatterns', fault: 'may be off on a paper book only' });
  return faults;
}

/**
 * Rules between limits that no range can say (RSK-120), and what only a paper book may have (RSK-03).
 *
 * @returns every fault, none when the limits may be used.
 */
export function limitFaults(limits: Limits, mode: Mode): readonly LimitFault[] {
  const faults: LimitFault[] = mode === 'paper' ? [] : liveFaults(limits);
  const rule = (holds: boolean, field: keyof Limits, fault: string): void => {
    if (!holds) faults.push({ field, fault });
  };
  const { ladder, dailyLossPct, maxConcentrationPct } = limits;
  if (ladder !== null) {
    const steps = [ladder.alertPct, ladder.warningPct, ladder.criticalPct, dailyLossPct];
    const rises = steps.every((step, index) => step > (steps[index - 1] ?? 0));
    rule(
      rises,
      'ladder',
      'must rise strictly from alert over warning and critical to dailyLossPct',
    );
  }
  const { symbolPct, unknownSectorPct, sectorPct } = limits;
  const holdsOne = (pct: number | null): boolean => pct === null || pct >= maxConcentrationPct;
  rule(holdsOne(symbolPct), 'symbolPct', 'must hold one position: at least maxConcentrationPct');
  rule(holdsOne(sectorPct), 'sectorPct', 'must hold one position: at least maxConcentrationPct');
  rule(
    holdsOne(unknownSectorPct),
    'unknownSectorPct',
    'must hold one position: at least maxConcentrationPct',
  );
  rule(
    limits.maxLeverage >= limits.defaultLeverage,
    'maxLeverage',
    'must not be below defaultLeverage',
  );
  rule(
    limits.ordersPerMinute >= limits.strategyOrdersPerMinute,
    'ordersPerMinute',
    'must not be below strategyOrdersPerMinute',
  );
  return faults;
}

/** Limits of which more is tighter; of all other numbers less is. */
const MORE_IS_TIGHTER: ReadonlySet<string> = new Set([
  'minSharpe',
  'minConfidence',
  'minHealth',
  'symbolCooldownMinutes',
  'assumedFeePct',
  'balanceBufferPct',
]);

type Value = number | bigint | string | boolean | null | object;

const RANK: Readonly<Record<string, number>> = { entries: 0, all: 1, warn: 0, block: 1 };

/** Whether `after` allows what `before` forbade; a change that cannot be compared counts as one. */
function isLooser(field: string, before: Value, after: Value): boolean {
  if (before === after) return false;
  if (after === null) return true;
  if (before === null) return false;
  if (typeof before === 'object' && typeof after === 'object') {
    const [was, is] = [before as Record<string, Value>, after as Record<string, Value>];
    return Object.keys({ ...was, ...is }).some((key) =>
      isLooser(key, was[key] ?? null, is[key] ?? null),
    );
  }
  if (typeof before === 'string' && typeof after === 'string')
    return (RANK[after] ?? -1) < (RANK[before] ?? 0);
  if (typeof before === 'boolean' && typeof after === 'boolean')
    return field === 'ignoreDailyLoss' ? after : !after;
  const [was, is] = [Number(before), Number(after)];
  return MORE_IS_TIGHTER.has(field) ? !(is >= was) : !(is <= was);
}

/** Fields of `after` that allow more than `before` did (RSK-01). */
export const loosened = (before: Limits, after: Limits): readonly (keyof Limits)[] =>
  (Object.keys(after) as (keyof Limits)[]).filter((field) =>
    isLooser(field, before[field], after[field]),
  );

/** How long a loosening waits before it holds (RSK-01). */
const LOOSENING_WAIT = minutes(1);

/** Limits of a book as they are kept: those that hold, and those that will when their time has come. */
export type KeptLimits = {
  readonly limits: Limits;
  readonly pending: { readonly limits: Limits; readonly effectiveAt: EpochMs } | null;
};

/**
 * What a book of `mode` is held to: `set`, what somebody set for it, or the mode's own. What was set for another mode does
 * not outlive it (RSK-06).
 */
export function limitsOf<K extends KeptLimits & { readonly mode: Mode }>(
  mode: Mode,
  stored: K | null | undefined,
): { readonly kept: KeptLimits; readonly set: K | null } {
  const set = stored?.mode === mode ? stored : null;
  return { kept: set ?? { limits: LIMITS[mode], pending: null }, set };
}

/** Which limits hold at `now`, wall clock. */
export const limitsInForce = ({ limits, pending }: KeptLimits, now: EpochMs): Limits =>
  pending !== null && now >= pending.effectiveAt ? pending.limits : limits;

/**
 * The limits after a change: what is tighter holds at once, what is looser in 60 s (RSK-01). Where some is tighter
 * and some looser, all of it waits but for what is tighter.
 */
export function changeLimits(kept: KeptLimits, wanted: Limits, now: EpochMs): KeptLimits {
  const held = limitsInForce(kept, now);
  const looser = new Set<string>(loosened(held, wanted));
  if (looser.size === 0) return { limits: wanted, pending: null };
  const entries = (Object.keys(wanted) as (keyof Limits)[]).map((field) => [
    field,
    looser.has(field) ? held[field] : wanted[field],
  ]);
  const limits = Object.fromEntries(entries) as Limits;
  return { limits, pending: { limits: wanted, effectiveAt: later(now, LOOSENING_WAIT) } };
}
