import type { BacktestConfig } from '@tradewind/core/backtest/config';
import type { BarSeries } from '@tradewind/core/backtest/data';
import { parseSpace, wholeSpace } from '@tradewind/core/optimise/restrict';
import type { Space } from '@tradewind/core/optimise/space';
import type { StrategyDefinition } from '@tradewind/core/strategy/strategy';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Selection } from '../backtest/record.ts';
import { time } from '../data/show.ts';
import { fromHere } from '../data/open-data.ts';
import { Fault, messageOf } from '../lib/fault.ts';
import { searchable } from './search-run.ts';

/** What is to be optimised or validated: a strategy, how it is backtested, and on which data. */
export type Problem = {
  readonly definition: StrategyDefinition;
  readonly params: Readonly<Record<string, unknown>>;
  readonly config: BacktestConfig;
  readonly series: readonly BarSeries[];
  /** The kept searches that the parameters come from, if any. */
  readonly selection: Selection | null;
};

/** A problem in a line. */
export const titleOf = ({ definition, series }: Problem): string => {
  const bars = series.reduce((sum, { length }) => sum + length, 0);
  const from = Math.min(...series.map(({ openAt }) => openAt[0] ?? Infinity));
  const to = Math.max(...series.map(({ openAt }) => openAt.at(-1) ?? 0));
  const symbols = series.map(({ symbol }) => symbol).join(', ');
  return `${definition.title} on ${symbols}, ${bars.toLocaleString('en-US')} bars, ${time(from)} to ${time(to)}`;
};

const spaceFile = z.record(
  z.string(),
  z.union([
    z.string(),
    z.array(z.union([z.string(), z.number(), z.boolean()])),
    z.number(),
    z.boolean(),
  ]),
);

/** The lines of a file such as `{"fast": "5..30:5", "timeframe": ["1m", "5m"]}`. @throws Fault where it is none. */
function readSpaceFile(path: string): readonly string[] {
  try {
    const content = spaceFile.parse(JSON.parse(readFileSync(fromHere(path), 'utf8')));
    return Object.entries(content).map(([name, value]) => `${name}=${String(value)}`);
  } catch (error) {
    throw new Fault(
      `The space ${path} cannot be used: ${messageOf(error)}\nWrite {"fast": "5..30:5", "timeframe": ["1m", "5m"]}.`,
    );
  }
}

export type SpaceOptions = { readonly space?: readonly string[]; readonly spaceFile?: string };

/** The space that was asked for; without any, all that the strategy's schema sets limits to. @throws Fault in words. */
export function spaceOf(definition: StrategyDefinition, options: SpaceOptions): Space {
  const parameters = searchable(definition);
  const texts = [
    ...(options.spaceFile === undefined ? [] : readSpaceFile(options.spaceFile)),
    ...(options.space ?? []),
  ];
  const space = texts.length === 0 ? wholeSpace(parameters) : null;
  if (space !== null && space.length > 0) return space;
  if (space !== null)
    throw new Fault(
      `${definition.title} has no parameters with limits: say what to search with --space.`,
    );
  const parsed = parseSpace(parameters, texts);
  if (!parsed.ok)
    throw new Fault(`The space cannot be searched:\n  ${parsed.error.replaceAll('\n', '\n  ')}`);
  return parsed.value;
}
