import type { Instrument } from '@tradewind/core/instrument/instrument';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import {
  nextPrint,
  processInit,
  skipAhead,
  type Print,
  type ProcessConfig,
  type ProcessState,
} from '@tradewind/core/simulation/price-process';
import { seedFor } from '@tradewind/core/simulation/random';
import * as z from 'zod';
import { anchorOf, instrumentOf, knownSymbols } from '../symbols.ts';
import type { Feed, FeedPrint } from './feed.ts';

/** History that exists before the first moment anybody watches. */
export const HISTORY_MS = 24 * 3_600_000;
/** Behind by more than this, the market is filled in coarsely instead of trade by trade. */
const LAG_MS = 30_000;
const COARSE_MS = 5_000;
/** A trade is worth about this much, so that markets of any price are equally liquid. */
const MEDIAN_TRADE_QUOTE = 900;

const processState = z.strictObject({
  at: z.number().transform(epochMs),
  carryMs: z.number(),
  logPrice: z.number(),
  logVolatility: z.number(),
  regime: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
  seed: z.int(),
});
const snapshotSchema = z.record(z.string(), processState);

type Market = {
  readonly instrument: Instrument;
  readonly config: ProcessConfig;
  /** State before `pending`, so that a snapshot draws `pending` again. */
  state: ProcessState;
  pending: { readonly state: ProcessState; readonly print: Print } | null;
};

function processConfig(instrument: Instrument, anchor: number): ProcessConfig {
  return {
    anchor,
    volatility: 0.0006,
    trend: 0.7,
    regimeMinutes: 7,
    tradesPerSecond: 2.5,
    medianSize: MEDIAN_TRADE_QUOTE / anchor,
    tickSize: instrument.tickSize,
    lotSize: instrument.lotSize,
  };
}

function createMarket(symbol: string, start: EpochMs, seed: number): Market {
  const instrument = instrumentOf(symbol);
  const anchor = anchorOf(symbol);
  if (instrument === undefined || anchor === undefined)
    throw new RangeError(
      `"${symbol}" cannot be simulated. Choose from ${knownSymbols().join(', ')}.`,
    );
  const config = processConfig(instrument, anchor);
  return { instrument, config, state: processInit(config, start, seed), pending: null };
}

/** Trades of one market up to `now`: coarse while far behind, then one by one. */
function takeMarket(market: Market, now: EpochMs): FeedPrint[] {
  const { config, instrument } = market;
  const prints: FeedPrint[] = [];
  const keep = (state: ProcessState, print: Print): void => {
    market.state = state;
    market.pending = null;
    prints.push({ ...print, symbol: instrument.symbol });
  };
  const behind = now - market.state.at - HISTORY_MS;
  if (behind > COARSE_MS) {
    // Longer away than history reaches back: one step there, and nothing is printed for it.
    market.state = skipAhead(market.state, config, behind).state;
    market.pending = null;
  }
  if (now - market.state.at > LAG_MS)
    while (now - market.state.at > COARSE_MS) {
      const skipped = skipAhead(market.state, config, COARSE_MS);
      keep(skipped.state, skipped.print);
    }
  for (;;) {
    const next = market.pending ?? nextPrint(market.state, config);
    if (next.print.at > now) {
      market.pending = next;
      return prints;
    }
    keep(next.state, next.print);
  }
}

/**
 * A seeded market for each symbol, with 24 hours of history before `now`, made by the same process.
 *
 * @throws RangeError for a symbol that is not in the table, or a snapshot of something else.
 */
export function createSimulatedFeed(args: {
  readonly symbols: readonly string[];
  readonly seed: number;
  readonly now: EpochMs;
  readonly snapshot?: unknown;
}): Feed {
  const start = epochMs(args.now - HISTORY_MS);
  const saved = args.snapshot === undefined ? {} : snapshotSchema.parse(args.snapshot);
  const markets = args.symbols.map((symbol) => {
    const market = createMarket(symbol, start, seedFor(args.seed, symbol));
    return { ...market, state: saved[symbol] ?? market.state };
  });
  return {
    instruments: markets.map(({ instrument }) => instrument),
    take: (now) => markets.flatMap((market) => takeMarket(market, now)).sort((a, b) => a.at - b.at),
    report: () => ({ kind: 'sandbox', ended: false, firstAt: start, lastAt: null, badRows: 0 }),
    snapshot: () =>
      Object.fromEntries(markets.map(({ instrument, state }) => [instrument.symbol, state])),
  };
}
