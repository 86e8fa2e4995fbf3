import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import { BAR_LENGTHS, type Kind } from './layout.ts';
import { locate, reading, type Reader } from './query.ts';
import { allRows, distinctRows, type Located } from './relation.ts';
import { integer, rowOf, rowsOf } from './sql.ts';

/** A stretch without rows that should be there. */
export type ArchiveGap = {
  /** Time of the last trade, or end of the last candle, before it; epoch milliseconds. */
  readonly from: number;
  /** Time of the first row after it. */
  readonly to: number;
  /** Trades or candles that are missing; `null` where ids do not tell. */
  readonly missing: number | null;
};

export type Inspection = {
  readonly marketKey: string;
  readonly kind: Kind;
  /** Each trade or candle counted once. */
  readonly rows: number;
  /** Rows beyond the first of the same trade or candle; a merge removes them. */
  readonly duplicates: number;
  /** Trades that the venue numbered later and dated earlier. */
  readonly outOfOrder: number;
  /** Trades that came after their candles had closed (MD-31). */
  readonly late: number;
  /** Rows that were asked for after a gap. */
  readonly backfilled: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly firstId: string | null;
  readonly lastId: string | null;
  /** How gaps were found: by ids that count up, else by time. */
  readonly gapsBy: 'id' | 'time';
  /** The longest gaps, at most 1,000, in order of time. */
  readonly gaps: readonly ArchiveGap[];
  readonly gapCount: number;
  readonly files: number;
  readonly bytes: number;
  /** Last prices at up to 100 even steps of time, for a chart. */
  readonly closes: readonly number[];
};

const MAX_GAPS = 1_000;
const CHART_POINTS = 100;
/** Without ids, silence is a gap when it is longer than this and than 20 usual pauses. */
const SILENCE_MS = 60_000;
const USUAL_PAUSES = 20;

const facts = z.object({
  rows: integer,
  from: integer.nullable(),
  to: integer.nullable(),
  late: integer,
  backfilled: integer,
  numeric: integer,
});
const gapRow = z.object({
  from: integer,
  to: integer,
  missing: integer.nullable(),
  total: integer,
});
const text = z.string().nullable();

type GapColumns = {
  readonly missing: string;
  /** Of a row in time: a gap begins where the row before it ends. */
  readonly length?: number;
};

/** Stretches between neighbours that `isGap` picks, the longest first. */
const gapQuery = (order: string, isGap: string, { missing, length = 0 }: GapColumns): string => `
  SELECT previous + ${length} AS "from", ts AS "to", ${missing} AS missing, count(*) OVER () AS total
  FROM (SELECT ts, n, lag(ts) OVER (ORDER BY ${order}) AS previous,
    lag(n) OVER (ORDER BY ${order}) AS previous_n FROM numbered)
  WHERE previous IS NOT NULL AND ${isGap}
  ORDER BY ts - previous DESC, ts LIMIT ${MAX_GAPS}`;

type Found = Pick<Inspection, 'gaps' | 'gapCount' | 'gapsBy' | 'outOfOrder' | 'firstId' | 'lastId'>;

async function gapsWith(connection: DuckDBConnection, sql: string) {
  const rows = await rowsOf(connection, sql, gapRow);
  const gaps = rows.map(({ from, to, missing }) => ({ from, to, missing }));
  return { gaps: gaps.sort((a, b) => a.from - b.from), gapCount: rows[0]?.total ?? 0 };
}

/** Trades: by number where every id is one and most follow one another, else by unusual silence. */
async function gapsOfTicks(connection: DuckDBConnection, isNumeric: boolean): Promise<Found> {
  const order = isNumeric ? 'n' : 'ts, id';
  const steps = await rowOf(
    connection,
    `SELECT median(n - previous_n) AS step, median(ts - previous) AS pause,
      count(*) FILTER (WHERE ts < previous) AS backwards FROM (
        SELECT n, ts, lag(n) OVER (ORDER BY ${order}) AS previous_n,
          lag(ts) OVER (ORDER BY ${order}) AS previous FROM numbered)`,
    z.object({
      step: z.coerce.number().nullable(),
      pause: z.coerce.number().nullable(),
      backwards: integer,
    }),
  );
  const ends = await rowOf(
    connection,
    `SELECT first(id ORDER BY ${order}) AS first, last(id ORDER BY ${order}) AS last FROM numbered`,
    z.object({ first: text, last: text }),
  );
  const isCounted = isNumeric && steps.step === 1;
  const silence = Math.max(SILENCE_MS, USUAL_PAUSES * (steps.pause ?? 0));
  const sql = isCounted
    ? gapQuery('n', 'n - previous_n > 1', { missing: '(n - previous_n - 1)' })
    : gapQuery('ts, id', `ts - previous > ${silence}`, { missing: 'NULL::BIGINT' });
  return {
    ...(await gapsWith(connection, sql)),
    gapsBy: isCounted ? 'id' : 'time',
    outOfOrder: isNumeric ? steps.backwards : 0,
    firstId: ends.first,
    lastId: ends.last,
  };
}

async function gapsOfBars(connection: DuckDBConnection, length: number): Promise<Found> {
  const sql = gapQuery('ts', `ts - previous > ${length}`, {
    missing: `((ts - previous) // ${length} - 1)`,
    length,
  });
  const none = { gapsBy: 'time', outOfOrder: 0, firstId: null, lastId: null } as const;
  return { ...(await gapsWith(connection, sql)), ...none };
}

const chartSql = (price: string, { from, to }: { readonly from: number; readonly to: number }) => `
  SELECT arg_max(${price}, ts)::DOUBLE AS close FROM distinct_rows
  GROUP BY (ts - ${from}) * ${CHART_POINTS} // ${Math.max(1, to - from + 1)} ORDER BY min(ts)`;

type Question = {
  readonly table: 'ticks' | 'bars';
  readonly located: readonly Located[];
  /** Condition on the time of a row. */
  readonly where: string;
};

/** Puts the rows that are asked for into a temporary table, so that they are read once. */
async function loadRows(connection: DuckDBConnection, question: Question): Promise<void> {
  const { table, located, where } = question;
  const number = table === 'ticks' ? 'try_cast(id AS HUGEINT)' : 'ts';
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE distinct_rows AS
      SELECT * FROM (${distinctRows(table, located)}) WHERE ${where}`,
  );
  await connection.run(
    `CREATE OR REPLACE TEMP VIEW numbered AS SELECT *, ${number} AS n FROM distinct_rows`,
  );
}

async function countRows(connection: DuckDBConnection, { table, located, where }: Question) {
  const isTicks = table === 'ticks';
  const found = await rowOf(
    connection,
    `SELECT count(*) AS rows, min(ts) AS "from", max(ts) AS "to", count(n) AS numeric,
      count(*) FILTER (WHERE ${isTicks ? 'late' : 'false'}) AS late,
      count(*) FILTER (WHERE ${isTicks ? "source = 'rest'" : 'gap_filled'}) AS backfilled FROM numbered`,
    facts,
  );
  const all = await rowOf(
    connection,
    `SELECT count(*) AS rows FROM (${allRows(table, located)}) WHERE ${where}`,
    z.object({ rows: integer }),
  );
  return { found, duplicates: all.rows - found.rows };
}

async function readCloses(connection: DuckDBConnection, sql: string): Promise<number[]> {
  const chart = await rowsOf(connection, sql, z.object({ close: z.coerce.number() }));
  return chart.map(({ close }) => close);
}

/** What the archive holds of one market and kind in `[from, to)`, and what is wrong with it. */
export function inspect(
  reader: Reader,
  marketKey: string,
  what: { readonly kind: Kind; readonly from?: number; readonly to?: number },
): Promise<Inspection> {
  const { kind, from = 0, to = 9e15 } = what;
  const table = kind === 'ticks' ? 'ticks' : 'bars';
  const answer = async (connection: DuckDBConnection): Promise<Inspection> => {
    const located = await locate(reader, { marketKeys: [marketKey], kinds: [kind], from, to });
    const question = { table, located, where: `ts >= ${from} AND ts < ${to}` } as const;
    await loadRows(connection, question);
    const { found, duplicates } = await countRows(connection, question);
    const gaps =
      kind === 'ticks'
        ? await gapsOfTicks(connection, found.numeric === found.rows)
        : await gapsOfBars(connection, BAR_LENGTHS[kind]);
    const span = { from: found.from ?? 0, to: found.to ?? 0 };
    const closes = await readCloses(
      connection,
      chartSql(kind === 'ticks' ? 'price' : 'close', span),
    );
    await connection.run('DROP VIEW numbered');
    await connection.run('DROP TABLE distinct_rows');
    return {
      marketKey,
      kind,
      rows: found.rows,
      from: found.from,
      to: found.to,
      late: found.late,
      backfilled: found.backfilled,
      duplicates,
      ...gaps,
      files: located.length,
      bytes: located.reduce((sum, { file }) => sum + file.bytes, 0),
      closes,
    };
  };
  return reader.database.ask((connection) => reading(reader, () => answer(connection)));
}
