import { firstFailing } from '../strategy/gate.ts';
import type { Context, Verdict, Wish } from '../strategy/strategy.ts';

const isShare = (x: number): boolean => x >= 0 && x <= 1;

/** A stop lies on the losing side of the price, a target on the winning one. */
function misplaced(
  { direction, suggestedStop, suggestedTarget }: Wish,
  close: number,
): string | null {
  const sign = direction === 'LONG' ? 1 : -1;
  if (suggestedStop !== null && !(suggestedStop > 0 && (close - suggestedStop) * sign > 0))
    return `its stop ${suggestedStop} is not on the losing side of ${close}`;
  if (suggestedTarget !== null && !(suggestedTarget > 0 && (suggestedTarget - close) * sign > 0))
    return `its target ${suggestedTarget} is not on the winning side of ${close}`;
  return null;
}

function wishFault(wish: Wish, close: number): string | null {
  if (!isShare(wish.confidence)) return `its confidence ${wish.confidence} is not within 0 and 1`;
  if (!(wish.score >= -1 && wish.score <= 1))
    return `its score ${wish.score} is not within -1 and 1`;
  if (!(wish.ttlMs > 0)) return `its ttlMs ${wish.ttlMs} is not positive`;
  if (wish.suggestedQuote !== null && wish.suggestedQuote <= 0n) return 'its size is not positive';
  const { indicatorValues } = wish;
  for (const name in indicatorValues)
    if (!Number.isFinite(indicatorValues[name]))
      return `its value of ${name} is ${indicatorValues[name]}`;
  return wish.action === 'ENTER' || wish.action === 'ADD' ? misplaced(wish, close) : null;
}

/** What is wrong with an answer, in words; `null` when nothing is. Nothing of a wrong answer is acted on. */
export function faultOf(verdict: Verdict, { bar, blind }: Context<unknown, object>): string | null {
  const { wish, gates } = verdict;
  if (wish === null)
    // Why a bar cannot be acted on is known without its saying so.
    return blind === null && firstFailing(gates) === undefined
      ? 'it neither wishes for anything nor says why not'
      : null;
  return wishFault(wish, bar.close);
}
