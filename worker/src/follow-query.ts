import type { Query } from 'firebase-admin/firestore';
import type * as z from 'zod';
import type { WorkerPorts } from './ports.ts';

/** What to do with the documents of a query as they come, change and go. */
export type Following<S extends z.ZodType<object, object>> = {
  readonly query: Query;
  readonly schema: S;
  readonly onDoc: (id: string, value: z.infer<S>) => void;
  readonly onGone: (id: string) => void;
  /** The listener ended for good. */
  readonly onLost: (error: Error) => void;
};

/**
 * Follows a query: `first` resolves once all that it finds at the beginning was handed on. A
 * malformed document is told and left out, and spoils no other.
 */
export function followQuery<S extends z.ZodType<object, object>>(
  { store, log }: Pick<WorkerPorts, 'store' | 'log'>,
  following: Following<S>,
): { readonly first: Promise<void>; readonly stop: () => void } {
  let stop = (): void => undefined;
  const first = new Promise<void>((ready, failed) => {
    stop = following.query.onSnapshot(
      (snapshot) => {
        const changes = snapshot.docChanges();
        // An empty result is billed as one read.
        if (changes.length === 0) store.usage.readNone(1);
        for (const { type, doc } of changes) {
          store.usage.read(doc.ref.path, doc.data());
          if (type === 'removed') {
            following.onGone(doc.id);
            continue;
          }
          const parsed = following.schema.safeParse(doc.data());
          if (parsed.success) following.onDoc(doc.id, parsed.data);
          else log.error('a document is malformed', { path: doc.ref.path, error: parsed.error });
        }
        ready();
      },
      (error) => {
        failed(error);
        following.onLost(error);
      },
    );
  });
  // Whoever stops before the first snapshot does not wait for it.
  first.catch(() => undefined);
  return {
    first,
    stop: () => {
      stop();
    },
  };
}
