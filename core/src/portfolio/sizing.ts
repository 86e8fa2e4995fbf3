/** What a size is made of (PF-85); `null` = not known or not configured. */
export type SizingInputs = {
  /** Quote amounts that are configured as a base; the smallest counts. */
  readonly bases: readonly number[];
  /** `null`: the strategy has none, which changes nothing. */
  readonly temperature: 'HOT' | 'WARM' | 'COOL' | 'FROZEN' | null;
  /** Of the last twenty closed trades, 0 to 1; `null` for fewer. */
  readonly winRate: number | null;
  readonly confidence: number;
  /** Standard deviation of daily returns, 0.03 = 3 %. */
  readonly dailyVolatility: number | null;
  readonly ladder: number;
  readonly session: number;
  readonly intelligence: number;
  /** 0 on a veto. */
  readonly model: number;
  readonly profile: 'conservative' | 'adaptive' | 'aggressive';
};

/** How a document lets its entries be sized: left out = as the strategy says, and by ladder and slippage alone. */
export type SizingPlan = {
  readonly profile: SizingInputs['profile'];
  /** Percent of equity that an entry may lose at its stop; left out = the strategy's own size. */
  readonly riskPct?: number | undefined;
};

const TEMPERATURE = { HOT: 1, WARM: 0.6, COOL: 0, FROZEN: 0 } as const;
const PROFILE = { conservative: 0.5, adaptive: 1, aggressive: 1 } as const;
const TARGET_VOLATILITY = 0.03;
const MIN_CONFIDENCE = 0.6;
/** Factors above 1 never make more than this of the base together (PF-86). */
const MOST_UPWARD = 1.2;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** Factor of the last twenty trades' win rate. */
export function historyFactor(winRate: number | null): number {
  if (winRate === null) return 0.75;
  if (!(winRate >= 0.35)) return 0.5;
  if (winRate < 0.5) return 0.75;
  return winRate <= 0.65 ? 1 : 1.1;
}

export const confidenceFactor = (confidence: number): number =>
  confidence >= MIN_CONFIDENCE
    ? 0.5 + (0.5 * (Math.min(1, confidence) - MIN_CONFIDENCE)) / (1 - MIN_CONFIDENCE)
    : 0;

/** Smaller sizes in markets that move more than 3 % a day; unknown is as small as it gets. */
export const volatilityFactor = (daily: number | null): number =>
  daily === null || !(daily > 0) ? 0.25 : clamp(TARGET_VOLATILITY / daily, 0.25, 1);

/** Amount that risks `riskPct` of equity at a stop `stopPct` away. `null` without a stop. */
export const riskBase = (equity: number, stopPct: number, riskPct = 0.5): number | null =>
  stopPct > 0 ? (equity * riskPct) / stopPct : null;

/**
 * Size of an entry in quote before the limits cap it (PF-85); 0 = no trade. Each factor and the reason are in `factors`.
 */
export function sizeOf(inputs: SizingInputs): {
  readonly size: number;
  readonly factors: Readonly<Record<string, number>>;
} {
  const factors = {
    temperature: inputs.temperature === null ? 1 : TEMPERATURE[inputs.temperature],
    history: historyFactor(inputs.winRate),
    confidence: confidenceFactor(inputs.confidence),
    volatility: volatilityFactor(inputs.dailyVolatility),
    ladder: inputs.ladder,
    session: inputs.session,
    intelligence: inputs.intelligence,
    model: inputs.model,
    profile: PROFILE[inputs.profile],
  };
  const base = Math.min(...inputs.bases.filter((amount) => amount > 0));
  if (!Number.isFinite(base)) return { size: 0, factors };
  let [up, down] = [1, 1];
  for (const factor of Object.values(factors)) {
    // Not a number is no size, like a veto.
    if (!(factor > 0)) return { size: 0, factors };
    if (factor > 1) up *= factor;
    else down *= factor;
  }
  return { size: base * Math.min(MOST_UPWARD, up) * down, factors };
}
