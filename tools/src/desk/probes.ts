import type { DocumentReference, Firestore } from 'firebase-admin/firestore';

/** Probes of the bare path, written while a desk trades, so that both meet the same machine. */
export type Probes = {
  readonly stop: () => void;
  /** Wall milliseconds from writing a document to the answer's document, of those that arrived. */
  readonly ackMs: () => Promise<readonly number[]>;
  /** The same to a browser's first sight, given what it saw. */
  readonly visibleMs: (sightings: Readonly<Record<string, number>>) => readonly number[];
};

/** Calls `then` once the answer to a probe is there; the result gives up waiting for it. */
const whenAnswered = (probe: DocumentReference, then: () => void): (() => void) =>
  probe
    .collection('steps')
    .doc('done')
    .onSnapshot((answer) => {
      if (answer.exists) then();
    });

/**
 * Writes `probes/{id}` every `everyMs`; the emulator-only functions do the rest. The first one wakes them and counts
 * for nothing. Others follow when it is answered: a function that is asked again while it starts is started once
 * more for each time, and that would slow everything down, the desk as well.
 */
export function startProbes(firestore: Firestore, everyMs: number): Probes {
  const sentAt = new Map<string, number>();
  const run = Date.now().toString(36);
  const send = (): void => {
    const id = `${run}-${sentAt.size}`;
    sentAt.set(id, Date.now());
    firestore
      .doc(`probes/${id}`)
      .create({ sentAt: sentAt.get(id) })
      .catch(() => sentAt.delete(id));
  };
  const first = firestore.doc(`probes/${run}-first`);
  let timer: NodeJS.Timeout | undefined;
  const unwatch = whenAnswered(first, () => {
    unwatch();
    timer = setInterval(send, everyMs);
  });
  // One that cannot be written is not answered: then there are no probes, and the summary shows none.
  first.create({ sentAt: Date.now() }).catch(() => undefined);
  return {
    stop: () => {
      unwatch();
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
