import { bucketStart, dayStart, durationMs, minutes, type EpochMs } from '../lib/time.ts';

/** Why a strategy may enter nothing until an admin says so. */
export type DisabledFor = 'order_failures' | 'signal_storm' | 'order_rate' | 'slippage';
export type Disabled = {
  readonly at: EpochMs;
  readonly reason: DisabledFor;
  readonly detail: string;
};

/** Orders of one strategy on one UTC day, and the five-minute windows that had any. */
type DayOrders = { readonly dayAt: EpochMs; readonly orders: number; readonly windows: number };

/** What a strategy's orders have come to, in one book; market times. */
export type TraderHistory = {
  /** Orders in a row that came to nothing (RSK-66). */
  readonly failures: number;
  /** Realised slippage of its last orders in percent, oldest first (RSK-100). */
  readonly slippages: readonly number[];
  /** Its orders of the last seven days, oldest first, and the window that is counted now (RSK-65). */
  readonly days: readonly DayOrders[];
  readonly windowAt: EpochMs | null;
  readonly windowOrders: number;
  readonly disabled: Disabled | null;
};

export const traderInit: TraderHistory = {
  failures: 0,
  slippages: [],
  days: [],
  windowAt: null,
  windowOrders: 0,
  disabled: null,
};

const MAX_FAILURES = 10;
const SLIPPAGES = 10;
const SLIPPAGE_WARN_PCT = 0.3;
const DAYS = 7;
const WINDOW = minutes(5);
const MIN_ORDERS = 100;
const WARN_FACTOR = 2;
const PAUSE_FACTOR = 5;

/** What a record makes of a strategy: its history, and what has to be told. */
export type Judged = {
  readonly trader: TraderHistory;
  readonly told: {
    readonly severity: 'WARNING' | 'CRITICAL';
    readonly reason: DisabledFor;
    readonly detail: string;
  } | null;
};

const quiet = (trader: TraderHistory): Judged => ({ trader, told: null });

/** The first cause stays: a second one neither replaces nor announces it again. */
export function disable(trader: TraderHistory, { at, reason, detail }: Disabled): Judged {
  if (trader.disabled !== null) return quiet(trader);
  return {
    trader: { ...trader, disabled: { at, reason, detail } },
    told: { severity: 'CRITICAL', reason, detail },
  };
}

/** An order came to nothing (RSK-66): the tenth in a row disables its strategy. */
export function orderFailed(known: TraderHistory | undefined, at: EpochMs): Judged {
  const before = known ?? traderInit;
  const trader = { ...before, failures: before.failures + 1 };
  if (trader.failures < MAX_FAILURES) return quiet(trader);
  const detail = `${trader.failures} orders in a row came to nothing`;
  return disable(trader, { at, reason: 'order_failures', detail });
}

/** Average of the last ten realised slippages in percent; `null` before there are ten. */
const slippageAverage = ({ slippages }: TraderHistory): number | null =>
  slippages.length < SLIPPAGES
    ? null
    : slippages.reduce((sum, pct) => sum + pct, 0) / slippages.length;

/** Half sizes while a strategy's last ten orders slipped by more than 0.3 % on average (RSK-100). */
export const slippageFactor = (trader: TraderHistory | undefined): number => {
  const average = trader === undefined ? null : slippageAverage(trader);
  return average !== null && average > SLIPPAGE_WARN_PCT ? 0.5 : 1;
};

/**
 * An order was filled: failures begin anew (RSK-66) and its slippage counts (RSK-100). A single one of more than twice
 * the limit pauses its strategy; an average above 0.3 % is told when it begins.
 */
export function orderFilled(
  known: TraderHistory | undefined,
  fill: {
    readonly at: EpochMs;
    readonly slippagePct: number | null;
    readonly maxSlippagePct: number;
  },
): Judged {
  const before = known ?? traderInit;
  const { slippagePct, at, maxSlippagePct } = fill;
  if (slippagePct === null) return quiet({ ...before, failures: 0 });
  const slippages = [...before.slippages, slippagePct].slice(-SLIPPAGES);
  const trader = { ...before, failures: 0, slippages };
  if (slippagePct > 2 * maxSlippagePct) {
    const detail = `an order slipped by ${slippagePct.toFixed(2)} %, more than twice the limit of ${maxSlippagePct} %`;
    return disable(trader, { at, reason: 'slippage', detail });
  }
  if (slippageFactor(trader) === 1 || slippageFactor(before) < 1) return quiet(trader);
  const detail = `its last ${SLIPPAGES} orders slipped by more than ${SLIPPAGE_WARN_PCT} % on average: sizes are halved`;
  return { trader, told: { severity: 'WARNING', reason: 'slippage', detail } };
}

/**
 * An order was approved. More in a five-minute window than twice what such a window usually has warns, more than five
 * times pauses (RSK-65). Usual is the mean over the windows of seven days in which it ordered at all: a strategy that
 * trades seldom would else be at fault with its every order.
 */
export function orderApproved(known: TraderHistory | undefined, at: EpochMs): Judged {
  const before = known ?? traderInit;
  const window = bucketStart(at, WINDOW);
  const isNew = before.windowAt !== window;
  const today = dayStart(at);
  const since = today - durationMs((DAYS - 1) * 86_400_000);
  const days = before.days.filter(({ dayAt }) => dayAt >= since && dayAt < today);
  const day = before.days.find(({ dayAt }) => dayAt === today);
  const windowOrders = isNew ? 1 : before.windowOrders + 1;
  const trader: TraderHistory = {
    ...before,
    windowAt: window,
    windowOrders,
    days: [
      ...days,
      {
        dayAt: today,
        orders: (day?.orders ?? 0) + 1,
        windows: (day?.windows ?? 0) + (isNew ? 1 : 0),
      },
    ],
  };
  return judgeRate(trader, usualRate(before, since, window), at);
}

/** Mean orders of a window that had any, the one at `window` left out; `null` before a hundred orders. */
function usualRate(
  { days, windowAt, windowOrders }: TraderHistory,
  since: number,
  window: EpochMs,
): number | null {
  const isOpen = windowAt === window;
  let orders = isOpen ? 0 - windowOrders : 0;
  let windows = isOpen ? -1 : 0;
  for (const day of days)
    if (day.dayAt >= since) {
      orders += day.orders;
      windows += day.windows;
    }
  return orders >= MIN_ORDERS && windows > 0 ? orders / windows : null;
}

function judgeRate(trader: TraderHistory, usual: number | null, at: EpochMs): Judged {
  if (usual === null) return quiet(trader);
  const { windowOrders } = trader;
  const detail = `${windowOrders} orders within five minutes, where ${usual.toFixed(1)} are usual`;
  if (windowOrders > PAUSE_FACTOR * usual)
    return disable(trader, { at, reason: 'order_rate', detail });
  const crosses = windowOrders > WARN_FACTOR * usual && windowOrders - 1 <= WARN_FACTOR * usual;
  return crosses
    ? { trader, told: { severity: 'WARNING', reason: 'order_rate', detail } }
    : quiet(trader);
}

/** More signals of one strategy within a second than this are a storm (RSK-67). */
const MAX_SIGNALS_PER_SECOND = 50;
const SECOND_MS = 1_000;

/** Strategies with a signal storm among these signals: id and how many came within one second (RSK-67). */
export function signalStorms(
  signals: readonly { readonly strategyId: string; readonly at: EpochMs }[],
): ReadonlyMap<string, number> {
  const storms = new Map<string, number>();
  if (signals.length <= MAX_SIGNALS_PER_SECOND) return storms;
  const byStrategy = new Map<string, number[]>();
  for (const { strategyId, at } of signals) {
    const times = byStrategy.get(strategyId) ?? [];
    times.push(at);
    byStrategy.set(strategyId, times);
  }
  for (const [strategyId, times] of byStrategy) {
    times.sort((a, b) => a - b);
    let from = 0;
    let most = 0;
    for (const [index, at] of times.entries()) {
      while (at - (times[from] ?? at) >= SECOND_MS) from += 1;
      most = Math.max(most, index - from + 1);
    }
    if (most > MAX_SIGNALS_PER_SECOND) storms.set(strategyId, most);
  }
  return storms;
}
