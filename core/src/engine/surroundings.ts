import { ageMs, durationMs, type EpochMs } from '../lib/time.ts';
import type { BlockingReason } from '../strategy/blocking.ts';
import { measure, require, type Gate } from '../strategy/gate.ts';
import { toNumber } from '../lib/units.ts';
import type { Wish } from '../strategy/strategy.ts';
import type { EngineBar } from './bar.ts';
import type { Facts } from './facts.ts';

/** How far a bar may close after the market's clock before one of the two must be wrong. */
const MAX_SKEW = durationMs(5_000);

/** What is known when a bar is judged. */
export type Moment = {
  readonly facts: Facts;
  readonly bar: EngineBar;
  readonly barCloseAt: EpochMs;
  readonly now: EpochMs;
};

/** Bars seen of those that the indicators take; `null` when they are all there. */
type Warming = { readonly seen: number; readonly needed: number } | null;

/** Why a bar cannot be acted on at all (STR-17, MD-65); `null` when it can. */
export function blindness({ facts, bar, barCloseAt, now }: Moment, warming: Warming): Gate | null {
  if (facts.warmup) return require({ gate: 'history', reason: 'warmup' }, true, false);
  if (warming !== null)
    return measure({ gate: 'warmup', reason: 'warmup' }, warming.seen, ['>=', warming.needed]);
  if (facts.stale) return require({ gate: 'stale', reason: 'stale_data' }, true, false);
  if (bar.incomplete)
    return require({ gate: 'incomplete', reason: 'low_data_quality' }, true, false);
  const ahead = ageMs(now, barCloseAt);
  if (ahead > MAX_SKEW)
    return measure({ gate: 'clockSkewMs', reason: 'clock_skew' }, ahead, ['<=', MAX_SKEW]);
  return null;
}

const notPending = ({ pendingOrder }: Facts): Gate =>
  require({ gate: 'pendingOrder', reason: 'pending_order' }, pendingOrder, false);

/** What an entry takes besides a wish, in the order of the closed list of reasons (STR-18). */
function aroundEntry(
  held: Gate,
  facts: Facts,
  { sizeQuote, pausedFor }: { readonly sizeQuote: number; readonly pausedFor: string | null },
): Gate[] {
  const gates = [
    held,
    notPending(facts),
    measure(
      { gate: 'availableQuote', reason: 'insufficient_balance' },
      toNumber(facts.availableQuote),
      ['>=', sizeQuote],
    ),
  ];
  if (pausedFor !== null)
    gates.push(require({ gate: 'paused', reason: 'paused' }, pausedFor, false));
  const { entryBlock } = facts;
  if (entryBlock !== null)
    gates.push(require({ gate: 'book', reason: entryBlock.reason }, entryBlock.detail, 'open'));
  return gates;
}

/**
 * The gates around a wish that are no strategy's own; exits only wait for an order under way. So does an entry against
 * the position: what becomes of it is for the strategy's reversal policy (05, section 2).
 */
export function surroundingsOf(
  { action, direction }: Pick<Wish, 'action' | 'direction'>,
  facts: Facts,
  around: { readonly sizeQuote: number; readonly pausedFor: string | null },
): readonly Gate[] {
  switch (action) {
    case 'ENTER':
    case 'ADD': {
      if (action === 'ENTER' && facts.position !== null && facts.position.side !== direction)
        return [notPending(facts)];
      const isHeld = facts.position !== null;
      const held =
        action === 'ENTER'
          ? require({ gate: 'flat', reason: 'max_positions' }, !isHeld, true)
          : require({ gate: 'held', reason: 'nothing_to_sell' }, isHeld, true);
      return aroundEntry(held, facts, around);
    }
    case 'REDUCE':
    case 'EXIT':
      return [
        require({ gate: 'held', reason: 'nothing_to_sell' }, facts.position !== null, true),
        notPending(facts),
      ];
    case 'CANCEL':
      return [];
  }
}

/** An exit that waits for nothing, neither data nor orders under way: those are cancelled with it. */
export const isEmergency = ({ action, signalType }: Wish): boolean =>
  action === 'EXIT' && signalType === 'E1';

const UNTRUSTED: readonly BlockingReason[] = ['stale_data', 'low_data_quality'];

/**
 * Whether a wish has to wait for a bar that can be acted on. What only takes risk away does not wait for better
 * data; while history is read or indicators warm up, everything does.
 */
export const isHeldBack = (wish: Wish | null, { reason }: Gate): boolean =>
  wish === null || !(wish.action === 'CANCEL' || isEmergency(wish)) || !UNTRUSTED.includes(reason);

/** The gates around an emergency. */
export const aroundEmergency = ({ position }: Facts): readonly Gate[] => [
  require({ gate: 'held', reason: 'nothing_to_sell' }, position !== null, true),
];
