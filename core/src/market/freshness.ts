/**
 * The freshness contract: every stored value says when it was true, when it reached us and when it was written,
 * and every consumer declares here how old a value may be that it acts on or shows.
 */

/** A value with its three times. */
export type Observed<T> = {
  readonly value: T;
  /** The venue's time of what it tells, on the market's clock. */
  readonly venueAt: number;
  /** When it reached this desk, wall clock. */
  readonly receivedAt: number;
  /** When it was stored, wall clock. */
  readonly writtenAt: number;
};

/** How old a value may be, in milliseconds. */
export type Tolerance = {
  /** The age is that of the value on the market's clock, or of its document on the wall clock. */
  readonly clock: 'venueAt' | 'writtenAt';
  /** Older than this is used with a warning, or shown greyed. */
  readonly warnMs: number;
  /** Older than this is not used. */
  readonly maxMs: number;
};

/** Clocks of venue and desk differ a little; up to this a value is not called "from the future" (MD-25). */
export const CLOCK_TOLERANCE_MS = 1_000;

/** What each consumer tolerates. */
export const TOLERANCES = {
  /** Price that an entry is decided on (MD-64). */
  entryDecision: { clock: 'venueAt', warnMs: 60_000, maxMs: 300_000 },
  /** Price that an exit is sized and limited by: without one it goes out as a market order (MD-64). */
  exitPricing: { clock: 'venueAt', warnMs: 60_000, maxMs: 300_000 },
  /** A stop, take profit or trailing stop compares with nothing older: a silent market fires no stop (MD-61). */
  protection: { clock: 'venueAt', warnMs: 10_000, maxMs: 120_000 },
  /** Equity that today's loss is judged by (RSK-35). */
  valuation: { clock: 'venueAt', warnMs: 60_000, maxMs: 60_000 },
  /** Price of a bot's bar when it closes: a bot that has waited for longer than this is told `stale_data`. */
  botBar: { clock: 'venueAt', warnMs: 60_000, maxMs: 300_000 },
  /** Top of book, for the spread filter and the slippage estimate (MD-02). */
  spreadFilter: { clock: 'venueAt', warnMs: 5_000, maxMs: 10_000 },
  /** Quote of an external source that an exit may be priced by when the venue is silent (01, section 2). */
  externalExit: { clock: 'venueAt', warnMs: 60_000, maxMs: 299_999 },
  /** Prices and positions on a screen, unless their document says more with `maxAgeMs` (UI-02, ARC-40). */
  display: { clock: 'writtenAt', warnMs: 10_000, maxMs: Number.MAX_SAFE_INTEGER },
  /** Performance figures on a screen (UI-02). */
  displayPerformance: { clock: 'writtenAt', warnMs: 60_000, maxMs: Number.MAX_SAFE_INTEGER },
  /** News and fundamentals (MD-84). */
  enrichment: { clock: 'writtenAt', warnMs: 900_000, maxMs: 28_800_000 },
} as const satisfies Record<string, Tolerance>;
export type Consumer = keyof typeof TOLERANCES;

export type AgeVerdict = 'fresh' | 'warn' | 'refuse';

/** "Known good", not "not bad": false for NaN, the future and anything too old. */
export const isWithin = (ageMs: number, maxMs: number): boolean =>
  ageMs >= -CLOCK_TOLERANCE_MS && ageMs <= maxMs;

/**
 * What a consumer does with a value of this age. Refuses what is not known to be young enough: NaN, the future.
 *
 * @param ageMs Milliseconds.
 * @param maxMs Where a setting tells the limit instead of the table; the warning never comes after it.
 */
export function judgeAge(
  consumer: Consumer,
  ageMs: number,
  maxMs: number = TOLERANCES[consumer].maxMs,
): AgeVerdict {
  if (!isWithin(ageMs, maxMs)) return 'refuse';
  return ageMs <= TOLERANCES[consumer].warnMs ? 'fresh' : 'warn';
}

/** Judges a value by the clock that its consumer goes by. */
export function judgeObserved(
  consumer: Consumer,
  { venueAt, writtenAt }: Observed<unknown>,
  now: { readonly market: number; readonly wall: number },
): AgeVerdict {
  const age =
    TOLERANCES[consumer].clock === 'venueAt' ? now.market - venueAt : now.wall - writtenAt;
  return judgeAge(consumer, age);
}
