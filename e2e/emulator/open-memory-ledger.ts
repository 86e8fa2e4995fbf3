import { createStore } from '@tradewind/adapters/ledger/store';
import { epochMs } from '@tradewind/core/lib/time';
import { createDisk } from '../../tools/src/faults/fast/memory-disk.ts';
import { createMemoryFirestore } from '../../tools/src/faults/fast/memory-firestore.ts';
import type { Ledger } from './open-ledger.ts';

/** A ledger on the fault lab's store in memory, which has to keep the same contract as Firestore. */
export function openMemoryLedger(_name: string, now: number): Ledger {
  let disk = createDisk();
  let at = now;
  const read = () => epochMs(at);
  // The disk is looked up at each request, so that clearing can put in an empty one.
  const firestore = createMemoryFirestore(
    {
      get: (path) => disk.get(path),
      list: (collection) => disk.list(collection),
      commit: (writes) => {
        disk.commit(writes);
      },
      place: (path, data) => {
        disk.place(path, data);
      },
    },
    async (_step, effect) => {
      await Promise.resolve();
      return effect();
    },
  );
  return {
    store: createStore(firestore),
    clock: { wallNow: read, marketNow: read },
    pass: (ms) => {
      at += ms;
    },
    clear: async () => {
      disk = createDisk();
    },
    close: async () => undefined,
  };
}
