import { botDoc, type BotDoc, type StrategyStateDoc } from '@tradewind/contracts/documents/bot';
import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { IntentDoc, SignalDoc } from '@tradewind/contracts/documents/execution';
import {
  strategyVersionDoc,
  type StrategyDoc,
  type StrategyVersionDoc,
} from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import type { Store, StoreTx } from '../ledger/store.ts';

type Reader = Pick<Store | StoreTx, 'get'>;

/** What a book has under way, as `loadBookFacts` reads it. */
type UnderWay = {
  readonly positions: readonly PositionDoc[];
  readonly intents: readonly IntentDoc[];
  readonly pending: readonly SignalDoc[];
};

/** Markets in which a strategy or bot holds something, or is about to: there its version is in use (STR-07). */
export const marketsInUse = (
  { positions, intents, pending }: UnderWay,
  strategyId: string,
): ReadonlySet<string> =>
  new Set(
    [...pending, ...intents, ...positions]
      .filter((one) => one.strategyId === strategyId)
      .map(({ marketKey }) => marketKey),
  );

/** Markets that a strategy decides on: its own, and those it was taken off while it still has something there. */
export const activeMarkets = (
  { marketKeys }: Pick<StrategyDoc, 'marketKeys'>,
  inUse: ReadonlySet<string>,
): readonly string[] => [...new Set([...marketKeys, ...inUse])];

/** Where a strategy stands in one market. */
export type Standing = {
  /** Whether its version is in use there, by `marketsInUse`. */
  readonly isInUse: boolean;
  /** Its resumable state there: written by every evaluation, it names the version that decided last. */
  readonly stored: Pick<StrategyStateDoc, 'botVersion'> | undefined;
};

/**
 * The version that decides: the one that last did while something of it is in use, so that whoever entered also
 * leaves; the newest otherwise (STR-07).
 */
const versionToUse = (newest: number, { isInUse, stored }: Standing): number =>
  isInUse ? (stored?.botVersion ?? newest) : newest;

/**
 * The settings by which a strategy decides in one market (STR-07).
 *
 * @throws Error when a version in use is gone: nothing may be decided by another one.
 */
export async function activeVersionOf(
  reader: Reader,
  { strategyId, version: newest }: Pick<StrategyDoc, 'strategyId' | 'version'>,
  standing: Standing,
): Promise<StrategyVersionDoc> {
  const version = versionToUse(newest, standing);
  const found = await reader.get(paths.strategyVersion(strategyId, version), strategyVersionDoc);
  if (found === undefined)
    throw new Error(`Version ${version} of strategy "${strategyId}" does not exist.`);
  return found;
}

/**
 * The same for a bot: its document is its newest version.
 *
 * @throws Error when a version in use is gone.
 */
export async function activeBotOf(
  reader: Reader,
  bot: BotDoc,
  standing: Standing,
): Promise<BotDoc> {
  const version = versionToUse(bot.version, standing);
  if (version === bot.version) return bot;
  const found = await reader.get(paths.botVersion(bot.botId, version), botDoc);
  if (found === undefined)
    throw new Error(`Version ${version} of bot "${bot.botId}" does not exist.`);
  // Whether it runs is a matter of now; how it decides is not.
  return { ...found, status: bot.status };
}
