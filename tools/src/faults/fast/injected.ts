import { StoreError } from './memory-disk.ts';

/** What a process may fail with because of what was done to it. */
const EXPECTED = [
  // Order sync says which look-ups failed.
  /^Order sync failed/,
  // The venue's answers, as sync words them.
  /: open orders could not be read: /,
  /: the simulated venue says /,
  // What stands between, because of earlier faults.
  /is not called: its \w+ breaker is open/,
  /too many calls to \w+ wait/,
];

/** True for an error that follows from a fault; everything else that is thrown is a bug. */
export function isInjected(error: unknown): boolean {
  if (error instanceof StoreError) return true;
  if (error instanceof AggregateError) {
    const causes: readonly unknown[] = error.errors;
    return causes.every(isInjected);
  }
  if (!(error instanceof Error)) return false;
  return (
    EXPECTED.some((words) => words.test(error.message)) || /^\w+: order tw/.test(error.message)
  );
}
