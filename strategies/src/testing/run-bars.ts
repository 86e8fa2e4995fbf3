import type { EngineBar } from '@tradewind/core/engine/bar';
import { createEngine } from '@tradewind/core/engine/decide';
import type { Audit } from '@tradewind/core/engine/engine';
import type { Facts } from '@tradewind/core/engine/facts';
import { epochMs } from '@tradewind/core/lib/time';
import { money, priceFromFloat, qty, toNumber } from '@tradewind/core/lib/units';
import type { Action } from '@tradewind/core/strategy/decision';
import type { StrategyDefinition } from '@tradewind/core/strategy/strategy';

const MINUTE = 60_000;
/** A full hour, so that bars of every timeframe begin with the first one. */
const START = 472_500 * 3_600_000;

/** One bar of a made series: its close alone, or more of it. */
export type MadeBar = number | (Partial<EngineBar> & Pick<EngineBar, 'close'>);

/** What a strategy did on a bar, numbered from 0, and what its audit says. */
export type Done = {
  readonly bar: number;
  readonly action: Action;
  readonly price: number;
  readonly stop: number | null;
  readonly reasons: readonly string[];
};

/** Minutes that open where the last one closed, and go no farther than their ends unless they say so. */
function barsOf(made: readonly MadeBar[]): EngineBar[] {
  let last: number | undefined;
  return made.map((one, minute) => {
    const given = typeof one === 'number' ? { close: one } : one;
    const open = last ?? given.close;
    last = given.close;
    return {
      openAt: START + minute * MINUTE,
      open,
      high: Math.max(open, given.close),
      low: Math.min(open, given.close),
      volume: 1,
      buyVolume: null,
      trades: 1,
      incomplete: false,
      ...given,
    };
  });
}

/** Flat, with a thousand to spend, and nothing in the way. */
const IDLE: Facts = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  entryBlock: null,
  stale: false,
  dataQuality: 1,
  warmup: false,
};

/** What is held after an action that was filled at once, at the bar's close. */
function factsAfter(facts: Facts, action: Action, bar: EngineBar): Facts {
  const at = epochMs(bar.openAt + MINUTE);
  const price = priceFromFloat(bar.close, 'floor');
  if (action === 'EXIT') return { ...facts, position: null, lastFill: { at, side: 'SELL', price } };
  if (action === 'REDUCE') return { ...facts, lastFill: { at, side: 'SELL', price } };
  const held = { side: 'LONG', quantity: qty('1'), averageEntry: price } as const;
  const openedAt = facts.position?.openedAt ?? at;
  return {
    ...facts,
    position: { ...held, openedAt, lastFillAt: at },
    lastFill: { at, side: 'BUY', price },
  };
}

/**
 * Runs a strategy over one-minute bars through the engine of every mode, for tests: long only, each signal filled
 * at the close that it was decided on. For results that mean anything, backtest it.
 *
 * @throws Error that says what is wrong with `params`.
 */
export function runBars(
  definition: StrategyDefinition,
  params: unknown,
  made: readonly MadeBar[],
): { readonly done: readonly Done[]; readonly audits: readonly Audit[] } {
  const strategy = definition.prepare(params);
  if (!strategy.ok) throw new Error(strategy.error);
  const engine = createEngine({
    ...{ bookId: 'test', strategyId: 'test', marketKey: 'test_spot_A-B', symbol: 'A-B' },
    grid: { tickSize: 0.01, lotSize: 0.001 },
    base: '1m',
    strategy: strategy.value,
    positionSizeQuote: money('100'),
  });
  const state = engine.init();
  const done: Done[] = [];
  const audits: Audit[] = [];
  let facts = IDLE;
  for (const [index, bar] of barsOf(made).entries()) {
    const now = epochMs(bar.openAt + MINUTE);
    const { effects, audit } = engine.decide(state, { kind: 'bar', bar, facts }, now);
    audits.push(audit);
    for (const effect of effects) {
      if (effect.kind !== 'signal') continue;
      const { action, reasons, suggestedStop } = effect.signal;
      const stop = suggestedStop === null ? null : toNumber(suggestedStop);
      done.push({ bar: index, action, price: bar.close, stop, reasons });
      facts = factsAfter(facts, action, bar);
    }
  }
  return { done, audits };
}
