/** Who may call first when calls have to wait, first to last (EXE-91). */
export const CALL_CLASSES = ['emergency', 'exit', 'cancel', 'entry', 'sync', 'history'] as const;
export type CallClass = (typeof CALL_CLASSES)[number];

/** A bucket of tokens for one account at one venue; times are wall milliseconds. */
export type BudgetSettings = {
  /** Tokens a second. */
  readonly perSecond: number;
  readonly burst: number;
  /** Share of the burst that is kept for exits and emergencies, 0 to 1. */
  readonly reserve: number;
  /** Tokens that exits and emergencies may borrow from what is still to come; nothing else goes until they are earned. */
  readonly overdraft: number;
  /** Calls that may wait. */
  readonly waiting: number;
  /** A class that the venue told to slow down rests for so long. */
  readonly pauseMs: number;
  /** For so long after that the bucket fills at half its pace. */
  readonly halvedMs: number;
};

export const BUDGET: BudgetSettings = {
  perSecond: 10,
  burst: 10,
  reserve: 0.3,
  overdraft: 0,
  waiting: 100,
  pauseMs: 5_000,
  halvedMs: 60_000,
};

export type Budget = {
  readonly tokens: number;
  /** Wall time of `tokens`. */
  readonly at: number;
  readonly halvedUntil: number;
  readonly pausedUntil: Readonly<Partial<Record<CallClass, number>>>;
};

export const fullBudget = (now: number, { burst }: BudgetSettings = BUDGET): Budget => ({
  tokens: burst,
  at: now,
  halvedUntil: 0,
  pausedUntil: {},
});

/** Exits and emergencies reach into the reserve and may borrow, and no pause holds them. */
const isUrgent = (kind: CallClass): boolean => kind === 'emergency' || kind === 'exit';

const paceAt = ({ halvedUntil }: Budget, at: number, { perSecond }: BudgetSettings): number =>
  (at < halvedUntil ? perSecond / 2 : perSecond) / 1_000;

/** The bucket at `now`: it fills at its pace, at half of it while halved, up to the burst. */
function refilled(budget: Budget, now: number, settings: BudgetSettings): Budget {
  if (now <= budget.at) return budget;
  const slow = Math.max(0, Math.min(now, budget.halvedUntil) - budget.at);
  const fast = now - budget.at - slow;
  const full = settings.perSecond / 1_000;
  const tokens = Math.min(settings.burst, budget.tokens + full * (slow / 2 + fast));
  return { ...budget, tokens, at: now };
}

/** A call that may go, with what it leaves; or when it is worth asking again. */
export type Taken =
  { readonly ok: true; readonly budget: Budget } | { readonly ok: false; readonly at: number };

/**
 * Takes `weight` tokens for a call of class `kind` at `now` (EXE-90).
 *
 * @param weight - above 0; what costs more than the bucket can hold waits for a full one.
 */
export function take(
  budget: Budget,
  call: { readonly kind: CallClass; readonly weight: number; readonly now: number },
  settings: BudgetSettings = BUDGET,
): Taken {
  const { kind, now } = call;
  const filled = refilled(budget, now, settings);
  const pausedUntil = filled.pausedUntil[kind] ?? 0;
  if (pausedUntil > now && !isUrgent(kind)) return { ok: false, at: pausedUntil };
  // A venue that has just asked to be spared lends nothing.
  const lent = now < filled.halvedUntil ? 0 : settings.overdraft;
  const kept = isUrgent(kind) ? -lent : settings.burst * settings.reserve;
  const weight = Math.min(call.weight, settings.burst - kept);
  const missing = weight + kept - filled.tokens;
  // A hair of tolerance: a bucket filled in fractions must not miss its mark for ever.
  if (missing > 1e-9)
    return { ok: false, at: now + Math.max(1, Math.ceil(missing / paceAt(filled, now, settings))) };
  return { ok: true, budget: { ...filled, tokens: filled.tokens - weight } };
}

/** The venue said that it was too much (EXE-92): the class rests, and the bucket fills slowly for a while. */
export function slowDown(
  budget: Budget,
  told: { readonly kind: CallClass; readonly now: number; readonly retryAfterMs: number | null },
  settings: BudgetSettings = BUDGET,
): Budget {
  const { kind, now, retryAfterMs } = told;
  const filled = refilled(budget, now, settings);
  const until = now + Math.max(settings.pauseMs, retryAfterMs ?? 0);
  return {
    ...filled,
    tokens: Math.min(filled.tokens, settings.burst / 2),
    halvedUntil: now + settings.halvedMs,
    pausedUntil: { ...filled.pausedUntil, [kind]: Math.max(until, filled.pausedUntil[kind] ?? 0) },
  };
}
