import { createContext, Script } from 'node:vm';

/** Calls what the context holds: only code that a script runs can be ended by V8. */
const CALL = new Script('call()');

/** JavaScript that ran for longer than it may; whatever it was changing is in no state to be used. */
export class RanTooLong extends Error {
  constructor(ms: number) {
    super(`it ran for longer than ${ms} ms and was ended`);
    this.name = 'RanTooLong';
  }
}

// Not by its class: the error is of the realm that called, which need not be this one's.
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * Runs synchronous code, and ends it when it takes longer than `ms` of wall time: an endless loop included
 * (STR-06). V8 ends whatever JavaScript the call is in; nothing can catch that on the way.
 *
 * It guards against strategies that loop, not against ones that mean harm.
 *
 * @throws RanTooLong when it was ended, and whatever `run` throws.
 */
export function runWithin<T>(ms: number, run: () => T): T {
  const outcome: { value?: T } = {};
  const call = (): void => {
    outcome.value = run();
  };
  try {
    CALL.runInContext(createContext({ call }), { timeout: ms });
  } catch (error) {
    throw isTimeout(error) ? new RanTooLong(ms) : error;
  }
  return outcome.value as T;
}
