import * as z from 'zod';
import { confluenceNeeds, judgeEntry } from '../confluence/confluence.ts';
import { judgePrimary } from '../confluence/analysers.ts';
import { confluenceFields, confluenceLiveFaults } from '../confluence/params.ts';
import { require } from '../gate.ts';
import { descend } from '../hierarchical/descend.ts';
import { hierarchicalStrategy, levelNeeds, sightOf } from '../hierarchical/hierarchical.ts';
import { levelLimits, levelLiveFaults } from '../hierarchical/params.ts';
import { defineStrategy, type Context, type Verdict } from '../strategy.ts';
import { configurationChoice, configurationOf } from './configuration.ts';
import { judgeHolding } from './leave.ts';

/** Levels 2 and 4 in the direction of level 1; from trades alone, despite its name (STR-73). */
export const bidAskBounce = hierarchicalStrategy({
  id: 'bid-ask-bounce',
  title: 'Bid/ask bounce',
  levels: [2, 4],
  maxTouches: null,
});

/** All four levels, at a zone that is fresh or was tested once (STR-73). */
export const supplyDemandBounce = hierarchicalStrategy({
  id: 'supply-demand-bounce',
  title: 'Supply and demand bounce',
  levels: [2, 3, 4],
  maxTouches: 1,
});

const scalpingParams = z.strictObject({
  ...confluenceFields,
  levels: levelLimits.prefault({}),
  configuration: configurationChoice.default('ultra_short_scalping'),
});
type ScalpingParams = z.infer<typeof scalpingParams>;

function evaluate(context: Context<ScalpingParams, object>): Verdict {
  const { params, facts, structure } = context;
  const configuration = configurationOf(params.configuration);
  const sight = sightOf(context, { limits: params.levels, configuration });
  if (facts.position !== null) {
    const { holdSeconds } = configuration;
    const { direction } = descend(sight, []);
    const now = context.barCloseAt;
    return judgeHolding({ holding: facts.position, now, holdSeconds, market: direction });
  }
  const { gates, direction, failedAt, ratio } = descend(sight, [3]);
  if (direction === null || failedAt !== null)
    return { wish: null, gates, view: { failedAt, direction, ratio: ratio ?? null } };
  const primary = judgePrimary(params.analysers, structure('1m')?.flow);
  const withTrend = require({
    gate: 'primary.direction',
    reason: 'no_signal',
  }, primary.direction ?? 'none', direction);
  return judgeEntry(params, context, {
    gates: [...gates, ...primary.gates, withTrend],
    direction: withTrend.passes ? primary.direction : null,
  });
}

/** The confluence engine in the direction of level 1, once level 3 passes (STR-73). */
export const orderFlowScalping = defineStrategy<ScalpingParams, object>({
  id: 'order-flow-scalping',
  kind: 'confluence',
  version: '1.0.0',
  title: 'Order-flow scalping',
  paramsSchema: scalpingParams,
  needs: (params) => {
    const { timeframes } = configurationOf(params.configuration);
    const own = confluenceNeeds(params);
    return {
      ...own,
      timeframe: timeframes.fastest,
      variants: {
        ...own.variants,
        [timeframes.fastest]: [...(own.variants[timeframes.fastest] ?? []), 'ATR_14'],
      },
      structure: [...own.structure, ...levelNeeds(timeframes, [3])],
    };
  },
  init: () => ({}),
  liveFaults: (params) => [...levelLiveFaults(params.levels), ...confluenceLiveFaults(params)],
  evaluate,
});
