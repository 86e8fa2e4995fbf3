import { existsSync, readFileSync } from 'node:fs';
import { botSettings } from '@tradewind/contracts/documents/bot';
import { strategySettings } from '@tradewind/contracts/documents/strategy';
import type { BacktestStrategy, PositionSize } from '@tradewind/core/backtest/config';
import type { ProtectionWish } from '@tradewind/core/portfolio/trailing';
import type { StrategyDefinition } from '@tradewind/core/strategy/strategy';
import { weightedParams } from '@tradewind/core/strategy/weighted/params';
import { STRATEGIES, strategyById } from '@tradewind/strategies/registry';
import * as z from 'zod';
import { fromHere } from '../data/open-data.ts';
import { Fault, messageOf } from '../lib/fault.ts';

/** What is to be tested: logic and parameters, and what a document says beside them. */
export type Chosen = {
  readonly name: string;
  readonly definition: StrategyDefinition;
  readonly params: unknown;
  /** `null` where only an id was given: then the command's options say it. */
  readonly document:
    | (Pick<BacktestStrategy, 'tranches' | 'sizing' | 'reversal'> & {
        readonly size: PositionSize;
        readonly protection: ProtectionWish;
        readonly maxPositions: number;
        readonly marketKeys: readonly string[] | null;
      })
    | null;
};

/** Fields that the server adds to what a person sets; a document as exported has them. */
const SERVER_FIELDS: ReadonlySet<string> = new Set([
  'strategyId',
  'botId',
  'bookId',
  'status',
  'sessionId',
  'preset',
  'codeVersion',
  'savedBy',
  'version',
  'createdAt',
  'updatedAt',
]);

function readJson(path: string, what: string): unknown {
  try {
    return JSON.parse(readFileSync(fromHere(path), 'utf8')) as unknown;
  } catch (error) {
    throw new Fault(`${what} ${path} cannot be read as JSON: ${messageOf(error)}`);
  }
}

const inLines = (error: z.ZodError): string =>
  error.issues
    .map(({ path, message }) => `  ${path.join('.')}${path.length === 0 ? '' : ': '}${message}`)
    .join('\n');

function parsed<S extends z.ZodType>(schema: S, value: unknown, path: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Fault(
    `${path} does not hold what a strategy or a bot is made of:\n${inLines(result.error)}`,
  );
}

/** A bot's settings are parameters of the weighted strategy, and how it is sized and protected. */
function botOf(content: object, path: string): Chosen {
  const { marketKey, symbol, ...own } = content as Record<string, unknown>;
  const bot = parsed(botSettings, own, path);
  const names = Object.keys(weightedParams.shape);
  const params = Object.fromEntries(Object.entries(bot).filter(([name]) => names.includes(name)));
  const markets = z.string().safeParse(marketKey);
  return {
    name: bot.name,
    definition: definitionOf('weighted'),
    params,
    document: {
      size: { kind: 'quote', amount: bot.positionSizeQuote },
      protection: {
        stopLossPct: bot.stopLossPct,
        takeProfitPct: bot.takeProfitPct,
        trailingStopPct: bot.trailingStopPct,
        hold: bot.hold,
        dumpExit: bot.dumpExit,
      },
      maxPositions: bot.maxPositions,
      tranches: bot.tranches,
      sizing: bot.sizing,
      marketKeys: markets.success && symbol !== undefined ? [markets.data] : null,
    },
  };
}

function documentOf(path: string): Chosen {
  const content = parsed(z.record(z.string(), z.unknown()), readJson(path, 'The document'), path);
  const own = Object.fromEntries(
    Object.entries(content).filter(([name]) => !SERVER_FIELDS.has(name)),
  );
  if ('signalConfig' in own) return botOf(own, path);
  // Of a bot the timeframe is a setting; a strategy's follows from its parameters.
  const entries = Object.entries(own).filter(([name]) => name !== 'timeframe');
  const settings = parsed(strategySettings, Object.fromEntries(entries), path);
  return {
    name: settings.name,
    definition: definitionOf(settings.strategy.id),
    params: settings.strategy.params,
    document: {
      size: { kind: 'quote', amount: settings.positionSizeQuote },
      protection: settings.protection,
      maxPositions: settings.maxPositions,
      tranches: settings.tranches,
      sizing: settings.sizing,
      reversal: settings.reversal,
      marketKeys: settings.marketKeys,
    },
  };
}

function definitionOf(id: string): StrategyDefinition {
  const found = strategyById(id);
  if (found !== undefined) return found;
  const list = STRATEGIES.map((one) => `  ${one.id.padEnd(16)}${one.title}`).join('\n');
  throw new Fault(
    `There is no strategy "${id}", and no file of that name. There are:\n${list}\nOr give the file of a strategy's or a bot's document (JSON).`,
  );
}

function paramsOf({ params, paramsFile }: Given): unknown {
  if (params !== undefined && paramsFile !== undefined)
    throw new Fault('Give --params or --params-file, not both.');
  if (paramsFile !== undefined) return readJson(paramsFile, 'The file of parameters');
  if (params === undefined) return undefined;
  try {
    return JSON.parse(params) as unknown;
  } catch (error) {
    throw new Fault(
      `--params is not JSON: ${messageOf(error)}\nWrite it in quotation marks: --params '{"fast": 10, "slow": 30}'`,
    );
  }
}

export type Given = { readonly params?: string; readonly paramsFile?: string };

/** A strategy by its id or a document's file, with parameters that its own schema took. @throws Fault in words. */
export function chooseStrategy(what: string, given: Given): Chosen {
  const isFile = /\.json$/i.test(what) || what.includes('/') || existsSync(fromHere(what));
  const chosen = isFile
    ? documentOf(what)
    : { name: '', definition: definitionOf(what), params: {}, document: null };
  const params = paramsOf(given) ?? chosen.params;
  const { definition } = chosen;
  const prepared = definition.prepare(params);
  if (!prepared.ok)
    throw new Fault(
      `${definition.title} does not take these parameters:\n  ${prepared.error.replaceAll('\n', '\n  ')}`,
    );
  const name = chosen.name === '' ? definition.title : chosen.name;
  return { ...chosen, name, params };
}
