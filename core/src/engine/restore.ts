import { hashId } from '../lib/ids.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Engine } from './decide.ts';
import type { EngineState, Instance } from './engine.ts';

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON with its keys in order and decimals as text, so that equal parameters give equal texts. */
function canonical(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === undefined) return 'null';
  if (!isRecord(value)) return JSON.stringify(value);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(',')}}`;
}

/** Which code and which parameters decide: a state belongs to the one that made it. */
export const makingOf = ({ strategy, marketKey, base }: Instance): string =>
  hashId('making', strategy.id, strategy.version, marketKey, base, canonical(strategy.params));

/** An engine's state as text to be stored, together with what it belongs to. */
export const stored = (engine: Engine, state: EngineState): string =>
  JSON.stringify({ making: makingOf(engine.instance), state });

/** Whether `value` is built as `model` is: keys, kinds, finite numbers. What is `null` in a model may be anything. */
function builtLike(model: unknown, value: unknown): boolean {
  if (model === null) return true;
  if (Array.isArray(model)) {
    if (!Array.isArray(value)) return false;
    if (model.length === 0 || !isRecord(model[0])) return value.every((each) => each !== null);
    return value.length === model.length && model.every((each, i) => builtLike(each, value[i]));
  }
  if (isRecord(model))
    return (
      isRecord(value) &&
      Object.keys(value).length === Object.keys(model).length &&
      Object.keys(model).every((name) => builtLike(model[name], value[name]))
    );
  return typeof value === typeof model;
}

/** What a strategy keeps, and what is learned of bars, may grow and shrink; only its outermost fields are always there. */
const remembersLike = (model: object, value: unknown): boolean =>
  isRecord(value) && Object.keys(model).every((name) => name in value);

function isStateOf(model: EngineState, value: unknown): value is EngineState {
  if (!isRecord(value)) return false;
  const { memory, structure, ...machinery } = model;
  const { memory: remembered, structure: learned, ...others } = value;
  return (
    builtLike(machinery, others) &&
    remembersLike(structure, learned) &&
    remembersLike(memory, remembered)
  );
}

/** A stored state, if it is one of this engine's strategy, version and parameters; otherwise why it is not. */
export function restore(engine: Engine, text: string): Result<EngineState, string> {
  const { strategyId, strategy } = engine.instance;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err(`the stored state of ${strategyId} is not JSON`);
  }
  if (!isRecord(value) || value['making'] !== makingOf(engine.instance))
    return err(
      `the stored state of ${strategyId} was made by other parameters, another market or another version than ${strategy.id} ${strategy.version}`,
    );
  const { state } = value;
  return isStateOf(engine.init(), state)
    ? ok(state)
    : err(`the stored state of ${strategyId} is not built like one of ${strategy.id}`);
}

/** A stored state that a person starts again: what it failed at, and why it was paused, is forgiven. */
export function restarted(engine: Engine, state: EngineState, now: EpochMs): EngineState {
  engine.instance.strategy.onRestart(state.memory, now);
  return { ...state, status: 'RUNNING', pausedFor: null, errors: 0 };
}
