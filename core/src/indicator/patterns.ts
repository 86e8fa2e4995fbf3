import * as technicalindicators from 'technicalindicators';
import { isolated, windowInit, windowPush, type BarWindow } from './bar-window.ts';
import { PATTERNS } from './bases.ts';
import { family, type Family } from './families.ts';

type Candles = Readonly<Record<'open' | 'high' | 'low' | 'close', number[]>>;
// The package types its inputs as a class, yet reads plain objects.
const library: Readonly<Record<string, ((candles: Candles) => boolean) | undefined>> =
  technicalindicators as never;

/** The package's name of a pattern: BULLISH_HARAMI is its `bullishharami`. */
const functionName = (pattern: string): string => {
  const name = pattern.toLowerCase().replaceAll('_', '');
  if (pattern.endsWith('_ENGULFING')) return `${name}pattern`;
  return name.replace(/^hammer/, 'hammerpattern');
};

/**
 * The candles in a unit in which their closes lie less than 1 apart.
 *
 * The package compares average gains and losses as texts ("10.2" < "9.5"). Between 0 and 1 texts sort as
 * their numbers do; and what a pattern looks like does not depend on the unit.
 */
function scaled({ open, high, low, close }: BarWindow): Candles {
  const apart = Math.max(...close) - Math.min(...close);
  const unit = apart > 0 ? 10 ** (Math.floor(Math.log10(apart)) + 1) : 1;
  const inUnit = (values: readonly number[]): number[] => values.map((value) => value / unit);
  return { open: inUnit(open), high: inUnit(high), low: inUnit(low), close: inUnit(close) };
}

/** Whether the last candles of a window form a pattern. @throws Error when the package has none of that name. */
function isFormed(pattern: string, window: BarWindow): boolean {
  const look = library[functionName(pattern)];
  if (look === undefined) throw new Error(`There is no pattern ${pattern}`);
  return look(scaled(window));
}

/** Candlestick patterns of the package (IND-22): 1 on the bar that completes one, 0 on all others. */
export const PATTERN_FAMILIES: readonly Family[] = Object.entries(PATTERNS).map(
  ([pattern, length]) =>
    family<BarWindow, string>({
      outputs: [`PATTERN_${pattern}`],
      warmup: () => length,
      init: () => windowInit(length),
      next: (window, bar) => {
        windowPush(window, bar);
        if (window.close.length < length) return undefined;
        const formed = isolated(window, () => isFormed(pattern, window));
        return formed === undefined ? undefined : Number(formed);
      },
      fault: (window) => window.fault,
    }),
);
