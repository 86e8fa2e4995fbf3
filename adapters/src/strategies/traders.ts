import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { strategyDoc, type StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import type { StrategySettings } from '@tradewind/core/order/gate-context';
import type { ProtectionWish } from '@tradewind/core/portfolio/trailing';
import type { StoreTx } from '../ledger/store.ts';

/** Whoever signs signals: a bot or a strategy, as the gate and the books need to know it. */
export type Trader = StrategySettings & { readonly protection: ProtectionWish };

const ofBot = (bot: BotDoc): Trader => ({
  strategyId: bot.botId,
  enabled: bot.status === 'RUNNING',
  maxPositions: bot.maxPositions,
  tranches: bot.tranches,
  sizing: bot.sizing,
  leverage: bot.leverage,
  protection: bot,
});

const ofStrategy = (strategy: StrategyDoc): Trader => ({
  strategyId: strategy.strategyId,
  enabled: strategy.status === 'RUNNING',
  maxPositions: strategy.maxPositions,
  tranches: strategy.tranches,
  sizing: strategy.sizing,
  leverage: strategy.leverage,
  protection: strategy.protection,
  reversal: strategy.reversal,
});

/** Bots and strategies by id; what is neither is left out. */
export async function readTraders(
  tx: Pick<StoreTx, 'getMany'>,
  strategyIds: readonly string[],
): Promise<ReadonlyMap<string, Trader>> {
  const bots = await tx.getMany(strategyIds.map(paths.bot), botDoc);
  const others = strategyIds.filter((_, index) => bots[index] === undefined);
  const strategies =
    others.length === 0 ? [] : await tx.getMany(others.map(paths.strategy), strategyDoc);
  const traders = [
    ...bots.map((bot) => (bot === undefined ? undefined : ofBot(bot))),
    ...strategies.map((strategy) => (strategy === undefined ? undefined : ofStrategy(strategy))),
  ].filter((trader) => trader !== undefined);
  return new Map(traders.map((trader) => [trader.strategyId, trader]));
}
