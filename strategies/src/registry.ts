import {
  bidAskBounce,
  orderFlowScalping,
  supplyDemandBounce,
} from '@tradewind/core/strategy/configurations/recipes';
import { confluence } from '@tradewind/core/strategy/confluence/confluence';
import { hierarchical } from '@tradewind/core/strategy/hierarchical/hierarchical';
import { fiveSection } from '@tradewind/core/strategy/sectioned/five-section';
import type { StrategyDefinition } from '@tradewind/core/strategy/strategy';
import { weighted } from '@tradewind/core/strategy/weighted/weighted';
import { channelBreakout } from './channel-breakout.ts';
import { dipInTrend } from './dip-in-trend.ts';
import { smaCross } from './sma-cross.ts';

/** Every strategy that a document may name. Yours goes here too: `tw strategy new NAME` adds the line. */
export const STRATEGIES: readonly StrategyDefinition[] = [
  weighted,
  fiveSection,
  hierarchical,
  confluence,
  bidAskBounce,
  supplyDemandBounce,
  orderFlowScalping,
  smaCross,
  channelBreakout,
  dipInTrend,
];

/** A strategy by id; `undefined` when there is none such. */
export const strategyById = (id: string): StrategyDefinition | undefined =>
  STRATEGIES.find((strategy) => strategy.id === id);
