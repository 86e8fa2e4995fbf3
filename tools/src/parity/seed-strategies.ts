import type { Store } from '@tradewind/adapters/ledger/store';
import { clockDoc } from '@tradewind/contracts/documents/market';
import {
  strategyDoc,
  strategyVersionDoc,
  type StrategySettings,
} from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import { strategyById } from '@tradewind/strategies/registry';
import { BOOK } from '../desk/seed.ts';

const MARKET = 'binance_spot_BTC-USDT';

/** One strategy of each family, so nervous that two hours see it trade where its rules allow it at all. */
const STRATEGIES: Readonly<Record<string, StrategySettings['strategy']>> = {
  crossover: { id: 'sma-cross', params: { timeframe: '1m', fast: 3, slow: 8 } },
  sections: {
    id: 'five-section',
    params: {
      timeframe: '1m',
      S1: {
        conditions: [{ id: 'cheap', condition: 'RSI_7', operator: 'lt', value: 50 }],
      },
      Z1: {
        conditions: [
          { id: 'turning', condition: 'RSI_7', operator: 'gt', value: 45 },
          // Nothing else asks for this window: the worker computes it because this strategy runs.
          { id: 'traded', condition: 'TRADE_RATE_90_0', operator: 'gt', value: 0 },
        ],
      },
      ZE1: {
        logic: 'any',
        conditions: [
          { id: 'dear', condition: 'RSI_7', operator: 'gt', value: 60 },
          { id: 'lost', condition: 'profit_pct', operator: 'lt', value: -0.1 },
        ],
      },
    },
  },
  levels: { id: 'hierarchical', params: { isLive: false } },
  points: { id: 'confluence', params: { timeframe: '1m', minScore: 0 } },
};

const settingsOf = (name: string, strategy: StrategySettings['strategy']): StrategySettings => ({
  name,
  strategy,
  marketKeys: [MARKET],
  positionSizeQuote: money('100'),
  maxPositions: 1,
  protection: { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null },
});

/** Adds running strategies to a desk that has just begun. @throws Error when one does not take its parameters. */
export async function seedStrategies(store: Store): Promise<void> {
  const clock = await store.get(paths.clock, clockDoc);
  const now = clock?.origin ?? epochMs(Date.now());
  for (const [strategyId, strategy] of Object.entries(STRATEGIES)) {
    const prepared = strategyById(strategy.id)?.prepare(strategy.params);
    if (prepared?.ok !== true)
      throw new Error(`${strategyId}: ${prepared?.error ?? `there is no ${strategy.id}`}`);
    const shared = {
      ...settingsOf(strategyId, strategy),
      strategyId,
      bookId: BOOK,
      timeframe: strategyDoc.shape.timeframe.parse(prepared.value.needs.timeframe),
      version: 1,
      createdAt: now,
    };
    await store.set(paths.strategyVersion(strategyId, 1), strategyVersionDoc, {
      ...shared,
      codeVersion: prepared.value.version,
      savedBy: 'parity',
    });
    await store.set(paths.strategy(strategyId), strategyDoc, {
      ...shared,
      windows: [...prepared.value.needs.windows],
      status: 'RUNNING',
      sessionId: null,
      updatedAt: now,
    });
  }
}
