import * as z from 'zod';
import { require } from '../src/strategy/gate.ts';
import { seedFor, uniform } from '../src/simulation/random.ts';
import {
  defineStrategy,
  type Context,
  type StrategyDefinition,
  type Verdict,
  type Wish,
} from '../src/strategy/strategy.ts';

const wishOf = (change: Partial<Wish>): Wish => ({
  action: 'ENTER',
  direction: 'LONG',
  signalType: 'Z1',
  confidence: 1,
  score: 0,
  reasons: ['as told'],
  indicatorValues: {},
  suggestedStop: null,
  suggestedTarget: null,
  suggestedQuote: null,
  ttlMs: 600_000,
  ...change,
});

const verdictOf = (wish: Wish | null): Verdict => ({
  wish,
  gates: [require({ gate: 'script', reason: 'no_signal' }, wish !== null, true)],
  view: null,
});

const needs = () => ({
  timeframe: '1m' as const,
  variants: {},
  windows: [],
  structure: [],
  warmupBars: 0,
});

const ACTIONS = ['ENTER', 'SHORT', 'EXIT', 'CANCEL'] as const;
const scriptParams = z.strictObject({
  /** What to do at which bar, counted from 0. */
  script: z.record(z.string(), z.enum(ACTIONS)),
  stop: z.number().nullable().default(null),
  target: z.number().nullable().default(null),
  /** From this bar on it cannot tell its emergency exit. */
  blindFrom: z.number().nullable().default(null),
});
type Script = z.infer<typeof scriptParams>;

/** What a scripted strategy was told, such as `order ENTER filled`. */
type Told = { bars: number; readonly told: string[] };

/** Does what its script says, whatever the market does; what it is told stands in its memory. */
const scripted = defineStrategy<Script, Told>({
  id: 'scripted',
  kind: 'module',
  version: '1',
  title: 'Scripted',
  paramsSchema: scriptParams,
  needs,
  init: () => ({ bars: 0, told: [] }),
  evaluate: ({ params, memory }) => {
    const isBlind = params.blindFrom !== null && memory.bars >= params.blindFrom;
    const told = (verdict: Verdict): Verdict =>
      isBlind ? { ...verdict, view: { alert: true, handOver: true } } : verdict;
    const action = params.script[String(memory.bars)];
    memory.bars += 1;
    const { stop: suggestedStop, target: suggestedTarget } = params;
    if (action === undefined) return told(verdictOf(null));
    if (action === 'EXIT' || action === 'CANCEL') return verdictOf(wishOf({ action }));
    const direction = action === 'SHORT' ? 'SHORT' : 'LONG';
    return verdictOf(wishOf({ direction, suggestedStop, suggestedTarget }));
  },
  onOrder: (memory, { action, status }) => {
    memory.told.push(`order ${action} ${status}`);
  },
  onPosition: (memory, { status }) => {
    memory.told.push(`position ${status}`);
  },
});

const erraticParams = z.strictObject({ seed: z.int(), short: z.boolean().default(false) });
type Erratic = z.infer<typeof erraticParams>;

/** A draw that depends on the seed, the bar and its close, and on nothing else. */
const drawOf = ({ params, bar }: Context<Erratic, object>, name: string): number =>
  uniform(seedFor(params.seed, `${name} ${bar.openAt} ${bar.close}`)).value;

/** Decides by chance, the same each time for the same bars: often sensibly, sometimes not. */
const erratic = defineStrategy<Erratic, object>({
  id: 'erratic',
  kind: 'module',
  version: '1',
  title: 'Erratic',
  paramsSchema: erraticParams,
  needs,
  init: () => ({}),
  evaluate: (context) => {
    const { params, bar } = context;
    const mood = drawOf(context, 'mood');
    if (mood < 0.5) return verdictOf(null);
    if (mood < 0.7) return verdictOf(wishOf({ action: 'EXIT', signalType: 'ZE1' }));
    if (mood < 0.72) return verdictOf(wishOf({ action: 'CANCEL' }));
    const isShort = params.short && drawOf(context, 'side') < 0.5;
    const away = drawOf(context, 'stop') * 0.05 + 0.001;
    const suggestedStop = mood < 0.8 ? bar.close * (isShort ? 1 + away : 1 - away) : null;
    return verdictOf(wishOf({ direction: isShort ? 'SHORT' : 'LONG', suggestedStop }));
  },
});

const SCRIPTED: readonly StrategyDefinition[] = [scripted, erratic];

/** The strategies of tests, by id. */
export const scriptedById = (id: string): StrategyDefinition | undefined =>
  SCRIPTED.find((strategy) => strategy.id === id);
