import { strategyById } from '@tradewind/strategies/registry';
import type { Subject } from '@tradewind/core/optimise/trace';
import { aboutChoice } from '../backtest/warnings.ts';
import {
  checkEntries,
  checkLookAhead,
  checkTrades,
  checkWarmUp,
  testSubject,
  type Check,
  type CheckOptions,
} from './checks.ts';
import type { Problem } from './problem.ts';

/** What speaks against a strategy, in a sentence. */
function verdictOf(checks: readonly Check[]): string {
  const against = checks.filter(({ passes }) => !passes).map(({ name }) => name.toLowerCase());
  return against.length === 0
    ? 'Nothing here speaks against it. Whether it earns is for new data to say: npm run tw -- walk-forward, then a paper book.'
    : `Speaks against it: ${against.join(', ')}. Do not trade it with money as it is.`;
}

/** All checks of one strategy on its data; `say` hears of each before it begins. */
export function validate(
  { config, series, selection }: Problem,
  options: CheckOptions,
  {
    say,
    strategiesOn = () => strategyById,
  }: { readonly say: (words: string) => void } & Partial<Pick<Subject, 'strategiesOn'>>,
) {
  const subject: Subject = { config, series, strategiesOn };
  say('Looking for look-ahead …');
  const lookAhead = checkLookAhead(subject, options);
  say('Starting later …');
  const warmUp = checkWarmUp(subject, options);
  say('Resampling trades and entries …');
  const result = testSubject(subject);
  const checks = [
    lookAhead,
    warmUp,
    checkTrades(result, options),
    checkEntries(subject, result, options),
  ];
  const verdict = verdictOf(checks);
  const text = [
    ...checks.flatMap(({ name, passes, words: [first = '', ...more] }) => [
      `${passes ? '✔' : '✘'} ${name.padEnd(12)} ${first}`,
      ...more.map((line) => `${' '.repeat(15)}${line}`),
    ]),
    '',
    ...aboutChoice(selection),
    verdict,
  ].join('\n');
  const passed = checks.filter(({ passes }) => passes).length;
  return {
    ok: passed === checks.length,
    text,
    headline: `${passed} of ${checks.length} checks passed`,
    data: {
      checks: checks.map(({ name, passes, words, data }) => ({ name, passes, words, data })),
      trades: result.trades.length,
      returnPct: result.totalReturnPct,
      selection,
      verdict,
    },
  };
}
