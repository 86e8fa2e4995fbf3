import { decideSignal } from '@tradewind/core/order/decide-signal';
import { aContext, aPosition, aSignal, aWorkingIntent } from '@tradewind/core/order/fixtures';
import type { GateContext } from '@tradewind/core/order/gate-context';
import { money, price } from '@tradewind/core/lib/units';
import type { Signal } from '@tradewind/core/strategy/decision';
import { processorSeconds } from './market-data.ts';

/** Decisions of one measured pass. */
const PASS = 50_000;
const PASSES = 9;

/**
 * A book in the middle of its day: two positions, an order under way, and strategies that want in. Nine of ten
 * signals pass every gate and become an order; the tenth wants more than a position may be, so that every reason
 * is worked out.
 */
function workload(): readonly (readonly [Signal, GateContext])[] {
  const context = aContext({
    positions: [
      aPosition(),
      aPosition({
        positionId: 'position-2',
        strategyId: 'trend',
        symbol: 'ETH-USDT',
        marketKey: 'binance_spot_ETH-USDT',
      }),
    ],
    workingIntents: [
      aWorkingIntent({
        strategyId: 'momentum',
        symbol: 'SOL-USDT',
        marketKey: 'binance_spot_SOL-USDT',
      }),
    ],
  });
  const limits = { ...context.limits, maxOpenPositions: 10, maxConcentrationPct: 50 };
  return Array.from({ length: 100 }, (_, n) => {
    const strategyId = `strategy-${n}`;
    const signal = aSignal({
      signalId: `signal-${n}`,
      strategyId,
      suggestedQuote: n % 10 === 9 ? money('5000') : money(String(50 + n)),
      expectedPrice: price(String(50_000 + (n % 7))),
    });
    const strategy = { strategyId, enabled: true, maxPositions: 3 };
    return [signal, { ...context, limits, strategy }] as const;
  });
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Verdicts per second of processor time, of the later passes: the first ones are V8's to learn. */
export function decisions(): { readonly perSecond: number; readonly approvedShare: number } {
  const work = workload();
  let approved = 0;
  const rates = Array.from({ length: PASSES }, () => {
    const start = processorSeconds();
    for (let n = 0; n < PASS; n += 1) {
      const next = work[n % work.length];
      if (next === undefined) throw new Error('Invariant: there is work');
      if (decideSignal(next[0], next[1]).approved) approved += 1;
    }
    return PASS / (processorSeconds() - start);
  });
  return {
    perSecond: median(rates.slice(Math.floor(PASSES / 2))),
    approvedShare: approved / (PASS * PASSES),
  };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(decisions())}\n`);
