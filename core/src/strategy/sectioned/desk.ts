import type { DurationMs, EpochMs } from '../../lib/time.ts';
import { require, type Gate } from '../gate.ts';
import type { Verdict, Wish } from '../strategy.ts';
import { confidenceOf, valuesOf, type SectionedContext, type SectionVerdict } from './judge.ts';
import { WAITS, type Cause } from './machine.ts';
import { move, type About, type Entry, type Memory } from './memory.ts';

/** One evaluation under way. */
export type Desk = {
  readonly context: SectionedContext;
  /** What was looked at and did not fire, for the journal. */
  readonly gates: Gate[];
};

/** E1 unknown for longer than this while something is held is told to people (STR-33). */
const ALERT_AFTER_MS = 10_000;
/** And from this on the position is to be left to a tightened stop. */
const HAND_OVER_AFTER_MS = 30_000;

/** How long E1 has not been known while something is held. */
export const unknownMs = ({ unknownSince }: Memory, barCloseAt: EpochMs): number =>
  unknownSince === null ? 0 : barCloseAt - unknownSince;

function viewOf({ memory, facts, barCloseAt }: SectionedContext): NonNullable<Verdict['view']> {
  const isExposed = facts.position !== null;
  const e1UnknownMs = unknownMs(memory, barCloseAt);
  return {
    state: memory.state,
    exposed: isExposed,
    signalAt: memory.signalAt,
    orderFailures: memory.orderFailures,
    e1UnknownMs,
    alert: e1UnknownMs > ALERT_AFTER_MS,
    handOver: e1UnknownMs > HAND_OVER_AFTER_MS || (isExposed && memory.state === 'DISABLED'),
  };
}

/** What the state waits for, as a gate. */
const stateGate = ({ state }: Memory, wanted: string): Gate =>
  require({ gate: 'state', reason: WAITS[state] }, state, wanted);

/** Nothing is wished for; `gate` is why, unless what was looked at tells. */
export function hold({ context, gates }: Desk, gate: Gate | null = null): Verdict {
  const { memory } = context;
  const all = gate === null ? gates : [gate, ...gates];
  // Each hold has a reason (STR-04), also where a section is empty, or a move is all that happened.
  const isTold = all.some(({ passes }) => !passes);
  return {
    wish: null,
    gates: isTold ? all : [...all, stateGate(memory, 'a section that fires')],
    view: viewOf(context),
  };
}

/** A hold for what the state is. */
export const holdState = (desk: Desk): Verdict =>
  hold(desk, stateGate(desk.context.memory, 'a state that acts'));

type Wanted = Pick<Wish, 'action' | 'signalType'> & {
  readonly reasons: readonly string[];
  /** The section that asks; `null` where none does. */
  readonly section: SectionVerdict | null;
};

/** How long an exit may wait to be executed: its reason does not go away. */
const EXIT_TTL_MS = 120_000;

/** Wishes for something. */
export function wish({ context }: Desk, wanted: Wanted): Verdict {
  const { params, facts } = context;
  const { action, signalType, reasons, section } = wanted;
  const isEntry = action === 'ENTER';
  const direction = facts.position?.side ?? params.direction;
  const confidence = section === null ? 1 : confidenceOf(section, facts.dataQuality);
  const buys = (direction === 'LONG') === isEntry;
  return {
    wish: {
      action,
      direction,
      signalType,
      confidence,
      score: action === 'CANCEL' ? 0 : buys ? confidence : -confidence,
      reasons,
      indicatorValues: section === null ? {} : valuesOf(section),
      suggestedStop: null,
      suggestedTarget: null,
      suggestedQuote: null,
      ttlMs: isEntry ? params.signalTtl : EXIT_TTL_MS,
    },
    gates: section?.gates ?? [],
    view: viewOf(context),
  };
}

/** What a record tells of a section that fired. */
export const aboutSection = (
  section: SectionVerdict,
  dataQuality: number,
): Omit<Entry, 'intentId'> => ({
  confidence: confidenceOf(section, dataQuality),
  indicatorValues: valuesOf(section),
});

/** Milliseconds until `by` after `from` are over; 0 when they are, or there is no `from`. */
export const leftMs = (from: EpochMs | null, by: DurationMs, at: EpochMs): number =>
  from === null ? 0 : Math.max(0, from + by - at);

/** One thing that a bar may lead to; `null`: it does not, look at the next. */
export type Step = (desk: Desk) => Verdict | null;

/** @throws Error when the table does not hold it: the step that asks for it has a bug. */
export function must({ context }: Desk, cause: Cause, about?: About): void {
  const { memory, barCloseAt: at } = context;
  if (!move(memory, { cause, at }, about))
    throw new Error(`Invariant: ${memory.state} is not left by ${cause}`);
}

export const pendingGate = require({ gate: 'pendingOrder', reason: 'pending_order' }, true, false);
