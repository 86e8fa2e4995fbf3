import { DataFrame, type IDataFrame } from 'data-forge';
import { backtest, type IBar, type IStrategy, type ITrade } from 'grademark';
import type { Columns } from './backtest-bars.ts';

type Bar = IBar & { readonly fast: number; readonly slow: number; readonly crossed: number };

const FEE = 0.001;
const [FAST, SLOW] = [10, 30];

function averages(close: Float64Array, period: number): Float64Array {
  const means = new Float64Array(close.length).fill(NaN);
  let sum = 0;
  close.forEach((value, bar) => {
    sum += value - (close[bar - period] ?? 0);
    if (bar >= period - 1) means[bar] = sum / period;
  });
  return means;
}

/** The series as grademark wants it, averages and crossings worked out before: its own work is all that is measured. */
function frameOf({ openAt, open, high, low, close, volume }: Columns): DataFrame<number, Bar> {
  const fast = averages(close, FAST);
  const slow = averages(close, SLOW);
  const values: Bar[] = [];
  for (let bar = 0; bar < close.length; bar += 1) {
    const apart = (fast[bar] ?? NaN) - (slow[bar] ?? NaN);
    const before = (fast[bar - 1] ?? NaN) - (slow[bar - 1] ?? NaN);
    values.push({
      time: new Date(openAt[bar] ?? 0),
      open: open[bar] ?? 0,
      high: high[bar] ?? 0,
      low: low[bar] ?? 0,
      close: close[bar] ?? 0,
      volume: volume[bar] ?? 0,
      fast: fast[bar] ?? NaN,
      slow: slow[bar] ?? NaN,
      crossed: before <= 0 && apart > 0 ? 1 : before >= 0 && apart < 0 ? -1 : 0,
    });
  }
  return new DataFrame<number, Bar>(values);
}

/** Averages as grademark's own guide has them: windows of data-forge, put beside the bars. */
function withAverages(frame: DataFrame<number, Bar>): IDataFrame<number, Bar> {
  const close = frame.deflate((bar) => bar.close).bake();
  const mean = (period: number) => close.rollingWindow(period).select((window) => window.average());
  return frame
    .withSeries<Bar>('fast', mean(FAST))
    .withSeries<Bar>('slow', mean(SLOW))
    .skip(SLOW)
    .bake();
}

const above: IStrategy<Bar> = {
  lookbackPeriod: SLOW,
  entryRule: (enter, { bar }) => {
    if (bar.fast > bar.slow) enter();
  },
  exitRule: (exit, { bar }) => {
    if (bar.fast < bar.slow) exit();
  },
};

const crossover: IStrategy<Bar> = {
  lookbackPeriod: 1,
  entryRule: (enter, { bar }) => {
    if (bar.crossed > 0) enter();
  },
  exitRule: (exit, { bar }) => {
    if (bar.crossed < 0) exit();
  },
};

type Outcome = { readonly entries: number; readonly equity: number };

/** It knows no fees: they are taken from its trades. */
function outcomeOf(trades: readonly ITrade[]): Outcome {
  let equity = 1e6;
  for (const { entryPrice, exitPrice } of trades)
    equity *= (exitPrice / entryPrice) * (1 - FEE) * (1 - FEE);
  return { entries: trades.length, equity };
}

/** The crossover in grademark 0.3.0 at its best: averages and crossings are there before it starts. */
export function grademarkBacktest(columns: Columns): () => Outcome {
  const frame = frameOf(columns);
  return () => outcomeOf(backtest(crossover, frame));
}

/** The same from the arrays on, as ours has it: the frame that it needs, averages and crossings are made within the time. */
export function grademarkFromArrays(columns: Columns): () => Outcome {
  return () => outcomeOf(backtest(crossover, frameOf(columns)));
}

/** The same as its guide has it: averages by data-forge, within the time, as ours are. */
export function grademarkAsDocumented(columns: Columns): () => Outcome {
  const frame = frameOf(columns);
  return () => outcomeOf(backtest(above, withAverages(frame)));
}
