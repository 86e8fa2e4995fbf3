/** Outcome of a domain decision. Expected failures travel here; only bugs throw. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Wraps a success. */
export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });

/** Wraps an expected failure. */
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error });

/**
 * Marks a branch that the types say cannot run.
 *
 * @throws Error always: reaching it is a bug, or data that no schema parsed.
 */
export function unreachable(x: never): never {
  throw new Error(`Invariant: every case is handled, got ${JSON.stringify(x)}`);
}
