import {
  BACKTEST_DEFAULTS,
  NEXT_OPEN,
  NO_LIMITS,
  type BacktestConfig,
  type PositionSize,
} from '@tradewind/core/backtest/config';
import {
  parseMoney,
  parsePrice,
  parseQty,
  percentOf,
  minMoney,
  type Money,
} from '@tradewind/core/lib/units';
import type { Result } from '@tradewind/core/lib/result';
import type { ProtectionPcts } from '@tradewind/core/portfolio/protection';
import { LIMITS, type Limits } from '@tradewind/core/risk/limits';
import { Fault } from '../lib/fault.ts';
import type { Rules } from './instrument.ts';

/** What a person may set of a backtest, as text from the command line. */
export type SettingOptions = {
  readonly balance: string;
  readonly limits: 'paper' | 'small' | 'full' | 'none';
  readonly size?: string;
  readonly stop?: string;
  readonly target?: string;
  readonly trailing?: string;
  readonly fees?: string;
  readonly slippage?: string;
  readonly latency?: string;
  readonly conventions: 'paper' | 'next-open';
  readonly seed: string;
  readonly tick?: string;
  readonly lot?: string;
  readonly minNotional?: string;
};

const orFault = <T>(parsed: Result<T, string>, option: string): T => {
  if (!parsed.ok) throw new Fault(`${option}: ${parsed.error}.`);
  return parsed.value;
};

function numberIn(text: string, option: string, [low, high]: readonly [number, number]): number {
  const value = Number(text.replace(/ ?%$/, ''));
  if (text.trim() === '' || !(value >= low && value <= high))
    throw new Fault(`${option} takes a number from ${low} to ${high}, not "${text}".`);
  return value;
}

/** Fees in percent: one for both, or maker,taker. */
function feesOf(text: string, { fees }: Pick<BacktestConfig, 'fees'>): BacktestConfig['fees'] {
  const parts = text.split(',');
  const [maker = '', taker = maker] = parts;
  if (parts.length > 2)
    throw new Fault(
      `--fees takes one percentage, or maker,taker, not "${text}". Write 0.1 or 0.02,0.05.`,
    );
  const rate = (part: string): number =>
    Number((numberIn(part.trim(), '--fees', [0, 10]) / 100).toFixed(9));
  return { ...fees, maker: rate(maker), taker: rate(taker) };
}

const FREE = { spreadPct: 0, fixedPct: 0, impactPct: 0, maxImpactRatio: 0 };

/** How much worse than the last price fills are: `none`, or a fixed percentage. */
const slippageOf = (text: string): BacktestConfig['slippage'] =>
  text === 'none' ? FREE : { ...FREE, fixedPct: numberIn(text, '--slippage', [0, 50]) };

function latencyOf(text: string): BacktestConfig['latencyMs'] {
  const [least = '', most = least] = text.replace(/ ?ms$/, '').split('-');
  const latency = {
    min: numberIn(least, '--latency', [0, 600_000]),
    max: numberIn(most, '--latency', [0, 600_000]),
  };
  if (latency.min > latency.max)
    throw new Fault(
      `--latency: ${latency.min} is more than ${latency.max}. Write the shorter one first: 50-300.`,
    );
  return latency;
}

/** Recorded bars tell neither spread nor what a book had come to: what a live book would block for that is told. */
const LIMIT_PROFILES: Readonly<Record<SettingOptions['limits'], Limits>> = {
  paper: LIMITS.paper,
  small: { ...LIMITS.small, marketChecks: 'warn' },
  full: { ...LIMITS.full, marketChecks: 'warn' },
  none: NO_LIMITS,
};

/** Four fifths of what a profile lets one position be: a book that has lost a little may still trade. */
const SHARE_OF_LIMIT_PCT = 80;

/** What an entry commits: as told, else what the limits allow; all cash where there are none. */
function sizeOf({ size, limits }: SettingOptions, balance: Money): PositionSize {
  if (size === 'all') return { kind: 'cash', pct: 100 };
  if (size?.endsWith('%') === true)
    return { kind: 'cash', pct: numberIn(size, '--size', [0.01, 100]) };
  if (size !== undefined) {
    const amount = orFault(
      parseMoney(size),
      '--size takes an amount, a percentage of the free cash, or all',
    );
    if (amount <= 0n) throw new Fault('--size is not above 0.');
    return { kind: 'quote', amount };
  }
  if (limits === 'none') return { kind: 'cash', pct: 100 };
  const { maxPositionQuote, maxConcentrationPct } = LIMIT_PROFILES[limits];
  const allowed = minMoney(maxPositionQuote, percentOf(balance, maxConcentrationPct, 'floor'));
  return { kind: 'quote', amount: percentOf(allowed, SHARE_OF_LIMIT_PCT, 'floor') };
}

/** Stop and target are one thing to the book: who gives one gets a far other. */
const FAR_PCT = 100;

function protectionOf({ stop, target, trailing }: SettingOptions): ProtectionPcts | null {
  if (stop === undefined && target === undefined && trailing === undefined) return null;
  const pct = (text: string | undefined, option: string, most: number): number =>
    text === undefined ? FAR_PCT : numberIn(text, option, [0.01, most]);
  return {
    stopLossPct: pct(stop, '--stop', 99),
    takeProfitPct: target === undefined ? 100_000 : numberIn(target, '--target', [0.01, 100_000]),
    trailingStopPct: trailing === undefined ? null : numberIn(trailing, '--trailing', [0.01, 99]),
  };
}

/** What of a configuration the command line says. */
type Told = Pick<
  BacktestConfig,
  | 'initialBalance'
  | 'limits'
  | 'fees'
  | 'slippage'
  | 'participationPct'
  | 'latencyMs'
  | 'funding'
  | 'fills'
  | 'decideFrom'
  | 'seed'
>;
export type Settings = {
  readonly config: Told;
  /** Of a strategy that no document sizes and protects. */
  readonly size: PositionSize;
  readonly protection: ProtectionPcts | null;
};

/** The settings of a backtest from what was typed. @throws Fault that says which option is wrong, and how. */
export function settingsOf(options: SettingOptions): Settings {
  const initialBalance = orFault(
    parseMoney(options.balance),
    '--balance takes an amount of quote currency',
  );
  if (initialBalance <= 0n) throw new Fault('--balance is not above 0.');
  const base = options.conventions === 'next-open' ? NEXT_OPEN : BACKTEST_DEFAULTS;
  const seed = numberIn(options.seed, '--seed', [0, 4_294_967_295]);
  if (!Number.isInteger(seed)) throw new Fault('--seed takes a whole number.');
  const config: Told = {
    ...base,
    initialBalance,
    limits: LIMIT_PROFILES[options.limits],
    fees: options.fees === undefined ? base.fees : feesOf(options.fees, base),
    slippage: options.slippage === undefined ? base.slippage : slippageOf(options.slippage),
    latencyMs: options.latency === undefined ? base.latencyMs : latencyOf(options.latency),
    seed,
  };
  return { config, size: sizeOf(options, initialBalance), protection: protectionOf(options) };
}

/** The venue's rules, where they were typed. @throws Fault for one that is no number above 0. */
export function rulesOf({ tick, lot, minNotional }: SettingOptions): Rules {
  const positive = <T extends bigint>(parsed: Result<T, string>, option: string): T => {
    const value = orFault(parsed, option);
    if (value <= 0n) throw new Fault(`${option} is not above 0.`);
    return value;
  };
  return {
    ...(tick === undefined ? {} : { tick: positive(parsePrice(tick), '--tick') }),
    ...(lot === undefined ? {} : { lot: positive(parseQty(lot), '--lot') }),
    ...(minNotional === undefined
      ? {}
      : { minNotional: orFault(parseMoney(minNotional), '--min-notional') }),
  };
}
