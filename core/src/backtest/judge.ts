import { intentIdOf } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import {
  money,
  moneyOf,
  percentOf,
  qtyFor,
  price,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
} from '../lib/units.ts';
import type { LivePrice } from '../market/market.ts';
import { decideSignal, reserve } from '../order/decide-signal.ts';
import type { GateContext } from '../order/gate-context.ts';
import type { Instruction } from '../order/intent.ts';
import { followUpOf } from '../order/reversal.ts';
import type { Approved } from '../risk/gate.ts';
import type { Limits } from '../risk/limits.ts';
import { drawLatency } from '../simulation/random.ts';
import type { Signal } from '../strategy/decision.ts';
import { availableQuote, openPositions, revalueBook, workingIntents } from './book.ts';
import { tellOrder } from './tell.ts';
import { lastPrice, type Market } from './market.ts';
import { sizingFacts } from './sizing-facts.ts';
import type { Lane, Run, SpendingPrice } from './state.ts';
import { count } from './tally.ts';

/** A price of recorded data is as old as the bar that told it; nothing is stale in a backtest. */
const PRICE_MAX_AGE_MS = 300_000;

/** Stands for a share of the cash until an order is judged: the smallest amount there is. */
export const SHARE_OF_CASH: Money = money('0.000000000000000001');

/** What one has to be there for so that one can be spent: fee and buffer on top, as the gate wants it. */
export const spendingPrice = ({ assumedFeePct, balanceBufferPct }: Limits): SpendingPrice => ({
  fee: price(String((100 + assumedFeePct) / 100)),
  buffer: price(String((100 + balanceBufferPct) / 100)),
});

/** The largest purchase that leaves free what the gate wants left for fee and buffer. */
const affordable = (cash: Money, { fee, buffer }: SpendingPrice): Money =>
  moneyOf(qtyFor(moneyOf(qtyFor(cash, buffer, 'floor')), fee, 'floor'));

/** The signal with its size, where that is a share of the cash. */
function sized(run: Run, lane: Lane, signal: Signal): Signal {
  const { positionSize } = lane.settings;
  if (positionSize.kind === 'quote' || signal.suggestedQuote !== SHARE_OF_CASH) return signal;
  const share = percentOf(availableQuote(run), positionSize.pct, 'floor');
  return { ...signal, suggestedQuote: affordable(share, run.spending) };
}

const livePrice = (market: Market, now: EpochMs): LivePrice => ({
  marketKey: market.series.marketKey,
  price: lastPrice(market),
  at: now,
  origin: 'recorded',
  stale: false,
  degraded: false,
  conflict: false,
  dataQuality: 1,
});

/** It opens futures without leverage: their margin is all that they cost. */
const inFullHealth = (): number => 1;

function contextOf(run: Run, lane: Lane, now: EpochMs): GateContext {
  const { book, config } = run;
  const { figures, results } = sizingFacts(run, lane);
  return {
    now,
    book: { bookId: config.bookId, mode: 'paper', status: 'RUNNING', cash: book.cash },
    risk: book.risk,
    breaker: 'CLOSED',
    positions: openPositions(run),
    workingIntents: workingIntents(run),
    price: livePrice(lane.market, now),
    instrument: lane.market.series.instrument,
    strategy: lane.gateSettings,
    limits: config.limits,
    priceMaxAgeMs: PRICE_MAX_AGE_MS,
    priceGuard: config.fills.priceGuard,
    priceOf: run.priceOf,
    stopLossPctOf: run.stopLossPctOf,
    figures,
    results,
    // What only a desk knows: a backtest has neither a clock to compare nor results from before.
    allocated: null,
    cryptoPhase: 'profitable',
    correlatedShare: 0,
    clockSkewMs: 0,
    reconciledAgeMs: 0,
    outOfStep: null,
    maxVenueLeverage: null,
    marginHealthOf: inFullHealth,
  };
}

/**
 * Puts one signal before the gate, as the gate runner of a live book does: the book is valued, all of it is decided
 * on, and what is approved holds its slot, its balance and its lock from then on (RSK-52).
 */
export function judge(
  run: Run,
  lane: Lane,
  { signal, now }: { signal: Signal; now: EpochMs },
): void {
  const { book, tally, hooks } = run;
  revalueBook(run, now);
  const context = contextOf(run, lane, now);
  const asked = sized(run, lane, signal);
  const decision = decideSignal(asked, context);
  hooks.onVerdict?.({ at: now, signal: asked, decision });
  book.version += 1;
  if (!decision.approved) {
    const [{ reason }] = decision.reasons;
    count(tally.rejections, reason);
    const { signalId, action } = signal;
    const intentId = intentIdOf(signalId, action);
    tellOrder(lane, { intentId, action, status: 'refused', reason }, now);
    return;
  }
  tally.approved += 1;
  const { instruction } = decision;
  const reserved = reserve(context, instruction);
  book.risk = reserved.risk;
  for (const position of reserved.positions)
    if (position.positionId === instruction.positionId) lane.position = position;
  lane.followUp = followUpOf(signal, {
    policy: lane.gateSettings.reversal ?? 'flatten',
    reason: instruction.closeReason,
  });
  placeOrder(run, lane, { instruction, now });
  const { intentId, action } = instruction;
  tellOrder(lane, { intentId, action, status: 'approved', reason: null }, now);
}

/** Sends an approved order: it reaches the venue when its latency is over. */
export function placeOrder(
  run: Run,
  lane: Lane,
  { instruction, now }: { readonly instruction: Approved<Instruction>; readonly now: EpochMs },
): void {
  const { ms, seed } = drawLatency(run.seed, run.config.latencyMs);
  run.seed = seed;
  run.tally.orders += 1;
  const positionId = instruction.positionId ?? instruction.intentId;
  lane.order = {
    instruction,
    positionId,
    dueAt: now + ms,
    filled: ZERO_QTY,
    filledQuote: ZERO_MONEY,
  };
  run.book.version += 1;
}
