import { seconds, type EpochMs } from '../lib/time.ts';

/** What speaks against a LONG, or mirrored against a SHORT (06, section 9). */
export type DumpSignal =
  'volumeReversal' | 'flowFlip' | 'liquidityGone' | 'momentumBreak' | 'resistance';

/** One closed minute as the detector sees it; floats, for comparing only. */
export type DumpBar = {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base volume bought and sold by aggressors. */
  readonly buys: number;
  readonly sells: number;
};

/** What is known of a market and a position's entry; `null` = not known, which is no signal. */
export type DumpInputs = {
  readonly side: 'LONG' | 'SHORT';
  /** Closed minutes, oldest first. */
  readonly bars: readonly DumpBar[];
  /** Buys over sells in the window from five minutes to one minute ago, and of the last 60 s. */
  readonly flowBefore: number | null;
  readonly flowNow: number | null;
  /** EMA20 of five-minute closes: of the last four such bars, oldest first. */
  readonly ema: readonly number[];
  /** ATR of five-minute bars. */
  readonly atr: number | null;
  /** Whether the entry was on the favourable side of that average. */
  readonly enteredBeyondEma: boolean;
  /** Zones and edges of value that may turn the price: supply and VAH for a LONG, demand and VAL for a SHORT. */
  readonly levels: readonly number[];
  /** Estimated slippage of a full exit in percent, and change of the pool's liquidity over ten minutes in percent. */
  readonly exitSlippagePct: number | null;
  readonly liquidityChangePct: number | null;
  /** Failures in a row to quote an exit, within 60 s (PF-72). */
  readonly quoteFailures: number;
};

const RATIO = 1.5;
const REVERSAL_BARS = 3;
const FLOW_FROM = 2.5;
const FLOW_TO = 0.4;
const EXIT_SLIPPAGE_PCT = 10;
const LIQUIDITY_FALL_PCT = -30;
const QUOTE_FAILURES = 3;
const EMA_DISTANCE_ATR = 0.5;
const LEVEL_PCT = 0.1;

/** The bar as a LONG sees it: what a SHORT fears is the mirror image, with its prices below zero. */
const mirrored = (bar: DumpBar): DumpBar => ({
  high: -bar.low,
  low: -bar.high,
  close: -bar.close,
  buys: bar.sells,
  sells: bar.buys,
});
const inverse = (ratio: number | null): number | null => {
  if (ratio === null) return null;
  return ratio > 0 ? 1 / ratio : Infinity;
};

const forLong = (inputs: DumpInputs): DumpInputs =>
  inputs.side === 'LONG'
    ? inputs
    : {
        ...inputs,
        bars: inputs.bars.map(mirrored),
        flowBefore: inverse(inputs.flowBefore),
        flowNow: inverse(inputs.flowNow),
        ema: inputs.ema.map((value) => -value),
        levels: inputs.levels.map((level) => -level),
      };

const volumeReversal = ({ bars }: DumpInputs): boolean =>
  bars.length >= REVERSAL_BARS &&
  bars.slice(-REVERSAL_BARS).every(({ buys, sells }) => sells > 0 && sells >= RATIO * buys);

const flowFlip = ({ flowBefore, flowNow }: DumpInputs): boolean =>
  flowBefore !== null && flowNow !== null && flowBefore >= FLOW_FROM && flowNow <= FLOW_TO;

const liquidityGone = (inputs: DumpInputs): boolean =>
  (inputs.exitSlippagePct ?? 0) > EXIT_SLIPPAGE_PCT ||
  (inputs.liquidityChangePct ?? 0) <= LIQUIDITY_FALL_PCT ||
  inputs.quoteFailures >= QUOTE_FAILURES;

function momentumBreak({ bars, ema, atr, enteredBeyondEma }: DumpInputs): boolean {
  const [, ...last] = ema;
  const now = ema.at(-1);
  if (atr === null || !(atr > 0) || now === undefined || ema.length < 4 || !enteredBeyondEma)
    return false;
  const falls = last.every((value, index) => value < (ema[index] ?? -Infinity));
  const closes = bars.slice(-2).map(({ close }) => close);
  return (
    falls &&
    closes.length === 2 &&
    closes.every((close) => close < now) &&
    now - (closes[1] ?? now) >= EMA_DISTANCE_ATR * atr
  );
}

function resistance({ bars, levels }: DumpInputs): boolean {
  const bar = bars.at(-1);
  if (bar === undefined || !(bar.sells >= RATIO * bar.buys) || !(bar.sells > 0)) return false;
  const isLow = bar.close <= bar.low + (bar.high - bar.low) / 3;
  const meets = levels.some(
    (level) => Math.abs(bar.high - level) <= (LEVEL_PCT / 100) * Math.abs(level),
  );
  return isLow && meets && bar.high > bar.low;
}

/** Signals that hold now, in the order of the table. */
export function dumpSignals(inputs: DumpInputs): readonly DumpSignal[] {
  const seen = forLong(inputs);
  const tests: readonly (readonly [DumpSignal, boolean])[] = [
    ['volumeReversal', volumeReversal(seen)],
    ['flowFlip', flowFlip(seen)],
    ['liquidityGone', liquidityGone(seen)],
    ['momentumBreak', momentumBreak(seen)],
    ['resistance', resistance(seen)],
  ];
  return tests.filter(([, holds]) => holds).map(([signal]) => signal);
}

const isHard = (signal: DumpSignal): boolean => signal === 'liquidityGone';

/** When each signal was last seen, market time. */
export type DumpMemory = Readonly<Partial<Record<DumpSignal, EpochMs>>>;

const TOGETHER = seconds(60);
const SETTLED = seconds(10);

/** One look at a position. */
export type DumpLook = {
  readonly signals: readonly DumpSignal[];
  readonly openedAt: EpochMs;
  readonly now: EpochMs;
  /** Prices are stale, or there are too few trades to tell (PF-71). */
  readonly blind: boolean;
  /** `any` leaves on one soft signal (PF-70). */
  readonly mode: 'two' | 'any';
};

/**
 * Whether to leave: on one hard signal, or on two different soft ones within 60 s (PF-70). Nothing is judged in the
 * first ten seconds, or blindly (PF-71).
 *
 * @returns the signals to leave for; `null` to stay.
 */
export function judgeDump(
  known: DumpMemory,
  { signals, openedAt, now, blind, mode }: DumpLook,
): { readonly memory: DumpMemory; readonly exit: readonly DumpSignal[] | null } {
  if (blind || now - openedAt < SETTLED) return { memory: known, exit: null };
  if (signals.length === 0) return { memory: known, exit: null };
  const memory: DumpMemory = {
    ...known,
    ...Object.fromEntries(signals.map((signal) => [signal, now])),
  };
  const hard = signals.filter(isHard);
  if (hard.length > 0) return { memory, exit: hard };
  const soft = (Object.entries(memory) as [DumpSignal, EpochMs][])
    .filter(([signal, at]) => !isHard(signal) && now - at < TOGETHER)
    .map(([signal]) => signal);
  return { memory, exit: soft.length >= (mode === 'any' ? 1 : 2) ? soft : null };
}

/** Between the first failed quote of an exit and the third: the stop is tightened and nothing is added (PF-72). */
export const isQuoteShaky = (quoteFailures: number): boolean =>
  quoteFailures > 0 && quoteFailures < QUOTE_FAILURES;

/** Share of exits that the market followed by a further fall of 1 % within ten minutes (PF-73); `null` without any. */
export function dumpPrecision(
  exits: readonly {
    readonly exitPrice: number;
    readonly worstWithin10m: number;
    readonly side: 'LONG' | 'SHORT';
  }[],
): number | null {
  if (exits.length === 0) return null;
  const right = exits.filter(({ exitPrice, worstWithin10m, side }) => {
    const movePct = (100 * (worstWithin10m - exitPrice)) / exitPrice;
    return (side === 'LONG' ? -movePct : movePct) >= 1;
  });
  return right.length / exits.length;
}
