import {
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  TINYINT,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Grid } from '@tradewind/core/market/grid';
import { formatDecimal } from '@tradewind/core/lib/units';
import type { ArchiveFiles } from './archive-files.ts';
import type { Database } from './database.ts';
import { folderOf, partitionOf } from './layout.ts';
import type { BarRow, TickRow, TickSource } from './rows.ts';
import { DECIMAL, literal, literals, PARQUET } from './sql.ts';

/** Rows of one kind that are written together; what is written already is left out when it is tried again. */
export type Segment = {
  readonly id: string;
  readonly marketKey: string;
  readonly grid: Grid;
  readonly written: Set<number>;
} & (
  | { readonly kind: 'ticks'; readonly rows: readonly TickRow[] }
  | { readonly kind: BarRow['series']; readonly rows: readonly BarRow[]; readonly closedAt: number }
);

type Column<R> = readonly [name: string, type: DuckDBType, read: (row: R) => DuckDBValue];

const SOURCES: readonly TickSource[] = ['ws', 'rest', 'recorded'];

// Whole numbers travel as floats, which hold them exactly up to 2^53 and cost no BigInt each.
const TICK_COLUMNS: readonly Column<TickRow>[] = [
  ['id', VARCHAR, ({ id }) => id],
  ['ts', DOUBLE, ({ ts }) => ts],
  ['received', DOUBLE, ({ received }) => received],
  ['price', DOUBLE, ({ price }) => price],
  ['size', DOUBLE, ({ size }) => size],
  ['is_buy', BOOLEAN, ({ isBuy }) => isBuy],
  ['source', TINYINT, ({ source }) => SOURCES.indexOf(source)],
  ['late', BOOLEAN, ({ late }) => late],
];

const BAR_COLUMNS: readonly Column<BarRow>[] = [
  ['ts', DOUBLE, ({ bar }) => bar.openAt],
  ['open', DOUBLE, ({ bar }) => bar.open],
  ['high', DOUBLE, ({ bar }) => bar.high],
  ['low', DOUBLE, ({ bar }) => bar.low],
  ['close', DOUBLE, ({ bar }) => bar.close],
  ['volume', DOUBLE, ({ bar }) => bar.volume],
  ['buy_volume', DOUBLE, ({ bar }) => bar.buyVolume],
  ['turnover', DOUBLE, ({ bar }) => bar.turnover],
  ['trades', DOUBLE, ({ bar }) => bar.trades],
  ['buy_trades', DOUBLE, ({ bar }) => bar.buyTrades],
  ['gap_filled', BOOLEAN, ({ bar }) => bar.gapFilled],
  ['incomplete', BOOLEAN, ({ bar }) => bar.incomplete],
];

/** Rows of a chunk: about half a millisecond of work, after which what else waits has its turn. */
const CHUNK_ROWS = 512;
const othersFirst = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Fills a fresh temporary table column by column: some thousand times faster than an INSERT per row. */
export async function fillTable<R>(
  connection: DuckDBConnection,
  table: string,
  { columns, rows }: { readonly columns: readonly Column<R>[]; readonly rows: readonly R[] },
): Promise<void> {
  const types = columns.map(([, type]) => type);
  const shape = columns.map(([name, type]) => `${name} ${type.toString()}`).join(', ');
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${table}(${shape})`);
  const appender = await connection.createAppender(table, null, 'temp');
  try {
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      const part = rows.slice(from, from + CHUNK_ROWS);
      const chunk = DuckDBDataChunk.create(types, part.length);
      columns.forEach(([, , read], index) => {
        chunk.setColumnValues(index, part.map(read));
      });
      appender.appendDataChunk(chunk);
      await othersFirst();
    }
  } finally {
    appender.closeSync();
  }
}

/** Steps to decimals, exactly: at most 16 digits of steps times at most 22 of a step. */
const decimals = (column: string, step: string): string =>
  `(${column}::BIGINT::DECIMAL(16,0) * ${literal(step)}::DECIMAL(22,18))::${DECIMAL} AS ${column}`;

function selectTicks(table: string, { tick, lot }: Grid): string {
  return `SELECT id, ts::BIGINT AS ts, received::BIGINT AS received, ${decimals('price', formatDecimal(tick))},
      ${decimals('size', formatDecimal(lot))},
      CASE WHEN is_buy THEN 'buy' ELSE 'sell' END AS side,
      ${literals(SOURCES)}[source + 1] AS source, late
    FROM ${table} QUALIFY row_number() OVER (PARTITION BY id ORDER BY late, received) = 1`;
}

function selectBars(
  table: string,
  { tick, lot, tickSize, lotSize }: Grid,
  writtenAt: number,
): string {
  const prices = ['open', 'high', 'low', 'close'].map((name) =>
    decimals(name, formatDecimal(tick)),
  );
  const sizes = ['volume', 'buy_volume'].map((name) => decimals(name, formatDecimal(lot)));
  return `SELECT ts::BIGINT AS ts, ${[...prices, ...sizes].join(', ')},
      turnover * ${tickSize}::DOUBLE * ${lotSize}::DOUBLE AS quote_volume, trades::BIGINT AS trades, buy_trades::BIGINT AS buy_trades,
      gap_filled, incomplete, 'trades' AS source, ${writtenAt}::BIGINT AS written
    FROM ${table} QUALIFY row_number() OVER (PARTITION BY ts ORDER BY trades DESC) = 1`;
}

/** The order of rows in every file: by time, then by id as a number where it is one. */
export const ORDER = {
  ticks: 'ts, try_cast(id AS HUGEINT), id',
  bars: 'ts',
} as const;

/**
 * Writes a segment: one file for each folder its rows belong to, whole or not at all. It may be tried again after
 * a failure: names follow from the segment's id, and files that are there already are left out.
 */
export async function writeSegment(
  segment: Segment,
  { database, files }: { readonly database: Database; readonly files: ArchiveFiles },
): Promise<void> {
  const { id, kind, marketKey, grid } = segment;
  await database.work(marketKey, async (connection) => {
    const isTicks = segment.kind === 'ticks';
    // Of its own: a market's next segment may be on its way in the same connection.
    const table = `segment_${id.replaceAll('-', '_')}`;
    const times = isTicks
      ? segment.rows.map(({ ts }) => ts)
      : segment.rows.map(({ bar }) => bar.openAt);
    if (segment.kind === 'ticks')
      await fillTable(connection, table, { columns: TICK_COLUMNS, rows: segment.rows });
    else await fillTable(connection, table, { columns: BAR_COLUMNS, rows: segment.rows });
    const select =
      segment.kind === 'ticks'
        ? selectTicks(table, grid)
        : selectBars(table, grid, segment.closedAt);
    const starts = new Set(times.map((at) => partitionOf(kind, at).from));
    for (const start of starts) {
      if (segment.written.has(start)) continue;
      const { from, to } = partitionOf(kind, start);
      const scratch = files.scratch(`${id}-${start}.parquet`);
      await connection.run(
        `COPY (SELECT * FROM (${select}) WHERE ts >= ${from} AND ts < ${to}
          ORDER BY ${isTicks ? ORDER.ticks : ORDER.bars}) TO ${literal(scratch)} ${PARQUET}`,
      );
      await files.put(scratch, `${folderOf(marketKey, kind, start)}part-${id}.parquet`);
      segment.written.add(start);
    }
    await connection.run(`DROP TABLE ${table}`);
  });
}
