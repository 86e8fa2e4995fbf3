import type * as z from 'zod';

/** A document that its schema refuses: it is named, never shown as zero. */
export type Fault = { readonly path: string; readonly message: string };

/**
 * What is known of a live read.
 *
 * `live` is false while the browser shows what it had when it lost the server.
 */
export type Loaded<T> =
  | { readonly status: 'pending' }
  | { readonly status: 'error'; readonly message: string }
  | {
      readonly status: 'ready';
      readonly data: readonly T[];
      readonly faults: readonly Fault[];
      readonly live: boolean;
    };

export type RawDocument = { readonly path: string; readonly data: unknown };

/** What a listener last said, before any schema. */
export type RawState =
  | { readonly status: 'pending' }
  | { readonly status: 'error'; readonly message: string }
  | {
      readonly status: 'ready';
      readonly documents: readonly RawDocument[];
      readonly live: boolean;
    };

const explain = (error: z.ZodError): string =>
  error.issues
    .slice(0, 2)
    .map(
      (issue) => `${issue.path.length === 0 ? 'document' : issue.path.join('.')}: ${issue.message}`,
    )
    .join('; ');

/** Reads documents through the schema of their collection; what it refuses becomes a fault. */
export function parseState<T>(schema: z.ZodType<T>, raw: RawState): Loaded<T> {
  if (raw.status !== 'ready') return raw;
  const data: T[] = [];
  const faults: Fault[] = [];
  for (const { path, data: stored } of raw.documents) {
    const parsed = schema.safeParse(stored);
    if (parsed.success) data.push(parsed.data);
    else faults.push({ path, message: explain(parsed.error) });
  }
  return { status: 'ready', data, faults, live: raw.live };
}

/** The same read as something else that is made of all its documents. */
export const mapLoaded = <T, U>(
  loaded: Loaded<T>,
  make: (data: readonly T[]) => readonly U[],
): Loaded<U> => (loaded.status === 'ready' ? { ...loaded, data: make(loaded.data) } : loaded);

/** The documents of a read, none while there are none: for decorations, not for sums. */
export const dataOf = <T>(loaded: Loaded<T>): readonly T[] =>
  loaded.status === 'ready' ? loaded.data : [];

/** Every document when all of them could be read, otherwise `undefined`: for sums. */
export const completeOf = <T>(loaded: Loaded<T>): readonly T[] | undefined =>
  loaded.status === 'ready' && loaded.faults.length === 0 ? loaded.data : undefined;

/** The one document of a read, if it is there and readable. */
export const oneOf = <T>(loaded: Loaded<T>): T | undefined => dataOf(loaded)[0];
