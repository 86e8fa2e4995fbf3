import { readPrices } from '@tradewind/adapters/market/read-prices';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import { limitsDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import { LIMITS } from '@tradewind/core/risk/limits';
import type { Desk } from '../desk/desk.ts';
import { BOOK } from '../desk/seed.ts';
import { messageOf } from '../lib/fault.ts';

const SYMBOL = 'BTC-USDT';
const KEY = `binance_spot_${SYMBOL}`;
/** Market milliseconds that a signal is good for. */
const TTL_MS = 120_000;

/** Lets a symbol of the desk's book be traded as often as a drill or a test asks for it. */
export async function tradeWithoutPauses({ store }: Pick<Desk, 'store'>): Promise<void> {
  const limits = {
    ...LIMITS.paper,
    symbolCooldownMinutes: 0,
    symbolTradesPerHour: null,
    tradesPerDay: null,
    blockPatterns: false,
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

/** Bots that never decide by themselves: they trade by the drill's signals alone, without pauses. */
export async function addQuietBots(desk: Desk, count: number): Promise<readonly string[]> {
  const { store } = desk;
  await tradeWithoutPauses(desk);
  const model = await store.get(paths.bot('balanced'), botDoc);
  if (model === undefined) throw new Error('Invariant: a new desk has the bot "balanced"');
  const ids = Array.from({ length: count }, (_, n) => `drill-${n + 1}`);
  for (const botId of ids)
    await store.set(paths.bot(botId), botDoc, {
      ...model,
      botId,
      name: botId,
      symbol: SYMBOL,
      marketKey: KEY,
      confirmationMinutes: 60,
      stopLossPct: 5,
      takeProfitPct: 20,
    });
  return ids;
}

/** What the bot would ask for now; `undefined` while there is no price. */
export async function nextSignal(
  desk: Desk,
  strategyId: string,
  signalId: string,
): Promise<SignalDoc | undefined> {
  const { store } = desk;
  const own = store.firestore
    .collection(paths.positions(BOOK))
    .where('strategyId', '==', strategyId);
  const [positions, prices] = await Promise.all([store.query(own, positionDoc), readPrices(store)]);
  const price = prices.get(KEY)?.price;
  if (price === undefined) return undefined;
  const holds = positions.some(({ status }) => status !== 'CLOSED');
  const at = desk.marketNow();
  const now = epochMs(Date.now());
  return {
    signalId,
    bookId: BOOK,
    strategyId,
    marketKey: KEY,
    symbol: SYMBOL,
    signalType: holds ? 'ZE1' : 'Z1',
    action: holds ? 'EXIT' : 'ENTER',
    direction: 'LONG',
    confidence: 1,
    score: 1,
    reasons: ['drill'],
    indicatorValues: {},
    expectedPrice: price,
    suggestedQuote: holds ? null : money('50'),
    suggestedStop: null,
    suggestedTarget: null,
    ttlMs: TTL_MS,
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

/** Writes signals as a cycle would, one every `everyMs`: in for who holds nothing, out for who holds. */
export function startSignals(desk: Desk, bots: readonly string[], everyMs: number) {
  const run = Date.now().toString(36);
  const failures: string[] = [];
  let written = 0;
  let turn = 0;
  const one = async (): Promise<void> => {
    const strategyId = bots[turn % bots.length] ?? '';
    const signalId = `drill-${run}-${turn}`;
    turn += 1;
    const signal = await nextSignal(desk, strategyId, signalId);
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
