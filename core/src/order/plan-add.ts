import { err, ok, type Result } from '../lib/result.ts';
import { qtyFor, toNumber, type Money } from '../lib/units.ts';
import type { Position } from '../portfolio/position.ts';
import { addImpact, nextTranche } from '../portfolio/tranches.ts';
import type { Block } from '../strategy/blocking.ts';
import type { Signal } from '../strategy/decision.ts';
import type { EntryCandidate, GateContext } from './gate-context.ts';

/** The position that a strategy holds in the signal's symbol. */
export const ownPosition = (
  signal: Pick<Signal, 'strategyId' | 'symbol'>,
  { positions }: Pick<GateContext, 'positions'>,
): Position | undefined =>
  positions.find(
    ({ strategyId, symbol, status }) =>
      strategyId === signal.strategyId && symbol === signal.symbol && status !== 'CLOSED',
  );

const refused = (detail: string): Result<never, Block> => err({ reason: 'trade_step', detail });

/**
 * The next tranche of the position that a signal wants to add to, or why there is none (PF-10). The gate judges it
 * as every entry on top of that.
 */
export function planAdd(
  signal: Signal,
  context: GateContext,
): Result<{ readonly position: Position; readonly quote: Money }, Block> {
  const { strategy, book, limits, price } = context;
  const { strategyId, symbol } = signal;
  const position = ownPosition(signal, context);
  if (position === undefined)
    return err({ reason: 'nothing_to_sell', detail: `${strategyId} holds nothing of ${symbol}.` });
  if (strategy?.tranches === undefined)
    return refused(`${strategyId} may not add to what it holds: its document has no tranches.`);
  const [first, ...later] = position.tranches ?? [];
  const last = later.at(-1) ?? first;
  if (first === undefined || last === undefined)
    return refused(`It is not known what ${symbol} was bought in.`);
  const { protection, side, averageEntry } = position;
  const next = nextTranche({
    ...strategy.tranches,
    ...{ mode: book.mode, allowedByAdmin: false, side, averageEntry },
    ...{ tranches: 1 + later.length, firstQuote: first.quote, lastPrice: last.price },
    ...{ heldQuote: position.cost, maxPositionQuote: limits.maxPositionQuote },
    price: price?.price ?? signal.expectedPrice,
    stop: protection.stopLoss,
    tightened: protection.tightened === true,
    ...{ temperature: null, winRate: null, confirmed: true },
  });
  return next.add ? ok({ position, quote: next.quote }) : refused(`${symbol}: ${next.why}.`);
}

/** What sized an approved entry, and what an add changes, for its record (PF-13). */
export function impactWords({ addsTo, wanted, signal, context, sizedBy }: EntryCandidate): string {
  if (addsTo === null)
    return sizedBy === null ? 'all checks passed' : `all checks passed; ${sizedBy}`;
  const { side, quantity, averageEntry, protection } = addsTo;
  const impact = addImpact({
    ...{ side, quantity, averageEntry, stop: protection.stopLoss, price: signal.expectedPrice },
    added: qtyFor(wanted, signal.expectedPrice, 'floor'),
    plannedQuote: context.limits.maxPositionQuote,
    equity: context.risk.equity,
  });
  const tranche = (addsTo.tranches?.length ?? 0) + 1;
  const fixed = (value: number): string => String(Number(value.toPrecision(6)));
  return (
    `tranche ${tranche} of ${fixed(toNumber(wanted))}: average ${fixed(impact.averageBefore)} to ${fixed(impact.averageAfter)}, ` +
    `break-even move ${impact.breakEvenMovePctBefore.toFixed(2)} to ${impact.breakEvenMovePctAfter.toFixed(2)} %, ` +
    `risk + ${fixed(impact.addedRisk)}, ${impact.shareOfPlanPct.toFixed(1)} % of the largest position, ${impact.exposurePct.toFixed(1)} % of equity`
  );
}
