/**
 * Remembers the ids of trades for as long as one could come again within the lateness (MD-30).
 *
 * Ids live in two generations. The caller turns them once more than the lateness has passed: what is
 * forgotten then is older than the lateness, so that a second copy of it is late and not counted anyway.
 * State is plain data; nothing is allocated per id while a generation does not grow.
 */
export type Seen = {
  young: Table;
  old: Table;
  /** Largest number so far: what is larger is new without looking. */
  top: number;
  /** Ids as text, once the market has shown one that is not a number; then `young` and `old` stay empty. */
  texts: { young: Record<string, true>; old: Record<string, true> } | null;
};

/** A hash table with open addressing: its length is a power of two, at least twice what it holds. */
type Table = { slots: number[]; used: number };

/** No id. A fraction makes V8 keep the slots as raw doubles from the start, so that a large id is not boxed. */
const FREE = -0.5;
const SMALLEST = 64;
/** 2^32 / golden ratio: spreads ids that count up in any step evenly (Knuth's multiplicative hashing). */
const SPREAD = 0x9e3779b1;

const freeSlots = (length: number): number[] => Array.from({ length }, () => FREE);
const emptyTable = (): Table => ({ slots: freeSlots(SMALLEST), used: 0 });

/** A memory without ids. */
export const seenInit = (): Seen => ({
  young: emptyTable(),
  old: emptyTable(),
  top: FREE,
  texts: null,
});

/** Index of `id`, or of the free slot where it belongs. */
function find(slots: readonly number[], id: number): number {
  const mask = slots.length - 1;
  const spread = Math.imul(id, SPREAD);
  let slot = (spread ^ (spread >>> 15)) & mask;
  for (;;) {
    const found = slots[slot];
    if (found === id || found === FREE) return slot;
    slot = (slot + 1) & mask;
  }
}

function put(table: Table, id: number, slot: number): void {
  table.slots[slot] = id;
  table.used += 1;
  if (table.used * 2 <= table.slots.length) return;
  const before = table.slots;
  table.slots = freeSlots(before.length * 2);
  for (const known of before) if (known !== FREE) table.slots[find(table.slots, known)] = known;
}

function seeNumber(seen: Seen, id: number): boolean {
  const { young } = seen;
  const slot = find(young.slots, id);
  if (id > seen.top) seen.top = id;
  else if (young.slots[slot] === id) return false;
  else if (seen.old.used > 0 && seen.old.slots[find(seen.old.slots, id)] === id) return false;
  put(young, id, slot);
  return true;
}

/** As a key: no id can be a property that every object has. */
const key = (id: number | string): string => `#${id}`;

const keysOf = ({ slots }: Table): Record<string, true> =>
  Object.fromEntries(slots.filter((id) => id !== FREE).map((id) => [key(id), true]));

function seeText(seen: Seen, id: number | string): boolean {
  if (seen.texts === null) {
    seen.texts = { young: keysOf(seen.young), old: keysOf(seen.old) };
    seen.young = emptyTable();
    seen.old = emptyTable();
  }
  const { young, old } = seen.texts;
  const name = key(id);
  if (young[name] === true || old[name] === true) return false;
  young[name] = true;
  return true;
}

/**
 * Takes note of an id, changing `seen` in place. Numbers and the text of the same digits are one id.
 *
 * @param id A whole number >= 0 that a float counts exactly, or text.
 * @returns False when it is known.
 */
export const see = (seen: Seen, id: number | string): boolean =>
  seen.texts === null && typeof id === 'number' ? seeNumber(seen, id) : seeText(seen, id);

/** Forgets the older generation and begins a new one. To be called no sooner than a lateness after the last time. */
export function turn(seen: Seen): void {
  if (seen.texts !== null) {
    seen.texts = { young: {}, old: seen.texts.young };
    return;
  }
  const { young, old } = seen;
  if (old.used > 0) old.slots.fill(FREE);
  old.used = 0;
  seen.young = old;
  seen.old = young;
}
