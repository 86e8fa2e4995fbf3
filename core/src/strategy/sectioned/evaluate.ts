import { TIMEFRAMES } from '../../market/market.ts';
import { measure, require, type Gate } from '../gate.ts';
import type { Verdict } from '../strategy.ts';
import { hold, holdState, must, pendingGate, wish, type Desk, type Step } from './desk.ts';
import { cooling, opportunity, watching } from './entering.ts';
import { catchUp, pause } from './events.ts';
import { forgetGap, keepTracks, type SectionedContext } from './judge.ts';
import { emergency, exiting, leaving } from './leaving.ts';

/** Activation and warm-up: nothing is judged before every variant has had a value. */
const warmingUp: Step = (desk) => {
  const { memory, blind, params, value } = desk.context;
  if (memory.state === 'INACTIVE') {
    must(desk, 'activated');
    return holdState(desk);
  }
  if (blind?.reason === 'warmup') return holdState(desk);
  if (memory.state !== 'WARMING_UP' || pauseCause(desk.context) !== null) return null;
  const { variants, windows, timeframe } = params.needs;
  for (const name of [...(variants[timeframe] ?? []), ...windows])
    if (value(name) === undefined)
      return hold(desk, require({ gate: `ready.${name}`, reason: 'warmup' }, null, 'a value'));
  must(desk, 'ready');
  return holdState(desk);
};

/** Too many orders failed in a row (RSK-66): nothing more is tried until a person starts it anew. */
const disabling: Step = (desk) => {
  const { memory, params } = desk.context;
  const gate = measure({ gate: 'orderFailures', reason: 'disabled' }, memory.orderFailures, [
    '<',
    params.orderFailureLimit,
  ]);
  if (memory.state === 'DISABLED') return hold(desk, { ...gate, passes: false });
  if (gate.passes) return null;
  must(desk, 'orderFailures', { detail: `${memory.orderFailures} orders failed in a row` });
  return hold(desk, gate);
};

/** What keeps it paused, as a gate; `null` when nothing does. */
function pauseCause({ memory, facts }: SectionedContext): Gate | null {
  const { pausedFor } = memory;
  if (pausedFor !== null) return require({ gate: 'paused', reason: 'paused' }, pausedFor, false);
  if (facts.stale) return require({ gate: 'stale', reason: 'stale_data' }, true, false);
  const { entryBlock } = facts;
  // What keeps the book from entering keeps nothing from its normal exit.
  if (entryBlock === null || memory.state === 'POSITION_ACTIVE') return null;
  return require({ gate: 'book', reason: entryBlock.reason }, entryBlock.detail, 'open');
}

/** Entries stop while data are stale, the book is blocked, or a person says so; working ones are cancelled. */
const pausing: Step = (desk) => {
  const { memory, facts, barCloseAt } = desk.context;
  const cause = pauseCause(desk.context);
  if (memory.state === 'PAUSED') {
    if (cause !== null) return hold(desk, cause);
    if (memory.entry !== null) return hold(desk, pendingGate);
    must(desk, facts.position === null ? 'resumed' : 'resumedHolding');
    return holdState(desk);
  }
  if (cause === null) return null;
  const isEntering = memory.entry !== null;
  pause(memory, barCloseAt, cause.reason);
  if (!isEntering) return hold(desk, cause);
  return wish(desk, {
    action: 'CANCEL',
    signalType: 'O1',
    reasons: [`paused: ${cause.reason}`],
    section: null,
  });
};

/** In the order in which they are looked at; the first that has something to say is the only one to move (STR-30). */
const STEPS: readonly Step[] = [
  warmingUp,
  emergency,
  disabling,
  leaving,
  pausing,
  exiting,
  opportunity,
  cooling,
  watching,
  holdState,
];

/** Judges one closed bar. */
export function evaluateSections(context: SectionedContext): Verdict {
  forgetGap(context, TIMEFRAMES[context.params.timeframe]);
  catchUp(context);
  const desk: Desk = { context, gates: [] };
  let verdict: Verdict | null = null;
  for (const step of STEPS) {
    verdict = step(desk);
    if (verdict !== null) break;
  }
  keepTracks(context);
  if (verdict === null) throw new Error(`Invariant: ${context.memory.state} is judged by no step`);
  return verdict;
}
