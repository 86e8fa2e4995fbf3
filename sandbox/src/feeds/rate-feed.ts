import type { Instrument } from '@tradewind/core/instrument/instrument';
import { bucketStart, epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { notional, qtyFromFloat, toNumber } from '@tradewind/core/lib/units';
import type { Print } from '@tradewind/core/simulation/price-process';
import { seedFor, uniform } from '@tradewind/core/simulation/random';
import * as z from 'zod';
import { MINUTE, type TapeCandle } from '../exchange/tape.ts';
import { anchorOf, instrumentOf } from '../symbols.ts';
import type { Feed, FeedPrint } from './feed.ts';

/** Swings of the price: period in seconds and size as a share of it. They never add up to 3 %. */
const SWINGS = [
  [7, 0.0001],
  [31, 0.0003],
  [131, 0.0006],
  [577, 0.0015],
  [2_579, 0.004],
  [11_003, 0.012],
] as const;
/** Ticks by which single trades scatter around the swings. */
const SCATTER = 2;
/** A trade is worth about this much quote. */
const TRADE_QUOTE = 300;
/** Behind by more than this the market was asleep: nothing traded meanwhile. */
const ASLEEP_MS = 60_000;
/** Minutes of history before the first trade: enough for every warm-up. */
const HISTORY_MINUTES = 720;
const SAMPLES = 8;

/** Markets that are in no table: a made-up one for load, with round rules. */
const MADE_UP = { tick: '0.01', lot: '0.001' };
const MADE_UP_ANCHOR = 100;

/** Trades since `fromId` are a fixed time apart, the first at `startAt`. */
type Stretch = { readonly fromId: number; readonly startAt: number };
const snapshotSchema = z.record(
  z.string(),
  z.strictObject({
    nextId: z.int().positive(),
    stretches: z.array(z.strictObject({ fromId: z.int(), startAt: z.number() })).min(1),
  }),
);

type Market = {
  readonly instrument: Instrument;
  readonly seed: number;
  readonly anchor: number;
  readonly tick: number;
  readonly lot: number;
  stretches: Stretch[];
  nextId: number;
};

/** A fraction of [0, 1) that belongs to trade `id` of a market. */
const fraction = (seed: number, id: number): number =>
  uniform(Math.imul(seed ^ id, 0x9e3779b1)).value;

/** Where the swings are at `at`: a formula of time, so that any trade can be made again by its id. */
function level({ anchor, seed }: Market, at: number): number {
  let log = Math.log(anchor);
  let phase = seed % 1_000;
  for (const [period, size] of SWINGS) {
    log += size * Math.sin((2 * Math.PI * at) / (period * 1_000) + phase);
    phase = (phase * 7.31) % 6.28;
  }
  return Math.exp(log);
}

function timeOf(market: Market, id: number, gapMs: number): number {
  let stretch = market.stretches[0];
  for (const each of market.stretches) if (each.fromId <= id) stretch = each;
  if (stretch === undefined) throw new Error('Invariant: a market has a first stretch');
  return stretch.startAt + (id - stretch.fromId) * gapMs;
}

/** Trade number `id` of a market. */
function printOf(market: Market, id: number, gapMs: number): Print {
  const at = timeOf(market, id, gapMs);
  const { seed, tick, lot } = market;
  const rising = level(market, at + 1_000) > level(market, at);
  const side = fraction(seed, 3 * id) < (rising ? 0.55 : 0.45) ? 'buy' : 'sell';
  const scatter = Math.floor(fraction(seed, 3 * id + 1) * (2 * SCATTER + 1)) - SCATTER;
  const ticks = Math.max(1, Math.round(level(market, at) / tick) + scatter);
  // Exponential sizes: many small ones, few large.
  const lots = -Math.log(1 - fraction(seed, 3 * id + 2)) * (TRADE_QUOTE / market.anchor / lot);
  const { tickSize, lotSize } = market.instrument;
  const price = (tickSize * BigInt(ticks)) as Print['price'];
  const size = (lotSize * BigInt(Math.max(1, Math.round(lots)))) as Print['size'];
  return { at: epochMs(Math.floor(at)), price, size, side };
}

/** A minute of the time before the first trade: the same swings, and the volume that the rate brings. */
function candleOf(market: Market, openAt: EpochMs, perSecond: number): TapeCandle {
  const at = (sample: number) => openAt + (sample * MINUTE) / SAMPLES;
  const levels = Array.from({ length: SAMPLES + 1 }, (_, sample) => level(market, at(sample)));
  const px = (value: number) => {
    const ticks = BigInt(Math.max(1, Math.round(value / market.tick)));
    return (market.instrument.tickSize * ticks) as TapeCandle['open'];
  };
  const trades = Math.max(1, Math.round(perSecond * 60));
  const volume = qtyFromFloat((trades * TRADE_QUOTE) / market.anchor, 'floor');
  const close = px(levels.at(-1) ?? market.anchor);
  const half = (volume / 2n) as typeof volume;
  return {
    openAt,
    open: px(levels[0] ?? market.anchor),
    high: px(Math.max(...levels)),
    low: px(Math.min(...levels)),
    close,
    volume,
    quoteVolume: notional(close, volume, 'floor'),
    trades,
    buyVolume: half,
    buyQuoteVolume: notional(close, half, 'floor'),
  };
}

type RateArgs = {
  readonly symbols: readonly string[];
  readonly seed: number;
  readonly now: EpochMs;
  readonly perSecond: number;
  readonly snapshot?: unknown;
};

/** The markets, new or as they were saved, each out of step with the one before. */
function createMarkets({ symbols, seed, now, snapshot }: RateArgs, gapMs: number): Market[] {
  const saved = snapshot === undefined ? {} : snapshotSchema.parse(snapshot);
  return symbols.map((symbol, index) => {
    const instrument = instrumentOf(symbol, MADE_UP);
    if (instrument === undefined)
      throw new RangeError(`"${symbol}" is not of the form BASE-QUOTE.`);
    const phase = (index / symbols.length) * gapMs;
    return {
      instrument,
      seed: seedFor(seed, symbol),
      anchor: anchorOf(symbol) ?? MADE_UP_ANCHOR,
      tick: toNumber(instrument.tickSize),
      lot: toNumber(instrument.lotSize),
      stretches: saved[symbol]?.stretches ?? [{ fromId: 1, startAt: now + phase }],
      nextId: saved[symbol]?.nextId ?? 1,
    };
  });
}

/**
 * A market for load: every symbol trades `perSecond` times a second, evenly, the symbols out of step
 * with each other. Prices are made up by a formula of seed, symbol, time and number: any trade can be
 * made again, so that nothing has to be kept to serve it.
 *
 * @throws RangeError unless the rate is between 0.01 and 10,000.
 */
export function createRateFeed(args: RateArgs): Feed {
  const { perSecond, now } = args;
  if (!(perSecond >= 0.01 && perSecond <= 10_000))
    throw new RangeError(
      `A rate is between 0.01 and 10000 trades a second, such as rate:50; it was ${perSecond}.`,
    );
  const gapMs = 1_000 / perSecond;
  const markets = createMarkets(args, gapMs);
  const bySymbol = new Map(markets.map((market) => [market.instrument.symbol, market]));
  const takeMarket = (market: Market, until: EpochMs): FeedPrint[] => {
    const { symbol } = market.instrument;
    const prints: FeedPrint[] = [];
    if (until - timeOf(market, market.nextId, gapMs) > ASLEEP_MS)
      market.stretches = [...market.stretches, { fromId: market.nextId, startAt: until }];
    for (; timeOf(market, market.nextId, gapMs) <= until; market.nextId += 1)
      prints.push({ ...printOf(market, market.nextId, gapMs), symbol });
    return prints;
  };
  let lastAt: EpochMs | null = null;
  return {
    instruments: markets.map(({ instrument }) => instrument),
    take: (until) => {
      lastAt = until;
      return markets.flatMap((market) => takeMarket(market, until)).sort((a, b) => a.at - b.at);
    },
    recall: (symbol, id) => {
      const market = bySymbol.get(symbol);
      return market === undefined || id < 1 || id >= market.nextId
        ? undefined
        : printOf(market, id, gapMs);
    },
    history: (symbol) => {
      const market = bySymbol.get(symbol);
      if (market === undefined) return [];
      const end = bucketStart(now, MINUTE);
      return Array.from({ length: HISTORY_MINUTES }, (_, index) =>
        candleOf(market, epochMs(end - (HISTORY_MINUTES - index) * MINUTE), perSecond),
      );
    },
    report: () => ({
      kind: `rate:${perSecond}`,
      ended: false,
      firstAt: args.symbols.length === 0 ? null : now,
      lastAt,
      badRows: 0,
    }),
    snapshot: () =>
      Object.fromEntries(
        markets.map(({ instrument, nextId, stretches }) => [
          instrument.symbol,
          { nextId, stretches },
        ]),
      ),
  };
}
