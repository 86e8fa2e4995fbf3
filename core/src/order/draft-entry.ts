import { intentIdOf } from '../lib/ids.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { durationMs, later } from '../lib/time.ts';
import { percentOf, type Money } from '../lib/units.ts';
import { ladderFactor } from '../risk/loss-ladder.ts';
import { entryQuantity } from '../risk/tradable-size.ts';
import { slippageFactor } from '../risk/trader-history.ts';
import type { Block } from '../strategy/blocking.ts';
import type { Signal } from '../strategy/decision.ts';
import type { EntryCandidate, GateContext } from './gate-context.ts';
import type { Instruction } from './intent.ts';
import { withPriceGuard } from './price-guard.ts';

/**
 * What the checks need of an entry, or why the signal can not be one.
 *
 * @throws Error when the context belongs to another book or market: that is a bug of the caller.
 */
export function candidateOf(signal: Signal, context: GateContext): Result<EntryCandidate, Block> {
  const { instrument, book } = context;
  if (book.bookId !== signal.bookId)
    throw new Error(`Invariant: a signal of ${signal.bookId} is not decided by ${book.bookId}`);
  if (signal.action !== 'ENTER')
    return err({ reason: 'strategy_error', detail: `${signal.action} needs an open position.` });
  if (signal.suggestedQuote === null || signal.suggestedQuote <= 0n)
    return err({ reason: 'strategy_error', detail: 'The entry does not say how much to buy.' });
  if (signal.expectedPrice <= 0n)
    return err({ reason: 'strategy_error', detail: 'The entry has no expected price.' });
  if (instrument?.marketKey !== signal.marketKey)
    return err({ reason: 'stale_data', detail: `The rules of ${signal.marketKey} are unknown.` });
  const wanted = sized(signal.suggestedQuote, sizeFactor(signal.strategyId, context));
  const entry = { signal, wanted, instrument, context };
  return ok({ ...entry, quantity: entryQuantity(entry) });
}

/** Half sizes from the loss ladder's warning on, and where a strategy's orders slip too much (RSK-100; 04, section 10). */
const sizeFactor = (strategyId: string, { risk, limits }: GateContext): number =>
  ladderFactor(risk, limits) * slippageFactor(risk.traders[strategyId]);

const sized = (amount: Money, factor: number): Money =>
  factor === 1 ? amount : percentOf(amount, 100 * factor, 'floor');

/** The order of an entry: for what `wanted` buys at the live price, with a worst price where the book wants one (EXE-08, EXE-12). */
export function draftEntry(candidate: EntryCandidate): Result<Instruction, Block> {
  const { signal, quantity, instrument, context } = candidate;
  if (!quantity.ok) return quantity;
  const { signalId, bookId, strategyId, marketKey, symbol, action, direction } = signal;
  const atMarket: Instruction = {
    intentId: intentIdOf(signalId, action),
    bookId,
    strategyId,
    marketKey,
    symbol,
    signalId,
    positionId: null,
    action,
    direction,
    side: direction === 'LONG' ? 'BUY' : 'SELL',
    type: 'MARKET',
    quantity: quantity.value,
    limitPrice: null,
    timeInForce: 'GTC',
    reduceOnly: false,
    closeReason: null,
    suggestedStop: signal.suggestedStop,
    suggestedTarget: signal.suggestedTarget,
    expectedPrice: signal.expectedPrice,
    expectedAt: signal.decidedAt,
    expiresAt: later(signal.decidedAt, durationMs(signal.ttlMs)),
  };
  const { tickSize } = instrument;
  const { maxSlippagePct } = context.limits;
  return ok(context.priceGuard ? withPriceGuard(atMarket, { tickSize, maxSlippagePct }) : atMarket);
}
