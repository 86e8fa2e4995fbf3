import type { Archive } from '@tradewind/adapters/archive/archive';
import { Counter, Histogram, type Registry } from 'prom-client';

type PoolFigures = Pick<ReturnType<Archive['stats']>, 'hits' | 'misses'>;

/** How the archive does, for `GET /metrics` (01, section 11). */
export function createArchiveMetrics(registers: Registry[]) {
  const duration = (name: string, help: string) =>
    new Histogram({
      name,
      help,
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    });
  const writing = duration('md_archive_write_seconds', 'One file of trades or candles');
  const asking = duration('md_query_seconds', 'One question to the archive');
  let pool = (): PoolFigures => ({ hits: 0, misses: 0 });
  const counted = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      // The pool counts by itself: what it says is taken over whenever somebody asks.
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  counted('md_duckdb_pool_hits_total', 'Handles of DuckDB that were open', () => pool().hits);
  counted('md_duckdb_pool_misses_total', 'Handles of DuckDB that were opened', () => pool().misses);
  return {
    /** A file was written, or a question answered, in so many milliseconds. */
    done: (what: 'write' | 'query', ms: number): void => {
      (what === 'write' ? writing : asking).observe(ms / 1_000);
    },
    /** Whose handles are counted. */
    pool: (read: () => PoolFigures): void => {
      pool = read;
    },
  };
}
