import type { EpochMs } from '../lib/time.ts';
import { epochMs } from '../lib/time.ts';
import {
  priceFromFloat,
  qtyFromFloat,
  maxPrice,
  roundPrice,
  roundQty,
  type Price,
  type Qty,
} from '../lib/units.ts';
import { exponential, normal, uniform, type Draw, type Seed } from './random.ts';

/** How one simulated market behaves. Rates are per minute of market time, prices are logarithms. */
export type ProcessConfig = {
  /** Price to which it slowly returns. */
  readonly anchor: number;
  /** Typical standard deviation of a one-minute return: 0.0008 = 0.08 %. */
  readonly volatility: number;
  /** Drift per minute of a trending regime, in standard deviations. */
  readonly trend: number;
  /** Mean length of a regime in minutes. */
  readonly regimeMinutes: number;
  readonly tradesPerSecond: number;
  /** Median size of a trade in base units. */
  readonly medianSize: number;
  readonly tickSize: Price;
  readonly lotSize: Qty;
};

/** Plain state: stored and resumed, it goes on as if it had never stopped. */
export type ProcessState = {
  readonly at: EpochMs;
  /** Fraction of a millisecond that the last waiting time left over. */
  readonly carryMs: number;
  readonly logPrice: number;
  /** Logarithm of the volatility's multiple of its typical value. */
  readonly logVolatility: number;
  /** -1 falling, 0 sideways, 1 rising. */
  readonly regime: -1 | 0 | 1;
  readonly seed: Seed;
};

/** One simulated execution. */
export type Print = {
  readonly at: EpochMs;
  readonly price: Price;
  readonly size: Qty;
  readonly side: 'buy' | 'sell';
};

const SIZE_SPREAD = 1.1;
const VOLATILITY_RETURN = 0.05;
const VOLATILITY_OF_VOLATILITY = 0.12;
const ANCHOR_RETURN = 1 / 1_440;

/** A process that starts at its anchor. */
export const processInit = (config: ProcessConfig, at: EpochMs, seed: Seed): ProcessState => ({
  at,
  carryMs: 0,
  logPrice: Math.log(config.anchor),
  logVolatility: 0,
  regime: 0,
  seed,
});

/** Leaves the regime with the chance that `minutes` bring; falling, sideways and rising are equally likely. */
function nextRegime(state: ProcessState, config: ProcessConfig, minutes: number): ProcessState {
  const leave = uniform(state.seed);
  if (leave.value >= 1 - Math.exp(-minutes / config.regimeMinutes))
    return { ...state, seed: leave.seed };
  const pick = uniform(leave.seed);
  const regime = pick.value < 0.4 ? -1 : pick.value < 0.8 ? 1 : 0;
  return { ...state, regime, seed: pick.seed };
}

/**
 * Moves the price over `minutes`: stochastic volatility that returns to its mean, the regime's
 * drift, and a slow pull to the anchor (Euler steps of two Ornstein-Uhlenbeck processes).
 */
function step(before: ProcessState, config: ProcessConfig, minutes: number): ProcessState {
  const state = nextRegime(before, config, minutes);
  const volatilityShock = normal(state.seed);
  const priceShock = normal(volatilityShock.seed);
  const keep = Math.exp(-VOLATILITY_RETURN * minutes);
  const logVolatility =
    state.logVolatility * keep +
    VOLATILITY_OF_VOLATILITY * Math.sqrt(minutes) * volatilityShock.value;
  const sigma = config.volatility * Math.exp(Math.max(-1.5, Math.min(1.5, logVolatility)));
  const pull = 1 - Math.exp(-ANCHOR_RETURN * minutes);
  const logPrice =
    state.logPrice +
    state.regime * config.trend * sigma * minutes +
    (Math.log(config.anchor) - state.logPrice) * pull +
    sigma * Math.sqrt(minutes) * priceShock.value;
  return { ...state, logPrice, logVolatility, seed: priceShock.seed };
}

/** Lognormal around the median. */
function drawSize(config: ProcessConfig, seed: Seed): Draw {
  const draw = normal(seed);
  return { value: config.medianSize * Math.exp(SIZE_SPREAD * draw.value), seed: draw.seed };
}

/** Prints one trade at the state's time: the aggressor leans with the trend and pays half a tick of spread. */
function print(
  state: ProcessState,
  config: ProcessConfig,
  sizeFactor: number,
): { readonly state: ProcessState; readonly print: Print } {
  const lean = uniform(state.seed);
  const side = lean.value < 0.5 + 0.12 * state.regime ? 'buy' : 'sell';
  const drawn = drawSize(config, lean.seed);
  const raw = roundQty(qtyFromFloat(drawn.value * sizeFactor, 'floor'), config.lotSize, 'floor');
  const size = raw === 0n ? config.lotSize : raw;
  const mid = priceFromFloat(Math.exp(state.logPrice), 'floor');
  const rounding = side === 'buy' ? 'ceil' : 'floor';
  const price = maxPrice(config.tickSize, roundPrice(mid, config.tickSize, rounding));
  return { state: { ...state, seed: drawn.seed }, print: { at: state.at, price, size, side } };
}

/** The next trade: exponential waiting times at the configured rate. */
export function nextPrint(
  before: ProcessState,
  config: ProcessConfig,
): { readonly state: ProcessState; readonly print: Print } {
  const wait = exponential(before.seed);
  const waitMs = before.carryMs + (wait.value / config.tradesPerSecond) * 1_000;
  const whole = Math.floor(waitMs);
  const moved = step({ ...before, seed: wait.seed }, config, whole / 60_000);
  const state = { ...moved, at: epochMs(before.at + whole), carryMs: waitMs - whole };
  return print(state, config, 1);
}

/**
 * The trade `ms` later that stands for all trades in between: how history, and time during which
 * nobody watched, are filled at little cost. Same process, volume scaled to the time it covers.
 */
export function skipAhead(
  before: ProcessState,
  config: ProcessConfig,
  ms: number,
): { readonly state: ProcessState; readonly print: Print } {
  const moved = step(before, config, ms / 60_000);
  const state = { ...moved, at: epochMs(before.at + ms), carryMs: 0 };
  return print(state, config, Math.max(1, (ms / 1_000) * config.tradesPerSecond));
}
