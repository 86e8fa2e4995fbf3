/** The names that a strategy goes by, from the one that a person typed. */
export type Names = {
  /** `my-idea`: its id, and the name of its file. */
  readonly id: string;
  /** `myIdea`: what the file exports. */
  readonly constant: string;
  /** `My idea`: what people read. */
  readonly title: string;
};

const MAX_LENGTH = 40;
/** Widest line of a formatted file. */
const WIDTH = 100;

/** Words that TypeScript keeps for itself and that could be a strategy's name. */
const RESERVED = new Set(
  'break case catch class const continue default delete do else enum export false finally for function if import in new null return super switch this throw true try typeof var void while with yield let static await'.split(
    ' ',
  ),
);

/** Names of a new strategy; text that says what is wrong with the one that was typed. */
export function namesOf(typed: string): Names | string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(typed))
    return `"${typed}" cannot name a strategy: use small letters, digits and single dashes, beginning with a letter, such as my-idea`;
  if (typed.length > MAX_LENGTH)
    return `"${typed}" is too long: use at most ${MAX_LENGTH} characters`;
  const constant = typed.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  if (RESERVED.has(constant))
    return `"${typed}" is a word of TypeScript: choose another name, such as ${typed}-bars`;
  const words = typed.replaceAll('-', ' ');
  return { id: typed, constant, title: `${words.charAt(0).toUpperCase()}${words.slice(1)}` };
}

/** A strategy that works, to be changed into what it is to be. */
export const strategyFile = ({ id, constant, title }: Names): string =>
  `import { measure } from '@tradewind/core/strategy/gate';
import { defineStrategy } from '@tradewind/core/strategy/strategy';
import { hold, wish } from '@tradewind/core/strategy/verdict';
import * as z from 'zod';

/** What a document may set. The ranges are checked on save, and are what an optimiser searches. */
const paramsSchema = z.strictObject({
  timeframe: z.enum(['1m', '5m', '15m', '1h']).default('1m'),
  /** Bars of the average. */
  period: z.int().min(2).max(500).default(20),
});
type Params = z.infer<typeof paramsSchema>;

const averageOf = ({ period }: Params): string => \`SMA_\${period}\`;

/** Long while the close is above its average: change this into your own idea. */
export const ${constant} = defineStrategy<Params, object>({
  id: '${id}',
  kind: 'module',
  version: '1.0.0',
  title: '${title}',
  paramsSchema,
  // What you read below, you name here; the engine computes nothing else.
  needs: (params) => ({
    timeframe: params.timeframe,
    variants: { [params.timeframe]: [averageOf(params)] },
    windows: [],
    structure: [],
    warmupBars: 0,
  }),
  // What you keep from bar to bar: plain data, changed in place. Nothing yet.
  init: () => ({}),
  // Asked once for each closed bar. The same context must give the same answer.
  evaluate: ({ params, value, bar, facts }) => {
    const average = value(averageOf(params)) ?? NaN;
    const isHeld = facts.position !== null;
    const side = measure(
      { gate: isHeld ? 'belowAverage' : 'aboveAverage', reason: 'no_signal' },
      isHeld ? average - bar.close : bar.close - average,
      ['>', 0],
    );
    if (!side.passes) return hold([side]);
    return wish(
      {
        action: isHeld ? 'EXIT' : 'ENTER',
        reasons: [\`close \${isHeld ? 'below' : 'above'} \${averageOf(params)}\`],
      },
      [side],
    );
  },
});
`;

/** A test of it that passes. */
export const testFile = ({ id, constant }: Names): string =>
  `import { ${constant} } from './${id}.ts';
import { runBars } from './testing/run-bars.ts';

const run = (closes: readonly number[], params: object = { period: 3 }) =>
  runBars(${constant}, params, closes);
const actions = (closes: readonly number[]) =>
  run(closes).done.map(({ bar, action }) => [bar, action]);

test('buys above its average and sells below', () => {
  expect(actions([100, 100, 100, 101, 102, 99])).toEqual([
    [3, 'ENTER'],
    [5, 'EXIT'],
  ]);
});

test('does nothing on its average', () => {
  expect(actions([100, 100, 100, 100, 100])).toEqual([]);
});

test('a period out of range is refused in words', () => {
  expect(() => run([], { period: 1 })).toThrow(/period/);
});
`;

const LIST = /export const STRATEGIES: readonly StrategyDefinition\[\] = \[([^\]]*)\];/;

/** The registry with the strategy in it; `undefined` where its list is not found. */
export function registered(registry: string, { id, constant }: Names): string | undefined {
  const [line, listed = ''] = LIST.exec(registry) ?? [];
  if (line === undefined) return undefined;
  const names = [...listed.split(',').map((name) => name.trim()), constant].filter(
    (name) => name !== '',
  );
  const imports = registry.split('\n');
  const last = imports.findLastIndex((text) => text.startsWith('import '));
  imports.splice(last + 1, 0, `import { ${constant} } from './${id}.ts';`);
  return imports.join('\n').replace(LIST, listOf(names));
}

/** The list as the formatter leaves it: on one line while it fits. */
function listOf(names: readonly string[]): string {
  const declaration = 'export const STRATEGIES: readonly StrategyDefinition[] = [';
  const short = `${declaration}${names.join(', ')}];`;
  if (short.length <= WIDTH) return short;
  return `${declaration}\n${names.map((name) => `  ${name},\n`).join('')}];`;
}
