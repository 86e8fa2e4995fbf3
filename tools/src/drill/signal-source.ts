import { readPrices } from '@tradewind/adapters/market/read-prices';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import { limitsDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { money, type Price } from '@tradewind/core/lib/units';
import { LIMITS } from '@tradewind/core/risk/limits';
import type { Desk } from '../desk/desk.ts';
import { BOOK } from '../desk/seed.ts';
import { messageOf } from '../lib/fault.ts';

const SYMBOL = 'BTC-USDT';
/** Market milliseconds that a signal is good for. */
const TTL_MS = 120_000;

/** Lets the desk's book trade a symbol as often as a drill or a test asks for it; `more` are further limits of it. */
export async function tradeWithoutPauses(
  { store }: Pick<Desk, 'store'>,
  more: Partial<typeof LIMITS.paper> = {},
): Promise<void> {
  const limits = {
    ...LIMITS.paper,
    symbolCooldownMinutes: 0,
    symbolTradesPerHour: null,
    tradesPerDay: null,
    blockPatterns: false,
    ...more,
  };
  await store.set(paths.riskLimits(BOOK), limitsDoc, {
    ...{ bookId: BOOK, mode: 'paper', limits, pending: null, version: 1 },
    ...{
      setBy: 'drill',
      reason: 'drills and tests trade without pauses',
      updatedAt: epochMs(Date.now()),
    },
  });
}

/**
 * Bots that never decide by themselves: they trade by the drill's signals alone, without pauses.
 *
 * @param symbols - markets of the desk, which the bots share in turn.
 */
export async function addQuietBots(
  desk: Desk,
  count: number,
  symbols: readonly string[] = [SYMBOL],
): Promise<readonly string[]> {
  const { store } = desk;
  await tradeWithoutPauses(desk);
  const model = await store.get(paths.bot('balanced'), botDoc);
  if (model === undefined) throw new Error('Invariant: a new desk has the bot "balanced"');
  const ids = Array.from({ length: count }, (_, n) => `drill-${n + 1}`);
  for (const [n, botId] of ids.entries()) {
    const symbol = symbols[n % symbols.length] ?? SYMBOL;
    await store.set(paths.bot(botId), botDoc, {
      ...model,
      botId,
      name: botId,
      symbol,
      marketKey: `binance_spot_${symbol}`,
      confirmationMinutes: 60,
      stopLossPct: 5,
      takeProfitPct: 20,
    });
  }
  return ids;
}

/** What a bot wishes, and on what it is judged. */
export type Wish = {
  readonly signalId: string;
  readonly bot: Pick<BotDoc, 'botId' | 'symbol' | 'marketKey'>;
  readonly action: 'ENTER' | 'EXIT';
  readonly price: Price;
  /** Market time of the decision. */
  readonly at: EpochMs;
  /** Market milliseconds that it is good for. */
  readonly ttlMs?: number;
};

/** A wish as a cycle would write it: a little in, or all of it out. */
export function signalOf({ signalId, bot, action, price, at, ttlMs = TTL_MS }: Wish): SignalDoc {
  const now = epochMs(Date.now());
  return {
    signalId,
    bookId: BOOK,
    strategyId: bot.botId,
    marketKey: bot.marketKey,
    symbol: bot.symbol,
    signalType: action === 'EXIT' ? 'ZE1' : 'Z1',
    action,
    direction: 'LONG',
    confidence: 1,
    score: 1,
    reasons: ['drill'],
    indicatorValues: {},
    expectedPrice: price,
    suggestedQuote: action === 'EXIT' ? null : money('50'),
    suggestedStop: null,
    suggestedTarget: null,
    ttlMs,
    barCloseAt: at,
    decidedAt: at,
    executionStatus: 'PENDING',
    rejectionReason: null,
    rejections: [],
    intentId: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** What the bot would ask for now: in when it holds nothing, out when it holds; `undefined` while there is no price. */
export async function nextSignal(
  { store, marketNow }: Pick<Desk, 'store' | 'marketNow'>,
  { botId, signalId, ttlMs }: Pick<Wish, 'signalId' | 'ttlMs'> & { readonly botId: string },
): Promise<SignalDoc | undefined> {
  const own = store.firestore.collection(paths.positions(BOOK)).where('strategyId', '==', botId);
  const [bot, positions, prices] = await Promise.all([
    store.get(paths.bot(botId), botDoc),
    store.query(own, positionDoc),
    readPrices(store),
  ]);
  const price = bot === undefined ? undefined : prices.get(bot.marketKey)?.price;
  if (bot === undefined || price === undefined) return undefined;
  const holds = positions.some(({ status }) => status !== 'CLOSED');
  const action = holds ? 'EXIT' : 'ENTER';
  return signalOf({
    signalId,
    bot,
    action,
    price,
    at: marketNow(),
    ...(ttlMs === undefined ? {} : { ttlMs }),
  });
}

/** Writes signals as a cycle would, one every `everyMs`: in for who holds nothing, out for who holds. */
export function startSignals(desk: Desk, bots: readonly string[], everyMs: number) {
  const run = Date.now().toString(36);
  const failures: string[] = [];
  let written = 0;
  let turn = 0;
  const one = async (): Promise<void> => {
    const botId = bots[turn % bots.length] ?? '';
    const signalId = `drill-${run}-${turn}`;
    turn += 1;
    const signal = await nextSignal(desk, { botId, signalId });
    if (signal === undefined) return;
    await desk.store.set(paths.signal(BOOK, signalId), signalDoc, signal);
    written += 1;
  };
  let pending: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    pending = pending.then(one).catch((error: unknown) => {
      failures.push(messageOf(error));
    });
  }, everyMs);
  return {
    written: () => written,
    failures: () => failures,
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await pending;
    },
  };
}
