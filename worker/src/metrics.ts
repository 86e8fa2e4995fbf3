import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics, register } from 'prom-client';
import { createArchiveMetrics } from './archive-metrics.ts';
import type { ConnectionState } from './connection.ts';
import { createMarginMetrics } from './margin-metrics.ts';
import type { FeedKey } from './ports.ts';

/** `md_connection_state`: 0 to 5, and 6 for one that is given up. */
const STATES: readonly ConnectionState[] = [
  'IDLE',
  'CONNECTING',
  'SUBSCRIBING',
  'LIVE',
  'STALE',
  'RECONNECTING',
  'FAILED',
];

/** Counters of one market, bound to its labels once: a trade must not look them up. */
export type MarketCounters = {
  readonly ticks: { readonly inc: () => void };
  readonly dropped: { readonly inc: (by?: number) => void };
  readonly duplicates: { readonly inc: () => void };
  readonly late: { readonly inc: () => void };
  readonly bad: { readonly inc: (by?: number) => void };
};

function counters(registers: Registry[]) {
  const ofSymbol = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['venue', 'symbol'], registers });
  const ofVenue = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['venue'], registers });
  return {
    ticks: ofSymbol('md_ticks_total', 'Trades that arrived'),
    dropped: ofSymbol('md_ticks_dropped_total', 'Trades that were given up under pressure'),
    duplicates: ofSymbol('md_ticks_duplicate_total', 'Trades that came twice'),
    late: ofSymbol('md_ticks_late_total', 'Trades later than candles wait for'),
    bad: ofSymbol('md_ticks_bad_total', 'Trades that cannot be used'),
    future: ofVenue('md_ticks_future_total', 'Trades that the venue dates after their arrival'),
    reconnects: ofVenue('md_reconnects_total', 'Connections made again'),
    backfills: ofVenue('md_gap_backfills_total', 'Gaps that REST filled'),
    mismatch: new Counter({
      name: 'md_candle_mismatch_total',
      help: "Candles that differ from the venue's own",
      labelNames: ['venue', 'tf'],
      registers,
    }),
  };
}

function gauges(registers: Registry[]) {
  return {
    age: new Gauge({
      name: 'md_last_message_age_seconds',
      help: 'Since the last trade of a market',
      labelNames: ['venue', 'symbol'],
      registers,
    }),
    state: new Gauge({
      name: 'md_connection_state',
      help: STATES.map((state, index) => `${index} ${state}`).join(', '),
      labelNames: ['venue', 'market'],
      registers,
    }),
    queue: new Gauge({
      name: 'md_queue_depth',
      help: 'Trades that wait to be processed',
      labelNames: ['lane'],
      registers,
    }),
    symbolKb: new Gauge({
      name: 'md_heap_kb_per_symbol',
      help: 'Heap in use, divided by followed markets (MD-86)',
      registers,
    }),
  };
}

/** The figures of 01, section 11, and how they are read. */
export function createMetrics(registry: Registry = new Registry()) {
  const { ticks, dropped, duplicates, late, bad, ...counted } = counters([registry]);
  const { age, state, queue, symbolKb } = gauges([registry]);
  const latency = new Histogram({
    name: 'md_tick_latency_ms',
    help: "From the venue's time of a trade to its arrival",
    labelNames: ['venue'],
    buckets: [1, 5, 10, 25, 50, 100, 250, 1_000],
    registers: [registry],
  });
  return {
    ...counted,
    archive: createArchiveMetrics([registry]),
    margin: createMarginMetrics([registry]),
    /** Counters of one market. */
    market: (venue: string, symbol: string): MarketCounters => ({
      ticks: ticks.labels(venue, symbol),
      dropped: dropped.labels(venue, symbol),
      duplicates: duplicates.labels(venue, symbol),
      late: late.labels(venue, symbol),
      bad: bad.labels(venue, symbol),
    }),
    /** From the venue to us; a trade from the future counts as one that took no time. */
    arrived: (venue: string, ms: number): void => {
      latency.labels(venue).observe(Math.max(0, ms));
      if (ms < 0) counted.future.labels(venue).inc();
    },
    age: (venue: string, symbol: string, seconds: number): void => {
      age.labels(venue, symbol).set(seconds);
    },
    connection: ({ venue, market }: FeedKey, told: ConnectionState): void => {
      state.labels(venue, market).set(STATES.indexOf(told));
    },
    queue: (lane: string, depth: number): void => {
      queue.labels(lane).set(depth);
    },
    symbolKb: (kb: number): void => {
      symbolKb.set(kb);
    },
    /** Names of a market that is no longer followed are forgotten. */
    forget: (venue: string, symbol: string): void => {
      age.remove(venue, symbol);
    },
    /** All of it, and what libraries keep in the process's own registry, in Prometheus' text format. */
    text: (): Promise<string> => Registry.merge([registry, register]).metrics(),
    contentType: registry.contentType,
  };
}
export type Metrics = ReturnType<typeof createMetrics>;

/** Memory, event loop and garbage collection of the process, in its own registry. */
export function collectProcessMetrics(): void {
  collectDefaultMetrics();
}
