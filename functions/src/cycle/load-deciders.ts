import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { strategyDoc, symbolOf, type StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import type { TaskPayload } from '@tradewind/contracts/tasks';
import { marketsOf, ofBot, ofStrategy, type Known, type Sources } from './deciders.ts';
import { handleFailure, type Failure } from './handle-failure.ts';

type Subject = Failure['who'];

/** Makes something ready to decide; what cannot be made ready is handled and left out. */
async function attempt(
  ports: ExecutionPorts,
  failing: Omit<Failure, 'error'>,
  make: () => Promise<readonly Known[]>,
): Promise<readonly Known[]> {
  try {
    return await make();
  } catch (error) {
    await handleFailure(ports, { ...failing, error });
    return [];
  }
}

const subjectOfBot = (bot: BotDoc): Subject => ({
  ...{ bot, strategyId: bot.botId, bookId: bot.bookId, name: bot.name },
  ...{ marketKey: bot.marketKey, symbol: bot.symbol, isPaused: false },
});

const subjectOfStrategy = (strategy: StrategyDoc, marketKey: string): Subject => ({
  ...{ bot: null, strategyId: strategy.strategyId, bookId: strategy.bookId, name: strategy.name },
  ...{ marketKey, symbol: symbolOf(marketKey), isPaused: strategy.status === 'PAUSED' },
});

async function ofStrategies(
  ports: ExecutionPorts,
  strategy: StrategyDoc,
  sources: Sources,
): Promise<readonly Known[]> {
  const { bookId, strategyId, marketKeys } = strategy;
  // Its first market stands for it while the book cannot be read.
  const who = subjectOfStrategy(strategy, marketKeys[0] ?? '');
  let markets: readonly string[] = [];
  await attempt(ports, { bookId, id: strategyId, who }, async () => {
    markets = await marketsOf(strategy, sources);
    return [];
  });
  const all = await Promise.all(
    markets.map((marketKey) =>
      attempt(
        ports,
        { bookId, id: strategyId, who: subjectOfStrategy(strategy, marketKey) },
        async () => [await ofStrategy(ports, { strategy, marketKey }, sources)],
      ),
    ),
  );
  return all.flat();
}

async function ofId(
  ports: ExecutionPorts,
  { bookId, id }: { readonly bookId: string; readonly id: string },
  sources: Sources,
): Promise<readonly Known[]> {
  const { store } = ports;
  const bot = await store.get(paths.bot(id), botDoc);
  if (bot !== undefined) {
    if (bot.status !== 'RUNNING' || bot.bookId !== bookId) return [];
    return attempt(ports, { bookId, id, who: subjectOfBot(bot) }, async () => [
      await ofBot(ports, bot, sources),
    ]);
  }
  const strategy = await store.get(paths.strategy(id), strategyDoc);
  const runs = strategy?.status === 'RUNNING' || strategy?.status === 'PAUSED';
  return strategy === undefined || !runs || strategy.bookId !== bookId
    ? []
    : ofStrategies(ports, strategy, sources);
}

/** What is to decide, of the bots and strategies of a task that run, each on each of its markets. */
export async function loadDeciders(
  ports: ExecutionPorts,
  { bookId, botIds }: TaskPayload<'evaluateBots'>,
  sources: Sources,
): Promise<readonly Known[]> {
  const all = await Promise.all(
    botIds.map((id) =>
      attempt(ports, { bookId, id, who: undefined }, () => ofId(ports, { bookId, id }, sources)),
    ),
  );
  return all.flat();
}
