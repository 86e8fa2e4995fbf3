import { isDeepStrictEqual } from 'node:util';
import { marketName } from '@tradewind/adapters/archive/layout';
import type { BarSeries } from '@tradewind/core/backtest/data';
import type { ParamValue } from '@tradewind/core/optimise/space';
import type { StrategyDefinition } from '@tradewind/core/strategy/strategy';
import * as z from 'zod';
import type { Selection } from '../backtest/record.ts';
import { paramsOf } from './params-of.ts';
import { readOptimisations, type OptimisationRecord } from './store.ts';

const values = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const span = { from: z.number().nullable(), to: z.number().nullable() };

/** What of a kept search, or of the searches of a walk forward, says which combinations were tried on what. */
const searched = z.object({
  strategy: z.object({ id: z.string() }),
  search: z.object({ base: z.record(z.string(), z.unknown()) }),
  markets: z.array(z.object({ marketKey: z.string(), ...span })),
  verdict: z.string().nullish(),
  /** Of a search. */
  all: z.array(z.object({ values })).optional(),
  /** Of a walk forward: each was searched in `[from, cut)`. */
  forwards: z
    .array(
      z.object({
        from: z.number(),
        cut: z.number(),
        tried: z.int(),
        values: values.nullable(),
      }),
    )
    .optional(),
});
type Searched = z.infer<typeof searched>;

/** The searches of one kept result that tried, or chose, the parameters; in which times. */
type Match = {
  readonly tried: number;
  readonly spans: readonly (readonly [number, number])[];
  readonly symbols: readonly string[];
  readonly verdict: string | null;
};

type Chosen = { readonly definition: StrategyDefinition; readonly params: unknown };

const at = (tree: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null
          ? (inner as Readonly<Record<string, unknown>>)[name]
          : undefined,
      tree,
    );

/** Whether a combination comes to the very parameters, defaults and all. */
function isSame(
  { paramsSchema }: StrategyDefinition,
  parsed: unknown,
  told: { readonly base: Searched['search']['base']; readonly values: Record<string, ParamValue> },
): boolean {
  // Most differ in a value that was searched: no schema has to be asked.
  if (Object.entries(told.values).some(([path, value]) => at(parsed, path) !== value)) return false;
  const other = paramsSchema.safeParse(paramsOf(told.base, told.values));
  return other.success && isDeepStrictEqual(other.data, parsed);
}

function matchOf(
  { data }: OptimisationRecord,
  definition: StrategyDefinition,
  parsed: unknown,
): Match | null {
  const read = searched.safeParse(data);
  if (!read.success || read.data.strategy.id !== definition.id) return null;
  const { all = [], forwards = [], markets, search, verdict = null } = read.data;
  const isIt = (each: { readonly values: Record<string, ParamValue> | null }): boolean =>
    each.values !== null && isSame(definition, parsed, { base: search.base, values: each.values });
  const symbols = markets.map(({ marketKey }) => marketName(marketKey).symbol);
  if (all.some(isIt)) {
    const spans = markets.map(({ from, to }) => [from ?? 0, to ?? 0] as const);
    return { tried: all.length, spans, symbols, verdict };
  }
  const chosen = forwards.filter(isIt);
  if (chosen.length === 0) return null;
  // One of several windows' choices was taken: all windows' searches were tries.
  const tried = forwards.reduce((sum, each) => sum + each.tried, 0);
  return { tried, spans: chosen.map(({ from, cut }) => [from, cut] as const), symbols, verdict };
}

/** The same symbol at another venue, or its future, moves alike: those are no new data. */
const isSeen = ({ spans, symbols }: Match, { symbol, openAt }: BarSeries): boolean => {
  const [first = Infinity, last = -Infinity] = [openAt[0], openAt.at(-1)];
  return symbols.includes(symbol) && spans.some(([begin, end]) => first <= end && last >= begin);
};

/**
 * Which kept searches the parameters of a strategy come from: how many combinations these tried, and whether the data
 * are among those that were searched. `null` where no kept search tried these parameters.
 */
export function chosenBy(
  { definition, params }: Chosen,
  series: readonly BarSeries[],
): Selection | null {
  const parsed = definition.paramsSchema.safeParse(params);
  if (!parsed.success) return null;
  const matches = readOptimisations().records.flatMap((record) => {
    const match = matchOf(record, definition, parsed.data);
    return match === null ? [] : [match];
  });
  if (matches.length === 0) return null;
  return {
    tried: matches.reduce((sum, { tried }) => sum + tried, 0),
    isInSample: matches.some((match) => series.some((one) => isSeen(match, one))),
    verdict: matches.find(({ verdict }) => verdict !== null)?.verdict ?? null,
  };
}
