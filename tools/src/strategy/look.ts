import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { strategySettings } from '@tradewind/contracts/documents/strategy';
import { checkChoice } from '@tradewind/strategies/check';
import { STRATEGIES, strategyById } from '@tradewind/strategies/registry';
import type { Answer } from '../cli/answer.ts';
import { Fault, messageOf } from '../lib/fault.ts';
import { paramsOf, tableOf } from './params-table.ts';

/** Every strategy that a document may name. */
export function listStrategies(): Answer {
  const strategies = STRATEGIES.map(({ id, kind, version, title }) => ({
    id,
    kind,
    version,
    title,
  }));
  const width = Math.max(...strategies.map(({ id }) => id.length));
  const text = strategies
    .map(
      ({ id, kind, version, title }) =>
        `${id.padEnd(width)}  ${kind.padEnd(12)}  ${version.padEnd(7)}  ${title}`,
    )
    .join('\n');
  return { ok: true, text, data: { strategies } };
}

/** One strategy and what can be set of it. @throws Fault for one that nobody knows. */
export function showStrategy(id: string): Answer {
  const strategy = strategyById(id);
  if (strategy === undefined)
    throw new Fault(
      `There is no strategy "${id}". There are: ${STRATEGIES.map((one) => one.id).join(', ')}`,
    );
  const { kind, version, title } = strategy;
  const params = paramsOf(strategy);
  const text = `${title} (${id}, ${kind}, version ${version})\n\n${tableOf(params)}`;
  return { ok: true, text, data: { id, kind, version, title, params } };
}

/** A JSON file; paths are meant from where the person stands, since npm changes into the repository. */
export const readJson = (file: string): unknown =>
  JSON.parse(readFileSync(resolve(process.env['TRADEWIND_CWD'] ?? process.cwd(), file), 'utf8'));

const refuse = (file: string, faults: readonly string[]): Answer => ({
  ok: false,
  text: [`${file} is not usable:`, ...faults.map((fault) => `  - ${fault}`)].join('\n'),
  data: { file, faults },
});

/**
 * Checks a strategy document in a JSON file as saving it would: all faults, not the first.
 *
 * @param options.live - As for a book with real money, which refuses more.
 */
export function checkStrategyFile(file: string, { live }: { readonly live: boolean }): Answer {
  let raw: unknown;
  try {
    raw = readJson(file);
  } catch (error) {
    return refuse(file, [messageOf(error)]);
  }
  const parsed = strategySettings.safeParse(raw);
  const outer = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) =>
        [path.join('.'), message].filter((part) => part !== '').join(': '),
      );
  // Parameters are judged even where the rest is wrong: who mends a file wants to know of everything.
  const choice = parsed.success
    ? parsed.data.strategy
    : strategySettings.shape.strategy.safeParse(Reflect.get(Object(raw) as object, 'strategy'))
        .data;
  const checked = choice === undefined ? undefined : checkChoice(choice, { live });
  const inner =
    checked === undefined || checked.ok
      ? []
      : checked.error.map(({ field, fault }) => `${field}: ${fault}`);
  const faults = [...outer, ...inner];
  if (!parsed.success || faults.length > 0) return refuse(file, faults);
  const { name, strategy } = parsed.data;
  return {
    ok: true,
    text: `${file} is a usable strategy: ${name} (${strategy.id})`,
    data: { file, name, id: strategy.id },
  };
}
