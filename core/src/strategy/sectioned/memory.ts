import type { EpochMs } from '../../lib/time.ts';
import type { StateRecord } from '../strategy.ts';
import { transition, type Cause, type State } from './machine.ts';
import type { Program } from './program.ts';

/** What a condition that looks back is compared with. */
export type Track = {
  /** Its value on the bar before. */
  before: number | null;
  /** Close of the bar since which its comparison holds without a break; `null` when it does not. */
  since: EpochMs | null;
};

/** An entry that was asked for and has not ended. */
export type Entry = {
  /** Known from its approval on. */
  intentId: string | null;
  readonly confidence: number;
  readonly indicatorValues: Readonly<Record<string, number>>;
};

/** What is kept from bar to bar, JSON-able; times are market time. */
export type Memory = {
  state: State;
  lastBarAt: EpochMs | null;
  readonly tracks: Track[];
  /** The last S1: the signal's clock runs from it. */
  signalAt: EpochMs | null;
  entry: Entry | null;
  /** When an entry was refused or ended with nothing filled. */
  rearmFrom: EpochMs | null;
  /** Failed orders in a row (RSK-66). */
  orderFailures: number;
  /** Why a person or the book paused it; `null` when neither does. */
  pausedFor: string | null;
  /** Since when E1 cannot be told while something is held (STR-33). */
  unknownSince: EpochMs | null;
  /** Moves that nobody has taken yet. */
  records: StateRecord[];
};

export const memoryOf = ({ tracked }: Program): Memory => ({
  state: 'INACTIVE',
  lastBarAt: null,
  tracks: tracked.map(() => ({ before: null, since: null })),
  signalAt: null,
  entry: null,
  rearmFrom: null,
  orderFailures: 0,
  pausedFor: null,
  unknownSince: null,
  records: [],
});

/** What a record tells beyond the move itself. */
export type About = Partial<
  Pick<StateRecord, 'detail' | 'confidence' | 'indicatorValues' | 'actionTaken'>
>;

/** Moves the state, if its table holds the move, and leaves a record of it (STR-34). */
export function move(
  memory: Memory,
  { cause, at }: { readonly cause: Cause; readonly at: EpochMs },
  about: About = {},
): boolean {
  const to = transition(memory.state, cause);
  if (!to.ok) return false;
  memory.records.push({
    at,
    from: memory.state,
    to: to.value,
    cause,
    detail: null,
    confidence: null,
    indicatorValues: {},
    actionTaken: 'NO_ACTION',
    ...about,
  });
  memory.state = to.value;
  return true;
}

/** Hands out the records and forgets them. */
export function takeRecords(memory: Memory): readonly StateRecord[] {
  const { records } = memory;
  if (records.length > 0) memory.records = [];
  return records;
}
