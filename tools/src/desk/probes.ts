import type { Firestore } from 'firebase-admin/firestore';

/** Probes of the bare path, written while a desk trades, so that both meet the same machine. */
export type Probes = {
  readonly stop: () => void;
  /** Wall milliseconds from writing a document to the answer's document, of those that arrived. */
  readonly ackMs: () => Promise<readonly number[]>;
  /** The same to a browser's first sight, given what it saw. */
  readonly visibleMs: (sightings: Readonly<Record<string, number>>) => readonly number[];
};

/** Writes `probes/{id}` every `everyMs`; the emulator-only functions do the rest. */
export function startProbes(firestore: Firestore, everyMs: number): Probes {
  const sentAt = new Map<string, number>();
  const run = Date.now().toString(36);
  const timer = setInterval(() => {
    const id = `${run}-${sentAt.size}`;
    sentAt.set(id, Date.now());
    firestore
      .doc(`probes/${id}`)
      .create({ sentAt: sentAt.get(id) })
      .catch(() => sentAt.delete(id));
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
    },
    ackMs: async () => {
      const steps = await firestore.collectionGroup('steps').get();
      return steps.docs.flatMap((doc) => {
        const start = sentAt.get(doc.ref.parent.parent?.id ?? '');
        const at: unknown = doc.get('at');
        return doc.id === 'done' && start !== undefined && typeof at === 'number'
          ? [at - start]
          : [];
      });
    },
    visibleMs: (sightings) =>
      [...sentAt].flatMap(([id, start]) => {
        const at = sightings[id];
        return at === undefined ? [] : [at - start];
      }),
  };
}
