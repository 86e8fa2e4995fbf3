import { createStore, type Parse, type Schema, type Store } from '@tradewind/adapters/ledger/store';
import { createUsageMeter, type UsageMeter } from '@tradewind/adapters/ledger/usage-meter';
import { createMemoryFirestore, type StoreIo, type StoreStep } from './memory-firestore.ts';
import { StoreError } from './memory-disk.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

const ABORTED = 10;
const UNAVAILABLE = 14;
const FAILED_PRECONDITION = 9;

/** `books/paper/orders/tw1` is of `orders`. */
const groupOf = (path: string, op: StoreStep['op']): string =>
  path.split('/').at(op === 'query' ? -1 : -2) ?? path;

const nameOf = (useCase: string, { op, paths }: StoreStep): string =>
  `${useCase} ${op} ${[...new Set(paths.map((path) => groupOf(path, op)))].sort().join('+')}`;

/** What goes wrong with a request: `made` says whether it took effect all the same. */
type Harm = { readonly made: boolean; readonly code: number; readonly words: string };

function drawHarm({ dice, rates }: World, op: StoreStep['op']): Harm | null {
  const { contention, unavailable, repeatedCommit } = rates();
  if (dice.chance(unavailable)) {
    const made = op === 'commit' && dice.chance(0.5);
    return { made, code: UNAVAILABLE, words: made ? 'answer lost after commit' : 'unavailable' };
  }
  if (op !== 'commit') return null;
  if (dice.chance(contention)) return { made: false, code: ABORTED, words: 'contention' };
  return dice.chance(repeatedCommit)
    ? { made: true, code: FAILED_PRECONDITION, words: 'commit repeated by the client' }
    : null;
}

/** Nobody pays for a disk in memory. */
const NO_METER: UsageMeter = {
  ...createUsageMeter(),
  read: () => undefined,
  readNone: () => undefined,
  write: () => undefined,
  remove: () => undefined,
};

/** What was parsed once: the same fields, by the same schema, come to the same value. */
const parsedBefore = new WeakMap<object, Map<Schema, object>>();

/** A scenario reads each document some twenty times between two writes of it. */
const parseOnce: Parse = (schema, data) => {
  const known = parsedBefore.get(data) ?? new Map<Schema, object>();
  parsedBefore.set(data, known);
  const before = known.get(schema);
  // The map holds under a schema what that schema made.
  if (before !== undefined) return before as ReturnType<typeof schema.safeParse>;
  const parsed = schema.safeParse(data);
  known.set(schema, parsed);
  return parsed;
};

/** The store as one process sees it, in one use case: the real store on a disk in memory. */
export function createProcessStore(world: World, process: Process, useCase: string): Store {
  const { dice, rates } = world;
  const io: StoreIo = (storeStep, effect) => {
    const step = nameOf(useCase, storeStep);
    const slow = dice.whole(1, rates().slowness);
    const arriveMs = dice.whole(1, 10) * slow;
    const answerMs = arriveMs + dice.whole(1, 10) * slow;
    const harm = drawHarm(world, storeStep.op);
    if (harm === null) return process.request({ step, arriveMs, answerMs, effect });
    world.fault(`${process.name} ${step}: ${harm.words}`);
    return process.request({
      step,
      arriveMs: harm.made ? arriveMs : null,
      answerMs,
      effect,
      answer: () => {
        throw new StoreError(harm.code, harm.words);
      },
    });
  };
  return createStore(createMemoryFirestore(world.disk, io), {
    usage: NO_METER,
    parse: parseOnce,
    pause: (longestMs) => process.wait(Math.ceil(dice.unit() * longestMs)),
  });
}
