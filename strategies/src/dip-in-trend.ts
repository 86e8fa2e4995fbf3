import { measure, require } from '@tradewind/core/strategy/gate';
import { defineStrategy } from '@tradewind/core/strategy/strategy';
import { hold, wish } from '@tradewind/core/strategy/verdict';
import * as z from 'zod';

const MINUTE = 60_000;

const paramsSchema = z.strictObject({
  timeframe: z.enum(['1m', '5m']).default('5m'),
  rsiBars: z.int().min(2).max(100).default(14),
  /** Buys at or below. */
  dip: z.number().min(1).max(50).default(30),
  /** Sells at or above. */
  relief: z.number().min(50).max(99).default(55),
  /** Where the trend is looked for. */
  trendTimeframe: z.enum(['15m', '1h']).default('1h'),
  trendBars: z.int().min(2).max(200).default(50),
  /** Sells a dip that does not recover. */
  patienceMinutes: z.int().min(1).max(10_080).default(240),
});
type Params = z.infer<typeof paramsSchema>;

const rsiOf = ({ rsiBars }: Params): string => `RSI_${rsiBars}`;
const trendOf = ({ trendBars }: Params): string => `EMA_${trendBars}`;

/** Whether the last dip did not recover: it is not bought again before a relief. */
type Memory = { isSpent: boolean };

/** Buys dips while the longer timeframe is above its average, and sells the relief, or when it does not come. */
export const dipInTrend = defineStrategy<Params, Memory>({
  id: 'dip-in-trend',
  kind: 'module',
  version: '1.0.0',
  title: 'Dip in a trend',
  paramsSchema,
  needs: (params) => ({
    timeframe: params.timeframe,
    variants: {
      [params.timeframe]: [rsiOf(params)],
      [params.trendTimeframe]: [trendOf(params)],
    },
    windows: [],
    structure: [],
    warmupBars: 0,
  }),
  init: () => ({ isSpent: false }),
  evaluate: ({ params, memory, value, bar, facts, now }) => {
    const rsi = value(rsiOf(params));
    const relief = measure({ gate: 'relief', reason: 'no_signal' }, rsi, ['>=', params.relief]);
    if (relief.passes) memory.isSpent = false;
    if (facts.position !== null) {
      const heldMinutes = (now - facts.position.openedAt) / MINUTE;
      const late = measure({ gate: 'patience', reason: 'no_signal' }, heldMinutes, [
        '>=',
        params.patienceMinutes,
      ]);
      if (relief.passes) return wish({ action: 'EXIT', reasons: ['the dip is over'] }, [relief]);
      if (!late.passes) return hold([relief, late]);
      memory.isSpent = true;
      return wish({ action: 'EXIT', reasons: ['the dip does not recover'] }, [late]);
    }
    const trend = value(`${trendOf(params)}@${params.trendTimeframe}`);
    const gates = [
      measure({ gate: 'trend', reason: 'no_signal' }, bar.close - (trend ?? NaN), ['>', 0]),
      require({ gate: 'spent', reason: 'no_signal' }, memory.isSpent, false),
      measure({ gate: 'dip', reason: 'no_signal' }, rsi, ['<=', params.dip]),
    ];
    return gates.every(({ passes }) => passes)
      ? wish({ action: 'ENTER', reasons: ['a dip in an upward trend'] }, gates)
      : hold(gates);
  },
});
