import * as z from 'zod';
import { readInputs, type InputOptions } from '../backtest/inputs.ts';
import { configOf } from '../backtest/make-backtest.ts';
import type { Problem } from './problem.ts';

/** What is to be optimised or validated, as `tw backtest` reads it. @throws Fault in words. */
export async function readProblem(options: InputOptions, what: string): Promise<Problem> {
  const inputs = await readInputs(options, what);
  const { chosen, loaded, selection } = inputs;
  const params = z.record(z.string(), z.unknown()).parse(chosen.params);
  const series = loaded.map((each) => each.series);
  const { definition } = chosen;
  return { definition, params, config: configOf(inputs), series, selection };
}
