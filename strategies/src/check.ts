import { createEngine } from '@tradewind/core/engine/decide';
import { err, type Result } from '@tradewind/core/lib/result';
import { money } from '@tradewind/core/lib/units';
import type { Prepared } from '@tradewind/core/strategy/strategy';
import { STRATEGIES, strategyById } from './registry.ts';

/** What a strategy document says of its strategy. */
export type Choice = { readonly id: string; readonly params: unknown };

/** What is wrong with a field of a document, and which. */
export type Fault = { readonly field: string; readonly fault: string };

/** `path: what is wrong`, as `prepare` says it. */
function faultOf(line: string): Fault {
  const [, path, fault] = /^([\w.]+): (.*)$/s.exec(line) ?? [];
  return path === undefined || fault === undefined
    ? { field: 'strategy.params', fault: line }
    : { field: `strategy.params.${path}`, fault };
}

/** Whether the engine can run it: a variant that no one knows shows only here (STR-39). */
function engineFault(strategy: Prepared): Fault | null {
  try {
    createEngine({
      bookId: 'check',
      strategyId: 'check',
      marketKey: 'check_spot_A-B',
      symbol: 'A-B',
      grid: { tickSize: 0.01, lotSize: 0.01 },
      base: '1m',
      strategy,
      positionSizeQuote: money('1'),
    }).init();
    return null;
  } catch (error) {
    return { field: 'strategy.params', fault: error instanceof Error ? error.message : 'fails' };
  }
}

/**
 * A strategy ready to run, or everything that is wrong with the choice.
 *
 * @param options.live - Whether real money is at stake, which more is refused for (STR-14, STR-31).
 */
export function checkChoice(
  { id, params }: Choice,
  { live }: { readonly live: boolean },
): Result<Prepared, readonly Fault[]> {
  const definition = strategyById(id);
  if (definition === undefined) {
    const known = STRATEGIES.map((strategy) => strategy.id).join(', ');
    return err([
      { field: 'strategy.id', fault: `there is no strategy "${id}". There are: ${known}` },
    ]);
  }
  const prepared = definition.prepare(params);
  if (!prepared.ok) return err(prepared.error.split('\n').map(faultOf));
  const broken = engineFault(prepared.value);
  const faults = [
    ...(broken === null ? [] : [broken]),
    ...(live ? prepared.value.liveFaults.map(faultOf) : []),
  ];
  return faults.length === 0 ? prepared : err(faults);
}
