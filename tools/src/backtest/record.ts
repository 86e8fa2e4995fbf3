import type { FigureId } from './report/show-figure.ts';
import * as z from 'zod';

const number = z.number().nullable();

/** Where the bars of one market came from. */
const source = z.strictObject({
  marketKey: z.string(),
  symbol: z.string(),
  /** A file, or the archive. */
  place: z.string(),
  timeframe: z.string(),
  bars: z.int(),
  /** Trades that fills were decided by; 0 where there are bars only. */
  trades: z.int(),
  from: z.int(),
  to: z.int(),
  /** Bars there are, of those that there should be. */
  coveragePct: z.number(),
  missing: z.int(),
  /** SHA-256 of the columns. */
  digest: z.string(),
  /** What was supposed about the market because nothing told it. */
  supposed: z.array(z.string()),
});
export type Source = z.infer<typeof source>;

/** Where the parameters came from, when a search chose them. */
const selection = z.strictObject({
  /** Combinations that were tried on these data. */
  tried: z.int().positive(),
  /** Whether the figures are of the data that the choice was made on. */
  isInSample: z.boolean(),
  /** What the search says of chance, in words. */
  verdict: z.string().nullable(),
});
export type Selection = z.infer<typeof selection>;

/** A backtest as it is kept in `.tradewind/backtests/<id>.json`: all but its trades and its curve. */
export const backtestRecord = z.strictObject({
  schemaVersion: z.literal(1),
  /** Hash of everything that the result depends on: equal inputs have one record. */
  id: z.string(),
  name: z.string(),
  createdAt: z.int(),
  symbols: z.array(z.string()),
  quote: z.string(),
  from: z.int(),
  to: z.int(),
  bars: z.int(),
  sources: z.array(source),
  /** The configuration, amounts as decimal text. */
  config: z.record(z.string(), z.json()),
  codeVersion: z.string(),
  seed: z.int(),
  figures: z.record(z.string(), number),
  returnBasis: z.enum(['daily', 'hourly']),
  grade: z
    .strictObject({ letter: z.enum(['A', 'B', 'C', 'D', 'F']), points: z.number() })
    .nullable(),
  openPositions: z.int(),
  selection: selection.nullable(),
  warnings: z.array(z.string()),
  /** SHA-256 of the result without the time it was made at: equal for equal results (STR-95). */
  resultHash: z.string(),
});
export type BacktestRecord = Omit<z.infer<typeof backtestRecord>, 'figures'> & {
  readonly figures: Readonly<Partial<Record<FigureId, number | null>>>;
};
