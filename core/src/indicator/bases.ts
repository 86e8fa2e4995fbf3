/** What a variant can be of, by name. Pure data: the values are computed elsewhere. */
export type VariantType = 'price' | 'volume' | 'flow' | 'general';

/** One parameter of a base. */
export type Parameter = {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
};

export type Base = {
  /** Computed on closed bars, over a window of trades, or from the last trade and quote. */
  readonly kind: 'bar' | 'window' | 'live';
  readonly type: VariantType;
  readonly parameters: readonly Parameter[];
  /** `older-first`: t1 > t2 (IND-10). `fast-first`: the first period is the shorter. */
  readonly order: 'older-first' | 'fast-first' | 'any';
};

/** Longest window of bars, so that no name can ask for unbounded memory. */
const MAX_BARS = 5_000;
/** The same where each bar works out its whole window anew. */
const MAX_RECOMPUTED = 500;
/** Longest window of trades: a day. */
const MAX_SECONDS = 86_400;

const bars = (preset: number, max = MAX_BARS): Parameter => ({
  default: preset,
  min: 1,
  max,
  whole: true,
});
const few = (preset: number): Parameter => bars(preset, MAX_RECOMPUTED);
const factor = (preset: number): Parameter => ({
  default: preset,
  min: 0.001,
  max: 100,
  whole: false,
});

const bar = (type: VariantType, ...parameters: Parameter[]): Base => ({
  kind: 'bar',
  type,
  parameters,
  order: 'any',
});
const fastFirst = (type: VariantType, ...parameters: Parameter[]): Base => ({
  ...bar(type, ...parameters),
  order: 'fast-first',
});

/** A window that begins `t1` and ends `t2` seconds ago. */
const span = (type: VariantType, t1: number, t2 = 0): Base => ({
  kind: 'window',
  type,
  parameters: [
    { default: t1, min: 0, max: MAX_SECONDS, whole: true },
    { default: t2, min: 0, max: MAX_SECONDS, whole: true },
  ],
  order: 'older-first',
});
/** Two windows one after the other: their lengths in seconds, in any order (IND-33, IND-36). */
const lengths = (type: VariantType, last: number, before: number): Base => ({
  kind: 'window',
  type,
  parameters: [last, before].map((preset) => ({
    default: preset,
    min: 1,
    max: MAX_SECONDS,
    whole: true,
  })),
  order: 'any',
});
const live = (type: VariantType): Base => ({ kind: 'live', type, parameters: [], order: 'any' });

/** Indicators of our own, on closed bars. */
export const OWN_BASES = {
  SMA: bar('price', bars(20)),
  EMA: bar('price', bars(20)),
  RSI: bar('price', bars(14)),
  CUTLER_RSI: bar('price', bars(14)),
  MACD: fastFirst('price', bars(12), bars(26), bars(9)),
  MACD_SIGNAL: fastFirst('price', bars(12), bars(26), bars(9)),
  MACD_HISTOGRAM: fastFirst('price', bars(12), bars(26), bars(9)),
  BB: bar('price', bars(20), factor(2)),
  BB_UPPER: bar('price', bars(20), factor(2)),
  BB_MIDDLE: bar('price', bars(20), factor(2)),
  BB_LOWER: bar('price', bars(20), factor(2)),
  BB_BANDWIDTH: bar('price', bars(20), factor(2)),
  ATR: bar('price', bars(14)),
  ATR_PCT: bar('price', bars(14), bars(20)),
  ADX: bar('price', bars(14)),
  PLUS_DI: bar('price', bars(14)),
  MINUS_DI: bar('price', bars(14)),
  STOCH: bar('price', bars(14), bars(3), bars(3)),
  STOCH_D: bar('price', bars(14), bars(3), bars(3)),
  STOCHF: bar('price', bars(14), bars(3)),
  STOCHF_D: bar('price', bars(14), bars(3)),
  CCI: bar('price', bars(20)),
  WILLR: bar('price', bars(14)),
  OBV: bar('volume'),
  ROC: bar('price', bars(12)),
  VOLUME_ROC: bar('volume', bars(12)),
  REALISED_VOLATILITY: bar('price', bars(60)),
  AUTOCORRELATION: bar('price', bars(60)),
} as const satisfies Record<string, Base>;

/** What the technicalindicators package has beyond them, on closed bars. */
export const FURTHER_BASES = {
  ADL: bar('volume', few(50)),
  AVERAGE_GAIN: bar('price', few(14)),
  AVERAGE_LOSS: bar('price', few(14)),
  AWESOME: fastFirst('price', few(5), few(34)),
  CHANDELIER_LONG: bar('price', few(22), factor(3)),
  CHANDELIER_SHORT: bar('price', few(22), factor(3)),
  FORCE_INDEX: bar('volume', few(13)),
  HEIKIN_ASHI_CLOSE: bar('price'),
  HEIKIN_ASHI_OPEN: bar('price'),
  HIGHEST: bar('price', few(20)),
  ICHIMOKU_BASE: bar('price', few(9), few(26), few(52)),
  ICHIMOKU_CONVERSION: bar('price', few(9), few(26), few(52)),
  ICHIMOKU_SPAN_A: bar('price', few(9), few(26), few(52)),
  ICHIMOKU_SPAN_B: bar('price', few(9), few(26), few(52)),
  KELTNER_LOWER: bar('price', few(20), few(10), factor(1)),
  KELTNER_MIDDLE: bar('price', few(20), few(10), factor(1)),
  KELTNER_UPPER: bar('price', few(20), few(10), factor(1)),
  KST: bar('price', ...[10, 15, 20, 30, 10, 10, 10, 15, 9].map((preset) => few(preset))),
  KST_SIGNAL: bar('price', ...[10, 15, 20, 30, 10, 10, 10, 15, 9].map((preset) => few(preset))),
  LOWEST: bar('price', few(20)),
  MFI: bar('volume', few(14)),
  PSAR: bar('price', factor(0.02), factor(0.2)),
  STDEV: bar('price', few(20)),
  STOCH_RSI: bar('price', few(14), few(14), few(3), few(3)),
  STOCH_RSI_D: bar('price', few(14), few(14), few(3), few(3)),
  SUM: bar('price', few(20)),
  TRIX: bar('price', few(18)),
  TRUE_RANGE: bar('price'),
  VWAP: bar('volume', few(20)),
  WEMA: bar('price', few(20)),
  WMA: bar('price', few(20)),
} as const satisfies Record<string, Base>;

/** The package's candlestick patterns, with the bars that each looks at (IND-22). */
export const PATTERNS = {
  ABANDONED_BABY: 3,
  BEARISH: 5,
  BEARISH_ENGULFING: 2,
  BEARISH_HAMMER_STICK: 1,
  BEARISH_HARAMI: 2,
  BEARISH_HARAMI_CROSS: 2,
  BEARISH_INVERTED_HAMMER_STICK: 1,
  BEARISH_MARUBOZU: 1,
  BEARISH_SPINNING_TOP: 1,
  BULLISH: 5,
  BULLISH_ENGULFING: 2,
  BULLISH_HAMMER_STICK: 1,
  BULLISH_HARAMI: 2,
  BULLISH_HARAMI_CROSS: 2,
  BULLISH_INVERTED_HAMMER_STICK: 1,
  BULLISH_MARUBOZU: 1,
  BULLISH_SPINNING_TOP: 1,
  DARK_CLOUD_COVER: 2,
  DOJI: 1,
  DOWNSIDE_TASUKI_GAP: 3,
  DRAGONFLY_DOJI: 1,
  EVENING_DOJI_STAR: 3,
  EVENING_STAR: 3,
  GRAVESTONE_DOJI: 1,
  HAMMER: 5,
  HAMMER_UNCONFIRMED: 5,
  HANGING_MAN: 5,
  HANGING_MAN_UNCONFIRMED: 5,
  MORNING_DOJI_STAR: 3,
  MORNING_STAR: 3,
  PIERCING_LINE: 2,
  SHOOTING_STAR: 5,
  SHOOTING_STAR_UNCONFIRMED: 5,
  THREE_BLACK_CROWS: 3,
  THREE_WHITE_SOLDIERS: 3,
  TWEEZER_BOTTOM: 5,
  TWEEZER_TOP: 5,
} as const satisfies Record<string, number>;
export type PatternName = keyof typeof PATTERNS;

/** Over windows of trades, and from the last trade and quote (IND-32 to IND-47). */
const FLOW_BASES = {
  TWPA: span('price', 300),
  VOLUME_SURGE: lengths('volume', 300, 900),
  PUMP_MAGNITUDE: span('price', 300),
  DUMP_MAGNITUDE: span('price', 300),
  MOMENTUM: span('price', 60),
  VELOCITY: lengths('price', 60, 240),
  TRADE_RATE: span('general', 60),
  VOLATILITY_TICK: span('price', 300),
  IMBALANCE: span('flow', 60),
  DELTA: span('flow', 60),
  CVD_SESSION: live('flow'),
  CVD_1H: live('flow'),
  CVD_4H: live('flow'),
  SPREAD_PCT: live('general'),
  PRICE: live('price'),
} as const satisfies Record<string, Base>;

const patternBases = Object.fromEntries(
  Object.keys(PATTERNS).map((name) => [`PATTERN_${name}`, bar('general')]),
);

/** Every base by name. */
export const BASES: ReadonlyMap<string, Base> = new Map(
  Object.entries({ ...OWN_BASES, ...FURTHER_BASES, ...patternBases, ...FLOW_BASES }),
);
