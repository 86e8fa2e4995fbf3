import type { EngineBar } from '../engine/bar.ts';
import { createEngine, type Engine } from '../engine/decide.ts';
import { closeOf, type EngineState, type Step } from '../engine/engine.ts';
import type { Facts } from '../engine/facts.ts';
import { restore } from '../engine/restore.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { epochMs } from '../lib/time.ts';
import type { StrategyDefinition } from '../strategy/strategy.ts';
import { dataFinding, fedBars, gapFinding, orderFinding, type Finding } from './compare-bars.ts';
import { decisionFinding } from './compare-decision.ts';
import { compareSignal } from './compare-signal.ts';
import type { Difference } from './difference.ts';
import type { Made, RecordedBar, Recording } from './recording.ts';

/** What decides now. */
export type Replayer = {
  readonly strategyById: (id: string) => StrategyDefinition | undefined;
  /** Version of the desk's code. */
  readonly code: string;
};

/** What is carried from bar to bar. */
type Run = {
  made: Made | null;
  engine: Result<Engine, Finding> | null;
  state: EngineState | null;
  facts: Facts | null;
  before: RecordedBar | null;
  /** What differed since the state was last taken from the record: later bars may follow from it. */
  since: Finding | null;
};

/** The engine that decided, if it is still to be had. */
function engineOf(recording: Recording, made: Made, replayer: Replayer): Result<Engine, Finding> {
  const strategy = replayer.strategyById(made.strategy);
  const found = `${made.strategy} ${made.version}`;
  if (strategy?.version !== made.version)
    return err({
      cause: 'strategy_version',
      expected: strategy === undefined ? 'no such strategy' : `${strategy.id} ${strategy.version}`,
      found,
      detail: 'Another version of the strategy decided than the one that replays.',
    });
  const prepared = strategy.prepare(made.params);
  if (!prepared.ok)
    return err({
      cause: 'strategy_version',
      expected: `parameters that ${found} takes`,
      found: prepared.error,
      detail: 'The strategy does not take the parameters that it decided by.',
    });
  const { bookId, bot, market, symbol } = recording;
  const { tickSize, lotSize, positionSizeQuote } = made;
  return ok(
    createEngine({
      bookId,
      strategyId: bot,
      marketKey: market,
      symbol,
      grid: { tickSize, lotSize },
      base: '1m',
      strategy: prepared.value,
      positionSizeQuote,
    }),
  );
}

/** The likeliest reason for another decision, once the bars are the same. */
function causeOf(
  run: Run,
  bar: RecordedBar,
  replayer: Replayer,
): Pick<Finding, 'cause' | 'detail'> {
  if (run.since !== null)
    return { cause: run.since.cause, detail: `It follows from before: ${run.since.detail}` };
  const needed = run.engine?.ok === true ? run.engine.value.instance.strategy.needs.windows : [];
  const isUnknown = needed.some((name) => bar.windows?.[name] === undefined);
  if (isUnknown)
    return { cause: 'windows', detail: 'Values over trades that it needs are not on record.' };
  if (run.made?.code !== replayer.code)
    return {
      cause: 'code_version',
      detail: `Code ${run.made?.code ?? '?'} decided, ${replayer.code} replays.`,
    };
  return { cause: 'unexplained', detail: 'All that it saw is the same: this is a bug.' };
}

/** Settings and engine of a bar; those of the bar before where it names none. */
function prepare(
  run: Run,
  bar: RecordedBar,
  { recording, replayer }: Desk,
): Result<Engine, Finding> {
  if (bar.made !== undefined || run.engine === null) {
    const made = bar.made ?? run.made;
    if (made === null) return err(unknown('by which settings it was decided'));
    run.made = made;
    run.engine = engineOf(recording, made, replayer);
  }
  return run.engine;
}

const unknown = (what: string): Finding => ({
  cause: 'data',
  expected: 'a whole record',
  found: 'a part of it',
  detail: `The record does not say ${what}.`,
});

/** The state that a bar was judged from: the recorded one where there is one. */
function standing(run: Run, bar: RecordedBar, engine: Engine): Result<EngineState, Finding> {
  if (bar.state === undefined)
    return run.state === null ? err(unknown('where it stood')) : ok(run.state);
  const restored = restore(engine, bar.state);
  if (!restored.ok)
    return err({
      cause: 'strategy_version',
      expected: 'a state of this strategy and its parameters',
      found: restored.error,
      detail: 'The state on record can not be gone on from.',
    });
  run.since = null;
  run.before = null;
  return restored;
}

type Desk = { readonly recording: Recording; readonly replayer: Replayer };

/** Judges the bars of one entry; the step of the last. */
function judge(
  engine: Engine,
  state: EngineState,
  { bar, bars, facts }: { bar: RecordedBar; bars: readonly EngineBar[]; facts: Facts },
): Step | null {
  const [first] = bars;
  // News is told when the first of the bars closes, before it is fed.
  const toldAt = first === undefined ? bar.at : epochMs(closeOf(first, engine.instance.base));
  for (const event of bar.told ?? []) engine.decide(state, event, toldAt);
  let step: Step | null = null;
  for (const one of bars) {
    const windows = bar.windows === undefined ? {} : { windows: bar.windows };
    step = engine.decide(state, { kind: 'bar', bar: one, facts, ...windows }, bar.now);
  }
  return step;
}

function signalFinding(step: Step, bar: RecordedBar, recording: Recording): Finding | null {
  const effect = step.effects.find(({ kind }) => kind === 'signal');
  if (effect?.kind !== 'signal' || !bar.sent) return null;
  return compareSignal(effect.signal, recording.signals.get(effect.signal.signalId));
}

/** Judges one bar again; what is otherwise than on record, `null` when nothing is. */
function replayBar(run: Run, bar: RecordedBar, desk: Desk): Finding | null {
  const { recording, replayer } = desk;
  run.facts = bar.facts ?? run.facts;
  const engine = prepare(run, bar, desk);
  if (!engine.ok) return engine.error;
  const state = standing(run, bar, engine.value);
  if (!state.ok) return state.error;
  const { facts } = run;
  if (facts === null) return unknown('what was known of the book');
  const bars = fedBars(recording.candles, bar);
  const data = dataFinding(bars, bar);
  const order = orderFinding(state.value, bars);
  const gap = order === null ? gapFinding(run.before, bars, recording.candles) : null;
  const wrong = data ?? order ?? gap;
  run.before = bar;
  run.since ??= wrong;
  run.state = state.value;
  // What can not be fed is left out: until a state is on record again, all that follows may follow from it.
  if (order !== null || bars.length < bar.fed) return wrong;
  const step = judge(engine.value, state.value, { bar, bars, facts });
  if (wrong !== null || step === null) return wrong;
  const decision = decisionFinding(step, bar);
  if (decision !== null) return { ...decision, ...causeOf(run, bar, replayer) };
  return signalFinding(step, bar, recording);
}

/**
 * Judges every bar of a recording again, with the engine that backtests run, from the facts that were recorded; one
 * answer for each: `null` where the same came out.
 */
export function replayDecisions(
  recording: Recording,
  replayer: Replayer,
): readonly (Difference | null)[] {
  const run: Run = {
    made: null,
    engine: null,
    state: null,
    facts: null,
    before: null,
    since: null,
  };
  const { bot, market } = recording;
  return recording.bars.map((bar) => {
    const finding = replayBar(run, bar, { recording, replayer });
    return finding === null ? null : { at: bar.at, bot, market, ...finding };
  });
}
