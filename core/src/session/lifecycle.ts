import { err, ok, type Result } from '../lib/result.ts';

/** What a strategy document is; STOPPED is where it begins. */
export type StrategyStatus = 'STOPPED' | 'RUNNING' | 'PAUSED' | 'ERROR';
/** What a session is; it begins as RUNNING, or as ERROR when it could not start. */
export type SessionStatus = 'RUNNING' | 'PAUSED' | 'STOPPING' | 'STOPPED' | 'ERROR';
/** What a person may ask of either. */
export type LifecycleCommand = 'start' | 'pause' | 'resume' | 'stop';

type Moves<S extends string> = Readonly<Record<LifecycleCommand, Readonly<Partial<Record<S, S>>>>>;

/** STR-06, STR-07: a strategy that failed is started again, or laid to rest, by a person. */
const STRATEGY_MOVES: Moves<StrategyStatus> = {
  start: { STOPPED: 'RUNNING', ERROR: 'RUNNING' },
  pause: { RUNNING: 'PAUSED' },
  resume: { PAUSED: 'RUNNING' },
  stop: { RUNNING: 'STOPPED', PAUSED: 'STOPPED', ERROR: 'STOPPED' },
};

/** STR-91. A session that is over stays over; who wants more of it starts another one. */
const SESSION_MOVES: Moves<SessionStatus> = {
  start: {},
  pause: { RUNNING: 'PAUSED' },
  resume: { PAUSED: 'RUNNING' },
  // A second time as well: to close what the first time was left to close by itself.
  stop: { RUNNING: 'STOPPING', PAUSED: 'STOPPING', STOPPING: 'STOPPING' },
};

const moveWith =
  <S extends string>(moves: Moves<S>) =>
  (from: S, command: LifecycleCommand): Result<S, string> => {
    const to = moves[command][from];
    if (to !== undefined) return ok(to);
    const can = Object.keys(moves[command]).map((status) => status.toLowerCase());
    return err(
      `is ${from.toLowerCase()}; only what is ${can.join(' or ')} can be told to ${command}`,
    );
  };

/** A strategy's status after a command, or why it does not take it. */
export const moveStrategy = moveWith(STRATEGY_MOVES);
/** A session's status after a command, or why it does not take it. */
export const moveSession = moveWith(SESSION_MOVES);
