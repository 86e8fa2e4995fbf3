import { measure, require } from '@tradewind/core/strategy/gate';
import { defineStrategy } from '@tradewind/core/strategy/strategy';
import { hold, wish } from '@tradewind/core/strategy/verdict';
import * as z from 'zod';

const paramsSchema = z.strictObject({
  timeframe: z.enum(['1m', '5m', '15m', '1h']).default('15m'),
  /** Enters above the highest high of so many bars. */
  entryBars: z.int().min(2).max(500).default(20),
  /** Leaves below the lowest low of so many bars, which is also where the stop of an entry stands. */
  exitBars: z.int().min(2).max(500).default(10),
  /** No entry whose stop is farther away than this, percent. */
  maxRiskPct: z.number().min(0.1).max(20).default(5),
});
type Params = z.infer<typeof paramsSchema>;

/** Highs and lows of the bars before, oldest first: the channel that a close has to break out of. */
type Memory = { highs: number[]; lows: number[] };

/** Appends, and forgets what is too old. */
function remember(list: number[], value: number, length: number): void {
  list.push(value);
  if (list.length > length) list.shift();
}

/**
 * Follows a break: long when a close is above every high of the last `entryBars`, out when one is below every low
 * of the last `exitBars` (R. Donchian's channels, as the "turtles" traded them).
 */
export const channelBreakout = defineStrategy<Params, Memory>({
  id: 'channel-breakout',
  kind: 'module',
  version: '1.0.0',
  title: 'Channel breakout',
  paramsSchema,
  needs: ({ timeframe, entryBars, exitBars }) => ({
    timeframe,
    variants: {},
    windows: [],
    structure: [],
    warmupBars: Math.max(entryBars, exitBars) + 1,
  }),
  init: () => ({ highs: [], lows: [] }),
  evaluate: ({ params, memory, bar, facts }) => {
    // The channel of the bars before this one: a bar never breaks out of a channel that it made itself.
    const top = Math.max(...memory.highs);
    const bottom = Math.min(...memory.lows);
    const isWhole =
      memory.highs.length === params.entryBars && memory.lows.length === params.exitBars;
    remember(memory.highs, bar.high, params.entryBars);
    remember(memory.lows, bar.low, params.exitBars);
    if (!isWhole) return hold([require({ gate: 'channel', reason: 'warmup' }, 'forming', 'whole')]);
    const { close } = bar;
    if (facts.position !== null) {
      const below = require({ gate: 'belowChannel', reason: 'no_signal' }, close < bottom, true);
      if (!below.passes) return hold([below]);
      return wish({ action: 'EXIT', reasons: [`closed below ${bottom}`] }, [below]);
    }
    const gates = [
      require({ gate: 'aboveChannel', reason: 'no_signal' }, close > top, true),
      measure({ gate: 'riskPct', reason: 'stop_out_of_band' }, (1 - bottom / close) * 100, [
        '<=',
        params.maxRiskPct,
      ]),
    ];
    if (gates.some(({ passes }) => !passes)) return hold(gates);
    return wish(
      { action: 'ENTER', reasons: [`closed above ${top}`], suggestedStop: bottom },
      gates,
    );
  },
});
