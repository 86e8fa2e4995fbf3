import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { epochMs, later, minutes, type EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import { builderAdd, builderAdvance, builderInit } from '@tradewind/core/market/candle-builder';
import type { Candle, Trade } from '@tradewind/core/market/market';
import { createChunkWriter } from './chunks.ts';
import { createGapFiller } from './gap.ts';
import type { Followed, WorkerPorts } from './ports.ts';

const MINUTE = minutes(1);
/** Least wall time between two writes of one market's chunk (ARC-41). */
const WRITE_EVERY_MS = 1_000;

/** What a step stored: candles of a gap, and the end of the newest bar that the stream closed. */
export type Stored = {
  readonly gapFilled: readonly Candle[];
  readonly closedBar: EpochMs | null;
};

/** Makes one market's trades into stored candles, without holes (MD-43, MD-81). */
export type Recorder = {
  /** The stream begins (again) now: the minute that runs and all before it come from REST. */
  readonly join: () => void;
  readonly add: (trade: Trade) => void;
  /** Closes minutes that are over at `now`, market time. */
  readonly advance: (now: EpochMs) => void;
  /** Stores what is due; `final` also what was stored less than a second ago. */
  readonly flush: (final?: 'final') => Promise<Stored>;
};

const NOTHING: Stored = { gapFilled: [], closedBar: null };
const endOf = ({ openAt }: Candle): EpochMs => later(openAt, MINUTE);

export function createRecorder(ports: WorkerPorts, market: Followed): Recorder {
  const { clock, store, origin } = ports;
  const { marketKey, symbol } = market;
  const chunks = createChunkWriter(store, { marketKey, origin }, clock.wallNow);
  const gap = createGapFiller(ports, symbol);
  let builder = builderInit(marketKey);
  let pending: Candle[] = [];
  let lastPrice: Price | null = null;
  let storedUntil: EpochMs | null = null;
  let writtenAt = -Infinity;
  let storing: Promise<unknown> | null = null;

  const storeDue = async (): Promise<Stored> => {
    const gapFilled = await gap.fill();
    const closed = pending;
    pending = [];
    const all = [...gapFilled, ...closed];
    if (all.length === 0) return NOTHING;
    try {
      await chunks.append(all);
    } catch (error) {
      pending = [...all, ...pending];
      throw error;
    }
    writtenAt = clock.wallNow();
    storedUntil = epochMs(Math.max(storedUntil ?? 0, ...all.map(endOf)));
    lastPrice ??= gapFilled.at(-1)?.close ?? null;
    return { gapFilled, closedBar: closed.map(endOf).at(-1) ?? null };
  };

  return {
    join: () => {
      // What the builder closed and nobody stored yet is whole: REST need not tell it again.
      const known = pending.at(-1);
      const closedUntil = gap.open(known === undefined ? storedUntil : endOf(known));
      builder = builderInit(marketKey, { closedUntil, lastClose: lastPrice });
    },
    add: (trade) => {
      const step = builderAdd(builder, trade);
      pending.push(...step.closed);
      if (step.duplicate !== true) lastPrice = trade.price;
    },
    advance: (now) => {
      pending.push(...builderAdvance(builder, now).closed);
    },
    flush: async (final) => {
      if (storing !== null) {
        if (final !== 'final') return NOTHING;
        await storing.catch(() => undefined);
      }
      if (final !== 'final' && clock.wallNow() - writtenAt < WRITE_EVERY_MS) return NOTHING;
      const work = storeDue();
      storing = work;
      try {
        return await work;
      } finally {
        storing = null;
      }
    },
  };
}

/** Writes the venue's rules of a market, when they are new (`markets/{k}`). */
export async function ensureMarket(ports: WorkerPorts, market: Followed): Promise<boolean> {
  const { venue, store, clock, log } = ports;
  const found = await venue.instruments([market.symbol]);
  const [instrument] = found.ok ? found.value : [];
  if (instrument === undefined) {
    const reason = found.ok ? 'no such market' : found.error.message;
    log.warn('market rules could not be read', { symbol: market.symbol, reason });
    return false;
  }
  const path = paths.market(instrument.marketKey);
  const known = await store.get(path, marketDoc);
  const names = Object.keys(instrument) as (keyof typeof instrument)[];
  if (!names.every((name) => known?.[name] === instrument[name]))
    await store.set(path, marketDoc, { ...instrument, updatedAt: clock.wallNow() });
  return true;
}
