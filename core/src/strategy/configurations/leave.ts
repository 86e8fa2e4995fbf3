import type { Holding } from '../../engine/facts.ts';
import { ageMs, type EpochMs } from '../../lib/time.ts';
import type { Direction } from '../decision.ts';
import { measure, require, type Gate } from '../gate.ts';
import type { Verdict, Wish } from '../strategy.ts';
import type { TradingConfiguration } from './configuration.ts';

/** How long an exit may wait to be executed, market milliseconds. */
const EXIT_TTL_MS = 60_000;

/** A wish to leave a position, as the strategy's own exit. */
const exitWish = ({ side }: Holding, reason: string): Wish => ({
  action: 'EXIT',
  direction: side,
  signalType: 'ZE1',
  confidence: 1,
  score: side === 'LONG' ? -1 : 1,
  reasons: [reason],
  indicatorValues: {},
  suggestedStop: null,
  suggestedTarget: null,
  suggestedQuote: null,
  ttlMs: EXIT_TTL_MS,
});

/** What an open position is judged by. */
export type Leaving = {
  readonly holding: Holding;
  /** Close of the bar. */
  readonly now: EpochMs;
  /** `null` = held for as long as the market agrees. */
  readonly holdSeconds: TradingConfiguration['holdSeconds'] | null;
  /** Where the market goes now; `null` = nowhere in particular. */
  readonly market: Direction | null;
};

/**
 * Whether to leave a position before its stop or target is reached: when its time is up, or when the market has
 * turned against it and it was held for the least time.
 */
export function judgeHolding({ holding, now, holdSeconds, market }: Leaving): Verdict {
  const heldSeconds = ageMs(holding.openedAt, now) / 1_000;
  const late = { gate: 'exit.heldSeconds', reason: 'no_signal' } as const;
  const gates: Gate[] = [];
  if (holdSeconds !== null) {
    const isUp = measure(late, heldSeconds, ['>=', holdSeconds.max]);
    if (isUp.passes)
      return {
        wish: exitWish(holding, `held for ${heldSeconds} s, at most ${holdSeconds.max}`),
        gates: [isUp],
        view: null,
      };
    gates.push(measure(late, heldSeconds, ['>=', holdSeconds.min]));
  }
  const against: Direction = holding.side === 'LONG' ? 'SHORT' : 'LONG';
  gates.push(require({ gate: 'exit.market', reason: 'no_signal' }, market ?? 'none', against));
  const isOver = gates.every(({ passes }) => passes);
  return {
    wish: isOver ? exitWish(holding, `the market has turned ${against}`) : null,
    gates,
    view: null,
  };
}
