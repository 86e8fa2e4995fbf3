import * as technicalindicators from 'technicalindicators';
import type { BarValues } from '../market/bar.ts';
import { isolated, windowInit, windowPush, type BarWindow } from './bar-window.ts';
import type { FURTHER_BASES } from './bases.ts';
import { family, type Family, type Outputs } from './families.ts';

type Further = keyof typeof FURTHER_BASES;
type Settings = Readonly<Record<string, number | boolean | readonly number[]>>;
type Indicator<In, Out> = new (settings: Settings) => {
  nextValue: (input: In) => Out | undefined;
};

// The package types its inputs as classes and its outputs loosely; this is what it reads and returns.
const library: {
  ADL: Indicator<BarValues, number>;
  AverageGain: Indicator<number, number>;
  AverageLoss: Indicator<number, number>;
  AwesomeOscillator: Indicator<BarValues, number>;
  ChandelierExit: Indicator<BarValues, { exitLong: number; exitShort: number }>;
  ForceIndex: Indicator<BarValues, number>;
  HeikinAshi: Indicator<BarValues, { open: number; close: number }>;
  Highest: Indicator<number, number>;
  IchimokuCloud: Indicator<
    BarValues,
    { conversion: number; base: number; spanA: number; spanB: number }
  >;
  KeltnerChannels: Indicator<BarValues, { upper: number; middle: number; lower: number }>;
  KST: Indicator<number, { kst: number; signal?: number }>;
  Lowest: Indicator<number, number>;
  MFI: Indicator<BarValues, number>;
  PSAR: Indicator<BarValues, number>;
  SD: Indicator<number, number>;
  StochasticRSI: Indicator<number, { k: number; d?: number }>;
  Sum: Indicator<number, number>;
  TRIX: Indicator<number, number>;
  TrueRange: Indicator<BarValues, number>;
  VWAP: Indicator<BarValues, number>;
  WEMA: Indicator<number, number>;
  WMA: Indicator<number, number>;
} = technicalindicators as never;

const EMPTY = { open: [], high: [], low: [], close: [], volume: [], values: [] };

type Making<Name extends Further> = {
  readonly outputs: readonly Name[];
  readonly warmup: (...parameters: number[]) => number;
  /** Bars that a value is worked out from: enough for a seed to fade where there is one. */
  readonly window: (...parameters: number[]) => number;
  /** The last value over a window. */
  readonly last: (window: BarWindow, parameters: readonly number[]) => Outputs<Name>;
};
type FurtherState = { readonly parameters: readonly number[]; readonly window: BarWindow };

/** Only values that are numbers: the package divides by zero where a market rests. */
function finiteOnly<Name extends string>(outputs: Outputs<Name>): Outputs<Name> {
  const entries = Object.entries(outputs).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(entries) as Outputs<Name>;
}

function further<Name extends Further>({ outputs, warmup, window, last }: Making<Name>): Family {
  return family<FurtherState, Name>({
    outputs,
    warmup,
    init: (...parameters) => ({ parameters, window: windowInit(window(...parameters)) }),
    next: (state, bar) => {
      windowPush(state.window, bar);
      if (state.window.close.length < warmup(...state.parameters)) return undefined;
      const values = isolated(state.window, () => last(state.window, state.parameters));
      return values === undefined ? undefined : finiteOnly(values);
    },
    fault: (state) => state.window.fault,
  });
}

/** What a new indicator of the package says of the last close of a window. */
function ofCloses<Out>(
  indicator: InstanceType<Indicator<number, Out>>,
  { close }: BarWindow,
): Out | undefined {
  let last: Out | undefined;
  for (const value of close) last = indicator.nextValue(value);
  return last;
}

/** The same of the last bar. */
function ofBars<Out>(
  indicator: InstanceType<Indicator<BarValues, Out>>,
  { open, high, low, close, volume }: BarWindow,
): Out | undefined {
  let last: Out | undefined;
  for (let at = 0; at < close.length; at += 1)
    last = indicator.nextValue({
      open: open[at] ?? 0,
      high: high[at] ?? 0,
      low: low[at] ?? 0,
      close: close[at] ?? 0,
      volume: volume[at] ?? 0,
    });
  return last;
}

/** Bars in which the seed of a recursive mean fades below 1e-6: 7 n for an EMA, 14 n for Wilder's. */
const ema = (n: number): number => n + 7 * n + 10;
const wilder = (n: number): number => n + 14 * n + 10;

type OfPeriod = Record<'period', number> & typeof EMPTY;
/** A family of one output with one period. */
const ofPeriod = (
  base: Further,
  making: {
    readonly warmup: (n: number) => number;
    readonly window: (n: number) => number;
    readonly last: (window: BarWindow, settings: OfPeriod) => number | undefined;
  },
): Family =>
  further<Further>({
    outputs: [base],
    warmup: (n = Number.NaN) => making.warmup(n),
    window: (n = Number.NaN) => making.window(n),
    last: (window, [period = Number.NaN]) => ({
      [base]: making.last(window, { period, ...EMPTY }),
    }),
  });
const same = (n: number): number => n;
const total = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0);

/** What the package has beyond our own, worked out over a bounded window on each closed bar (IND-04). */
export const FURTHER_FAMILIES: readonly Family[] = [
  ofPeriod('WMA', { warmup: same, window: same, last: (w, s) => ofCloses(new library.WMA(s), w) }),
  ofPeriod('WEMA', {
    warmup: same,
    window: wilder,
    last: (w, s) => ofCloses(new library.WEMA(s), w),
  }),
  ofPeriod('HIGHEST', {
    warmup: same,
    window: same,
    last: (w, s) => ofCloses(new library.Highest(s), w),
  }),
  ofPeriod('LOWEST', {
    warmup: same,
    window: same,
    last: (w, s) => ofCloses(new library.Lowest(s), w),
  }),
  ofPeriod('SUM', { warmup: same, window: same, last: (w, s) => ofCloses(new library.Sum(s), w) }),
  ofPeriod('STDEV', { warmup: same, window: same, last: (w, s) => ofCloses(new library.SD(s), w) }),
  ofPeriod('AVERAGE_GAIN', {
    warmup: (n) => n + 1,
    window: wilder,
    last: (w, s) => ofCloses(new library.AverageGain(s), w),
  }),
  ofPeriod('AVERAGE_LOSS', {
    warmup: (n) => n + 1,
    window: wilder,
    last: (w, s) => ofCloses(new library.AverageLoss(s), w),
  }),
  ofPeriod('TRIX', {
    warmup: (n) => 3 * n - 1,
    window: (n) => 3 * ema(n),
    last: (w, s) => ofCloses(new library.TRIX(s), w),
  }),
  ofPeriod('FORCE_INDEX', {
    warmup: (n) => n + 1,
    window: ema,
    last: (w, s) => ofBars(new library.ForceIndex(s), w),
  }),
  ofPeriod('MFI', {
    warmup: (n) => n + 2,
    window: (n) => n + 2,
    last: (w, s) => ofBars(new library.MFI(s), w),
  }),
  // Both begin anew with the window: of the last n bars.
  ofPeriod('ADL', { warmup: same, window: same, last: (w, s) => ofBars(new library.ADL(s), w) }),
  ofPeriod('VWAP', { warmup: same, window: same, last: (w, s) => ofBars(new library.VWAP(s), w) }),
  further({
    outputs: ['TRUE_RANGE'],
    warmup: () => 2,
    window: () => 2,
    last: (w) => ({ TRUE_RANGE: ofBars(new library.TrueRange(EMPTY), w) }),
  }),
  further({
    outputs: ['HEIKIN_ASHI_OPEN', 'HEIKIN_ASHI_CLOSE'],
    warmup: () => 1,
    // An open is half the one before: after 60 bars the first weighs 1e-18.
    window: () => 60,
    last: (w) => {
      const candle = ofBars(new library.HeikinAshi(EMPTY), w);
      return { HEIKIN_ASHI_OPEN: candle?.open, HEIKIN_ASHI_CLOSE: candle?.close };
    },
  }),
  further({
    outputs: ['AWESOME'],
    warmup: (_, slow = Number.NaN) => slow,
    window: (_, slow = Number.NaN) => slow,
    last: (w, [fastPeriod = 0, slowPeriod = 0]) => ({
      AWESOME: ofBars(new library.AwesomeOscillator({ fastPeriod, slowPeriod, ...EMPTY }), w),
    }),
  }),
  further({
    outputs: ['PSAR'],
    warmup: () => 2,
    window: () => 300,
    last: (w, [step = 0, max = 0]) => ({
      PSAR: ofBars(new library.PSAR({ step, max, ...EMPTY }), w),
    }),
  }),
  further({
    outputs: ['CHANDELIER_LONG', 'CHANDELIER_SHORT'],
    warmup: (n = Number.NaN) => n + 1,
    window: (n = Number.NaN) => wilder(n),
    last: (w, [period = 0, multiplier = 0]) => {
      const exits = ofBars(new library.ChandelierExit({ period, multiplier, ...EMPTY }), w);
      return { CHANDELIER_LONG: exits?.exitLong, CHANDELIER_SHORT: exits?.exitShort };
    },
  }),
  further({
    outputs: ['KELTNER_UPPER', 'KELTNER_MIDDLE', 'KELTNER_LOWER'],
    warmup: (average = Number.NaN, atr = Number.NaN) => Math.max(average, atr + 1),
    window: (average = Number.NaN, atr = Number.NaN) => Math.max(ema(average), wilder(atr)),
    last: (w, [maPeriod = 0, atrPeriod = 0, multiplier = 0]) => {
      const settings = { maPeriod, atrPeriod, multiplier, useSMA: false, ...EMPTY };
      const channel = ofBars(new library.KeltnerChannels(settings), w);
      return {
        KELTNER_UPPER: channel?.upper,
        KELTNER_MIDDLE: channel?.middle,
        KELTNER_LOWER: channel?.lower,
      };
    },
  }),
  further({
    outputs: ['ICHIMOKU_CONVERSION', 'ICHIMOKU_BASE', 'ICHIMOKU_SPAN_A', 'ICHIMOKU_SPAN_B'],
    warmup: (...periods) => Math.max(...periods),
    window: (...periods) => Math.max(...periods),
    last: (w, [conversionPeriod = 0, basePeriod = 0, spanPeriod = 0]) => {
      // The package never shifts its spans; a displacement would only delay them.
      const settings = { conversionPeriod, basePeriod, spanPeriod, displacement: 1, ...EMPTY };
      const cloud = ofBars(new library.IchimokuCloud(settings), w);
      return {
        ICHIMOKU_CONVERSION: cloud?.conversion,
        ICHIMOKU_BASE: cloud?.base,
        ICHIMOKU_SPAN_A: cloud?.spanA,
        ICHIMOKU_SPAN_B: cloud?.spanB,
      };
    },
  }),
  further({
    outputs: ['KST', 'KST_SIGNAL'],
    warmup: (...p) => kstLength(p) + (p[8] ?? Number.NaN) - 1,
    window: (...p) => kstLength(p) + (p[8] ?? Number.NaN) - 1,
    last: (w, p) => {
      const settings = Object.fromEntries(KST_SETTINGS.map((name, at) => [name, p[at] ?? 0]));
      const kst = ofCloses(new library.KST({ ...settings, ...EMPTY }), w);
      return { KST: kst?.kst, KST_SIGNAL: kst?.signal };
    },
  }),
  further({
    outputs: ['STOCH_RSI', 'STOCH_RSI_D'],
    warmup: (...periods) => total(periods) - 2,
    window: (rsi = Number.NaN, ...others) => wilder(rsi) + total(others),
    last: (w, [rsiPeriod = 0, stochasticPeriod = 0, kPeriod = 0, dPeriod = 0]) => {
      const settings = { rsiPeriod, stochasticPeriod, kPeriod, dPeriod, ...EMPTY };
      const place = ofCloses(new library.StochasticRSI(settings), w);
      return { STOCH_RSI: place?.k, STOCH_RSI_D: place?.d };
    },
  }),
];

/** The package's names of KST's nine periods, in the order of ours. */
const KST_SETTINGS = [
  'ROCPer1',
  'ROCPer2',
  'ROCPer3',
  'ROCPer4',
  'SMAROCPer1',
  'SMAROCPer2',
  'SMAROCPer3',
  'SMAROCPer4',
  'signalPeriod',
];
const kstLength = (p: readonly number[]): number =>
  Math.max(...[0, 1, 2, 3].map((at) => (p[at] ?? Number.NaN) + (p[at + 4] ?? Number.NaN)));
