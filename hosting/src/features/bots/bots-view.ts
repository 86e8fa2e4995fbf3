import type { PositionDoc, TradeDoc } from '@tradewind/contracts/documents/book';
import type { BotDoc, BotStatusDoc } from '@tradewind/contracts/documents/bot';
import type { ParityDoc } from '@tradewind/contracts/documents/parity';
import { durationMs, type DurationMs, type EpochMs } from '@tradewind/core/lib/time';
import { BLOCKING_TEXT } from '../../lib/blocking-text.ts';
import { formatCountdown } from '../../lib/format.ts';
import { freshness, type Freshness } from '../../lib/freshness.ts';
import type { Fault, Loaded } from '../../lib/loaded.ts';

/** One part of the score: its own score and its weight; `score` is null while warming up. */
export type Part = {
  readonly name: string;
  readonly weight: number;
  readonly score: number | null;
};

/** "Ready" or why not (UI-41). */
export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'blocked';
      readonly what: string;
      readonly detail: string;
      readonly clears: string;
    };

export type BotCardView = {
  readonly bot: BotDoc;
  readonly status: BotStatusDoc | undefined;
  /** Of the status' wall-clock time of evaluation (UI-42). */
  readonly evaluated: Freshness;
  readonly parts: readonly Part[];
  readonly readiness: Readiness;
  /** Left of the confirmation window; `null` when none is under way. */
  readonly confirmingFor: DurationMs | null;
  readonly coolingFor: DurationMs | null;
  readonly position: PositionDoc | undefined;
  readonly lastTrade: TradeDoc | undefined;
  /** How far the day that was replayed last is what it decided; `undefined` before the first night. */
  readonly parity: ParityDoc | undefined;
};

export type BotsView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'cards';
      readonly cards: readonly BotCardView[];
      readonly faults: readonly Fault[];
    };

export type BotFacts = {
  readonly bots: Loaded<BotDoc>;
  readonly statuses: Loaded<BotStatusDoc>;
  readonly positions: readonly PositionDoc[];
  readonly trades: readonly TradeDoc[];
  readonly parities: readonly ParityDoc[];
  readonly now: EpochMs;
  readonly marketNow: EpochMs;
};

const left = (until: number, now: EpochMs): DurationMs | null =>
  until > now ? durationMs(until - now) : null;

function parts({ signalConfig }: BotDoc, status: BotStatusDoc | undefined): readonly Part[] {
  const { rsi, movingAverage, macd } = signalConfig;
  const all = [
    { name: 'RSI', config: rsi, score: status?.rsiScore },
    { name: movingAverage?.kind ?? 'MA', config: movingAverage, score: status?.maScore },
    { name: 'MACD', config: macd, score: status?.macdScore },
  ];
  return all.flatMap(({ name, config, score }) =>
    config?.enabled === true ? [{ name, weight: config.weight, score: score ?? null }] : [],
  );
}

function readiness(
  bot: BotDoc,
  status: BotStatusDoc | undefined,
  waits: readonly (DurationMs | null)[],
): Readiness {
  if (bot.status === 'STOPPED') return { kind: 'stopped' };
  if (status === undefined) return { kind: 'unknown' };
  if (status.block === null) return status.canTrade ? { kind: 'ready' } : { kind: 'unknown' };
  const { reason, detail } = status.block;
  const [confirming, cooling] = waits;
  const wait = reason === 'cooldown' ? cooling : reason === 'not_confirmed' ? confirming : null;
  const text = BLOCKING_TEXT[reason];
  return {
    kind: 'blocked',
    what: wait === null || wait === undefined ? text.what : `${text.what} ${formatCountdown(wait)}`,
    detail,
    clears: text.clears,
  };
}

function card(bot: BotDoc, facts: BotFacts): BotCardView {
  const { statuses, now, marketNow } = facts;
  const status =
    statuses.status === 'ready' ? statuses.data.find((one) => one.botId === bot.botId) : undefined;
  const confirmEnds =
    status?.confirmationStartedAt == null || status.confirmedAt !== null
      ? null
      : status.confirmationStartedAt + bot.confirmationMinutes * 60_000;
  const confirmingFor = confirmEnds === null ? null : left(confirmEnds, marketNow);
  const coolingFor = status?.cooldownUntil == null ? null : left(status.cooldownUntil, marketNow);
  return {
    bot,
    status,
    evaluated: freshness(
      status === undefined ? undefined : { at: status.evaluatedAt, maxAgeMs: status.maxAgeMs },
      now,
    ),
    parts: parts(bot, status),
    readiness: readiness(bot, status, [confirmingFor, coolingFor]),
    confirmingFor,
    coolingFor,
    position: facts.positions.find((one) => one.strategyId === bot.botId),
    lastTrade: facts.trades.find((one) => one.strategyId === bot.botId),
    parity: facts.parities.find((one) => one.strategyId === bot.botId),
  };
}

/** Decides what the panel shows; a status that cannot be read leaves its bot with "unknown". */
export function botsView(facts: BotFacts): BotsView {
  const { bots, statuses } = facts;
  if (bots.status === 'error') return { kind: 'failed', message: bots.message };
  if (statuses.status === 'error') return { kind: 'failed', message: statuses.message };
  if (bots.status === 'pending' || statuses.status === 'pending') return { kind: 'loading' };
  return {
    kind: 'cards',
    cards: bots.data.map((bot) => card(bot, facts)),
    faults: [...bots.faults, ...statuses.faults],
  };
}
