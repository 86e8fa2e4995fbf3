import * as z from 'zod';

/** A band in percent of a price, 0.2 = 0.2 %. */
const band = z
  .strictObject({ min: z.number().positive().max(50), max: z.number().positive().max(50) })
  .refine(({ min, max }) => min <= max, { error: 'min must not be above max', path: ['min'] });

const timeframe = z.enum(['1m', '5m', '15m', '1h']);

/** The recipes of STR-73. */
export const RECIPE_IDS = [
  'order_flow_scalping',
  'bid_ask_bounce',
  'supply_demand_bounce',
] as const;
export type RecipeId = (typeof RECIPE_IDS)[number];

/** How one style of trading is run (03, section 6): what its recipes may risk, for how long, and to what end. */
export const configurationSchema = z
  .strictObject({
    /** Longest for the regime and zones, middle for the cascade, fastest for the trigger (STR-50). */
    timeframes: z.strictObject({ longest: timeframe, middle: timeframe, fastest: timeframe }),
    /** Seconds that a position is held: the strategy leaves none earlier, and every one by the later. */
    holdSeconds: z.strictObject({ min: z.int().nonnegative(), max: z.int().positive() }),
    /** Trades aimed at in an hour: a figure to compare with, never a quota (STR-71). */
    tradesPerHour: z.number().positive(),
    /** Gain aimed at for each unit of risk. */
    riskReward: z.number().min(0.1).max(20),
    recipes: z.array(z.enum(RECIPE_IDS)).min(1),
    /** Percent of equity in one position. */
    positionSizePct: z.number().positive().max(100),
    maxPositions: z.int().min(1).max(20),
    /** Distance of the first stop; beyond the band there is no trade (STR-74). */
    stopPct: band,
    /** Distance of the trailing stop, from the first fill on (STR-70). */
    trailingStopPct: z.number().positive().max(50),
    targetPct: band,
    /** Percent of trades that are expected to win (STR-72). */
    expectedWinRatePct: z.number().min(0).max(100),
  })
  .refine(({ holdSeconds: { min, max } }) => min < max, {
    error: 'min must be below max',
    path: ['holdSeconds', 'min'],
  });
export type TradingConfiguration = z.infer<typeof configurationSchema>;

/** The two configurations of 03, section 6. */
export const CONFIGURATIONS = {
  ultra_short_scalping: {
    timeframes: { longest: '15m', middle: '5m', fastest: '1m' },
    holdSeconds: { min: 30, max: 300 },
    tradesPerHour: 10,
    riskReward: 1.5,
    recipes: ['order_flow_scalping', 'bid_ask_bounce'],
    positionSizePct: 2,
    maxPositions: 3,
    stopPct: { min: 0.2, max: 0.3 },
    trailingStopPct: 0.5,
    targetPct: { min: 0.5, max: 1 },
    expectedWinRatePct: 60,
  },
  micro_trend_following: {
    timeframes: { longest: '1h', middle: '15m', fastest: '1m' },
    holdSeconds: { min: 300, max: 900 },
    // 20 trades a day.
    tradesPerHour: 20 / 24,
    riskReward: 2,
    recipes: ['supply_demand_bounce', 'order_flow_scalping'],
    positionSizePct: 3,
    maxPositions: 2,
    stopPct: { min: 0.5, max: 0.8 },
    trailingStopPct: 0.5,
    targetPct: { min: 1, max: 2 },
    expectedWinRatePct: 50,
  },
} as const satisfies Record<string, TradingConfiguration>;

const names = [
  'ultra_short_scalping',
  'micro_trend_following',
] as const satisfies readonly (keyof typeof CONFIGURATIONS)[];

/** A configuration by name, or one of your own in full. */
export const configurationChoice = z.union([z.enum(names), configurationSchema]);

export const configurationOf = (
  chosen: z.infer<typeof configurationChoice>,
): TradingConfiguration => (typeof chosen === 'string' ? CONFIGURATIONS[chosen] : chosen);
