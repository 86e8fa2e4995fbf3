import { isFuturesKey } from '../instrument/instrument.ts';
import { intentIdOf } from '../lib/ids.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { durationMs, later } from '../lib/time.ts';
import { ZERO_MONEY } from '../lib/units.ts';
import { entryLeverage } from '../risk/margin.ts';
import { entryQuantity } from '../risk/tradable-size.ts';
import type { Block } from '../strategy/blocking.ts';
import type { Signal } from '../strategy/decision.ts';
import type { EntryCandidate, GateContext } from './gate-context.ts';
import type { Instruction } from './intent.ts';
import { planAdd } from './plan-add.ts';
import { withPriceGuard } from './price-guard.ts';
import { sizeEntry } from './size-entry.ts';

/**
 * What the checks need of an entry, or why the signal can not be one.
 *
 * @throws Error when the context belongs to another book or market: that is a bug of the caller.
 */
export function candidateOf(signal: Signal, context: GateContext): Result<EntryCandidate, Block> {
  const { instrument, book } = context;
  if (book.bookId !== signal.bookId)
    throw new Error(`Invariant: a signal of ${signal.bookId} is not decided by ${book.bookId}`);
  if (signal.action !== 'ENTER' && signal.action !== 'ADD')
    return err({ reason: 'strategy_error', detail: `${signal.action} is no entry.` });
  if (signal.action === 'ENTER' && (signal.suggestedQuote ?? ZERO_MONEY) <= 0n)
    return err({ reason: 'strategy_error', detail: 'The entry does not say how much to buy.' });
  if (signal.expectedPrice <= 0n)
    return err({ reason: 'strategy_error', detail: 'The entry has no expected price.' });
  if (instrument?.marketKey !== signal.marketKey)
    return err({ reason: 'stale_data', detail: `The rules of ${signal.marketKey} are unknown.` });
  const plan = signal.action === 'ADD' ? planAdd(signal, context) : null;
  if (plan !== null && !plan.ok) return plan;
  const base = plan === null ? (signal.suggestedQuote ?? ZERO_MONEY) : plan.value.quote;
  const sized = sizeEntry(signal, base, context);
  if (!sized.ok) return sized;
  const { wanted, sizedBy } = sized.value;
  const addsTo = plan?.value.position ?? null;
  const entry = { signal, wanted, instrument, context, sizedBy, addsTo };
  return ok({ ...entry, quantity: entryQuantity(entry) });
}

/** Of a future: that of what is added to stays as it is, since a venue raises it under no open position. */
function leverageOf({ signal: { marketKey }, addsTo, context }: EntryCandidate) {
  if (!isFuturesKey(marketKey)) return {};
  return {
    leverage: addsTo === null ? entryLeverage(context, marketKey) : (addsTo.leverage ?? 1),
  };
}

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
    positionId: candidate.addsTo?.positionId ?? null,
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
    ...leverageOf(candidate),
  };
  const { tickSize } = instrument;
  const { maxSlippagePct } = context.limits;
  return ok(context.priceGuard ? withPriceGuard(atMarket, { tickSize, maxSlippagePct }) : atMarket);
}
