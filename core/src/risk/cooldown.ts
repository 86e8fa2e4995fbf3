import { dayStart, minutes } from '../lib/time.ts';
import type { EntryCandidate } from '../order/gate-context.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';

const HOUR = minutes(60);

/** Nothing was filled. */
const NONE: readonly number[] = [];

const NO_COOLDOWN = idle('symbolCooldownMs');
const NO_RATE = idle('symbolRate');
const NO_DAY = idle('dailyTrades');
const NO_PATTERN = idle('pattern');

/** Gate 7: no entry so soon after a fill of the symbol, whoever caused it (RSK-23, RSK-60). */
export const checkSymbolCooldown: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const { limits, risk, now } = context;
  const history = risk.symbols[signal.symbol];
  if (history === undefined || limits.symbolCooldownMinutes === 0) return NO_COOLDOWN;
  const age = now - history.lastFillAt;
  const limit = minutes(limits.symbolCooldownMinutes);
  const measured = { check: 'symbolCooldownMs', value: age, limit };
  return age >= limit
    ? passed(measured)
    : blocked(
        measured,
        'symbol_cooldown',
        `${signal.symbol} was filled ${Math.round(age / 1_000)} s ago; entries wait for ${limits.symbolCooldownMinutes} minutes.`,
      );
};

/** Gate 7: trades of the symbol within an hour, entries under way included (RSK-24). */
export const checkSymbolRate: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const { limits, risk, now, workingIntents } = context;
  const limit = limits.symbolTradesPerHour;
  if (limit === null) return NO_RATE;
  let count = 0;
  for (const at of risk.symbolEntries[signal.symbol] ?? NONE) if (!(now - at >= HOUR)) count += 1;
  for (const { action, symbol } of workingIntents)
    if (action === 'ENTER' && symbol === signal.symbol) count += 1;
  if (count === 0) return NO_RATE;
  const measured = { check: 'symbolRate', value: count, limit };
  return count < limit
    ? passed(measured)
    : blocked(
        measured,
        'symbol_rate_limit',
        `${signal.symbol} was traded ${count} times within an hour; ${limit} are allowed.`,
      );
};

/** Gate 7: entries of the UTC day, those under way included (RSK-29). */
export const checkDailyTrades: RiskCheck<EntryCandidate> = ({ context }) => {
  const { limits, risk, now, workingIntents } = context;
  const limit = limits.tradesPerDay;
  if (limit === null) return NO_DAY;
  const today = risk.dayAt === dayStart(now) ? risk.tradesToday : 0;
  let count = today;
  for (const { action } of workingIntents) if (action === 'ENTER') count += 1;
  const measured = { check: 'dailyTrades', value: count, limit };
  return count < limit
    ? passed(measured)
    : blocked(
        measured,
        'daily_trade_limit',
        `The book has made or begun ${count} trades today; ${limit} are allowed.`,
      );
};

/** Gate 8: the symbol is not blocked for a pattern of its fills (RSK-63). */
export const checkPattern: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const { limits, risk, now } = context;
  const history = risk.symbols[signal.symbol];
  const until = history?.blockedUntil ?? null;
  if (!limits.blockPatterns || until === null) return NO_PATTERN;
  const leftMs = until - now;
  const measured = { check: 'pattern', value: history?.blockedFor ?? null, limit: null };
  return leftMs <= 0
    ? passed(measured)
    : blocked(
        measured,
        'pattern_block',
        `${signal.symbol} is blocked for ${Math.ceil(leftMs / 60_000)} more minutes: ${history?.blockedFor ?? 'a pattern'}.`,
      );
};
