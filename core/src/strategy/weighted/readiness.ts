import { ageMs, durationMs, later, type DurationMs, type EpochMs } from '../../lib/time.ts';
import { formatDecimal, toNumber, type Money, type Price, type Qty } from '../../lib/units.ts';
import type { Side } from '../../order/intent.ts';
import type { Block } from '../blocking.ts';
import type { WeightedBot } from './config.ts';
import type { BotAction, Confirmation } from './confirmation.ts';
import type { Opinion } from './opinion.ts';

/** What a bot must know besides the bar. All times are market time. */
export type BarContext = {
  /** Close of the bar, the end of its bucket. */
  readonly barCloseAt: EpochMs;
  readonly now: EpochMs;
  /** What the bot holds; `null` when flat. */
  readonly position: { readonly quantity: Qty } | null;
  /** Whether a signal, intent or order of the bot is still under way. */
  readonly pendingOrder: boolean;
  /** The bot's last fill, whoever caused it: a protection's counts as well. */
  readonly lastFill: { readonly at: EpochMs; readonly side: Side; readonly price: Price } | null;
  /** Quote currency that is neither spent nor promised. */
  readonly availableQuote: Money;
  /** Whether the market's data are too old to act on. */
  readonly stale: boolean;
  /** How far the market's source is trusted, 0 to 1 (MD-11); left out = 1. */
  readonly dataQuality?: number;
  /** A bar of history: it feeds the indicators and decides nothing. */
  readonly warmup?: boolean;
  /** What keeps the whole book from entering, such as an emergency stop; exits go on. */
  readonly entryBlock?: Block | null;
};

/** What the checks look at. */
export type Facts = {
  readonly bot: WeightedBot;
  readonly context: BarContext;
  readonly opinion: Opinion;
  readonly confirmation: Confirmation | null;
  readonly close: Price;
};

/** How far a bar may close after the market's clock before one of the two must be wrong. */
const MAX_SKEW = durationMs(5_000);

const mins = (ms: DurationMs): string => `${Math.ceil(ms / 6_000) / 10} min`;

/** End of the pause after the last fill (STR-18); `null` when there was none. */
export function cooldownEnd(
  bot: Pick<WeightedBot, 'cooldownMinutes'>,
  lastFill: BarContext['lastFill'],
): EpochMs | null {
  if (lastFill === null) return null;
  return later(lastFill.at, durationMs(Math.ceil(bot.cooldownMinutes * 60_000)));
}

/** Why a bar cannot be judged at all; such a bar also breaks a confirmation (STR-17, MD-65). */
export function blindness(
  context: BarContext,
  { score, incomplete }: { readonly score: number | null; readonly incomplete: boolean },
): Block | null {
  if (context.warmup === true)
    return { reason: 'warmup', detail: 'this bar is history, which only warms up the indicators' };
  if (score === null)
    return { reason: 'warmup', detail: 'an indicator has not seen enough bars yet' };
  if (context.stale)
    return { reason: 'stale_data', detail: 'paused for data: they are too old to act on' };
  if (incomplete)
    return {
      reason: 'low_data_quality',
      detail: 'trades of this bar are known to be missing: it is not decided on',
    };
  const ahead = ageMs(context.now, context.barCloseAt);
  if (ahead > MAX_SKEW)
    return { reason: 'clock_skew', detail: `the bar closes ${ahead} ms after the market's clock` };
  return null;
}

/** Why what the score asks for makes no sense with what is held; the action is HOLD then (STR-21). */
export function impossibility(action: BotAction, context: BarContext): Block | null {
  if (action === 'SELL' && context.position === null)
    return {
      reason: 'nothing_to_sell',
      detail: 'the score says sell and nothing is held; spot bots never sell short',
    };
  if (action === 'BUY' && context.position !== null)
    return {
      reason: 'max_positions',
      detail: 'the score says buy and the bot already holds a position',
    };
  return null;
}

type Check = (facts: Facts) => Block | null;

const temperature: Check = ({ bot, opinion }) =>
  opinion.action === 'HOLD'
    ? {
        reason: 'temperature_too_low',
        detail: `score ${(opinion.score ?? 0).toFixed(3)} is ${opinion.temperature}; ${bot.minTradeTemperature} starts at ${opinion.actionThreshold}`,
      }
    : null;

const confidence: Check = ({ bot, context, opinion }) => {
  // Poorer data make a bot less sure, and do not keep it in a position (MD-63).
  const needed = bot.minConfidence * (opinion.action === 'SELL' ? (context.dataQuality ?? 1) : 1);
  return opinion.confidence >= needed
    ? null
    : {
        reason: 'low_confidence',
        detail: `confidence ${opinion.confidence.toFixed(2)}, at least ${needed} is needed`,
      };
};

const confirmed: Check = ({ bot, context, confirmation }) => {
  if (confirmation !== null && confirmation.confirmedAt !== null) return null;
  const held = ageMs(confirmation?.startedAt ?? context.barCloseAt, context.barCloseAt);
  return {
    reason: 'not_confirmed',
    detail: `held for ${mins(held)} of ${bot.confirmationMinutes} min`,
  };
};

const tradeStep: Check = ({ bot, context: { lastFill }, opinion, close }) => {
  if (lastFill === null || lastFill.side !== opinion.action) return null;
  const last = toNumber(lastFill.price);
  const movedPct = (100 * Math.abs(toNumber(close) - last)) / last;
  // The same tolerance that a typed percentage deserves; NaN, from a fill at zero, does not pass.
  return movedPct >= bot.tradeStepPct - 1e-9
    ? null
    : {
        reason: 'trade_step',
        detail: `the price moved ${movedPct.toFixed(2)} % since the last ${lastFill.side}, ${bot.tradeStepPct} % is needed`,
      };
};

const cooldown: Check = ({ bot, context }) => {
  const end = cooldownEnd(bot, context.lastFill);
  if (end === null || context.now >= end) return null;
  return {
    reason: 'cooldown',
    detail: `${mins(ageMs(context.now, end))} left since the last fill`,
  };
};

const pendingOrder: Check = ({ context }) =>
  context.pendingOrder
    ? { reason: 'pending_order', detail: 'an order of this bot is still under way' }
    : null;

const balance: Check = ({ bot, context, opinion }) =>
  opinion.action !== 'BUY' || context.availableQuote >= bot.positionSizeQuote
    ? null
    : {
        reason: 'insufficient_balance',
        detail: `${formatDecimal(context.availableQuote)} available, ${formatDecimal(bot.positionSizeQuote)} needed`,
      };

const book: Check = ({ context, opinion }) =>
  opinion.action === 'BUY' ? (context.entryBlock ?? null) : null;

/** In the order of the closed list of reasons, so that two desks name the same one (STR-18). */
const CHECKS: readonly [Check, ...Check[]] = [
  confidence,
  confirmed,
  tradeStep,
  cooldown,
  pendingOrder,
  balance,
  book,
];

/** The first thing that keeps a bot from acting on its score; `null` when nothing does (STR-18). */
export function firstBlock(facts: Facts): Block | null {
  const cold = temperature(facts);
  if (cold !== null) return cold;
  for (const check of CHECKS) {
    const block = check(facts);
    if (block !== null) return block;
  }
  return null;
}
