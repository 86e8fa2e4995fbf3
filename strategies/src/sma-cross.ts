import { require } from '@tradewind/core/strategy/gate';
import { defineStrategy } from '@tradewind/core/strategy/strategy';
import { hold, wish } from '@tradewind/core/strategy/verdict';
import * as z from 'zod';

const TIMEFRAMES = ['1m', '5m', '15m', '1h'] as const;

const paramsSchema = z
  .strictObject({
    timeframe: z.enum(TIMEFRAMES).default('1m'),
    fast: z.int().min(2).max(500).default(10),
    slow: z.int().min(3).max(1_000).default(30),
  })
  .refine(({ fast, slow }) => fast < slow, {
    error: 'fast must be below slow',
    path: ['fast'],
  });
type Params = z.infer<typeof paramsSchema>;

type Memory = {
  /** Whether the fast average was above the slow one on the bar before; `null` until both are known. */
  wasAbove: boolean | null;
  /** Names of the averages: texts that are made once cost less than one for each bar. */
  readonly names: readonly [fast: string, slow: string];
};

const names = ({ fast, slow }: Params) => [`SMA_${fast}`, `SMA_${slow}`] as const;

/** Long while the fast average is above the slow one: enters when it crosses above, leaves when it crosses below. */
export const smaCross = defineStrategy<Params, Memory>({
  id: 'sma-cross',
  kind: 'module',
  version: '1.0.0',
  title: 'SMA crossover',
  paramsSchema,
  needs: (params) => ({
    timeframe: params.timeframe,
    variants: { [params.timeframe]: names(params) },
    windows: [],
    structure: [],
    warmupBars: 0,
  }),
  init: (params) => ({ wasAbove: null, names: names(params) }),
  evaluate: ({ memory, value, facts }) => {
    const [fastName, slowName] = memory.names;
    const fast = value(fastName);
    const slow = value(slowName);
    if (fast === undefined || slow === undefined)
      return hold([require({ gate: 'averages', reason: 'warmup' }, 'warming up', 'ready')]);
    const isAbove = fast > slow;
    const crossed = memory.wasAbove !== null && memory.wasAbove !== isAbove;
    memory.wasAbove = isAbove;
    const isHeld = facts.position !== null;
    const crossing = require({
      gate: isHeld ? 'crossedBelow' : 'crossedAbove',
      reason: 'no_signal',
    }, crossed && isAbove !== isHeld, true);
    if (!crossing.passes) return hold([crossing]);
    // One by one: names that are worked out within a literal cost ten times as much.
    const named: Record<string, number> = {};
    named[fastName] = fast;
    named[slowName] = slow;
    return wish(
      {
        action: isAbove ? 'ENTER' : 'EXIT',
        reasons: [`${fastName} crossed ${isAbove ? 'above' : 'below'} ${slowName}`],
        indicatorValues: named,
      },
      [crossing],
    );
  },
});
