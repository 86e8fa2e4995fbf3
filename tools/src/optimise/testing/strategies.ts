import { measure } from '@tradewind/core/strategy/gate';
import { defineStrategy, type StrategyDefinition } from '@tradewind/core/strategy/strategy';
import { strategyById as builtIn } from '@tradewind/strategies/registry';
import * as z from 'zod';

/** What tests have in common: the registry's strategies, and one that misbehaves as it is told. */

const paramsSchema = z.strictObject({ way: z.enum(['behaves', 'throws', 'loops', 'dies']) });

const misbehaving = defineStrategy<z.infer<typeof paramsSchema>, object>({
  id: 'misbehaving',
  kind: 'module',
  version: '1',
  title: 'Misbehaving',
  paramsSchema,
  needs: () => ({ timeframe: '1m', variants: {}, windows: [], structure: [], warmupBars: 0 }),
  init: () => ({}),
  evaluate: ({ params: { way }, bar }) => {
    if (way === 'throws') throw new Error('on purpose');
    if (way === 'dies') process.exit(1);
    // Nothing that a compiler could see is always so.
    while (way === 'loops' && bar.openAt > 0);
    return {
      wish: null,
      gates: [measure({ gate: 'never', reason: 'no_signal' }, 0, ['>', 1])],
      view: null,
    };
  },
});

export const strategyById = (id: string): StrategyDefinition | undefined =>
  id === misbehaving.id ? misbehaving : builtIn(id);
