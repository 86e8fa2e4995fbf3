import { VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import type { Archive, ArchiveParts } from './archive.ts';
import { judgeBars, judgeTicks } from './judge-rows.ts';
import { BAR_LENGTHS, folderOf, partitionOf, type Kind } from './layout.ts';
import { locate } from './query.ts';
import { columnsOf, distinctRows } from './relation.ts';
import { fillTable, ORDER } from './segment.ts';
import { integer, literal, PARQUET, rowOf, rowsOf } from './sql.ts';

export type BadRow = {
  /** Line of the file, the header being line 1; of rows that came without a file, their number. */
  readonly line: number;
  readonly reason: string;
};

export type StoreReport = {
  /** Rows that were read, good and bad. */
  readonly rows: number;
  /** Good rows that are new to the archive, and were stored. */
  readonly stored: number;
  /** Good rows that the archive held already, as they are. */
  readonly known: number;
  readonly bad: number;
  /** The first bad rows, in order. */
  readonly badRows: readonly BadRow[];
  /** Time of the first and the last good row, epoch milliseconds. */
  readonly from: number | null;
  readonly to: number | null;
};

/** The columns of a staging table, all text, in the order of {@link stageTicks} and {@link stageBars}. */
export const STAGE = {
  ticks: ['ts', 'received', 'id', 'price', 'size', 'side'],
  bars: ['ts', 'open', 'high', 'low', 'close', 'volume', 'buy_volume', 'quote_volume', 'trades'],
} as const;

const MAX_BAD_ROWS = 10_000;
const counted = z.object({
  rows: integer,
  bad: integer,
  known: integer,
  from: integer.nullable(),
  to: integer.nullable(),
});

type Target = { readonly marketKey: string; readonly kind: Kind };

/**
 * Marks the good rows that the archive holds already: a trade by its id; a candle by its time and its prices, so
 * that a corrected one is stored anew.
 */
async function markKnown(
  connection: DuckDBConnection,
  { marketKey, kind }: Target,
  parts: ArchiveParts,
): Promise<void> {
  const table = kind === 'ticks' ? 'ticks' : 'bars';
  const span = await rowOf(
    connection,
    `SELECT coalesce(min(ts), 0) AS "from", coalesce(max(ts) + 1, 0) AS "to" FROM judged WHERE reason IS NULL`,
    z.object({ from: integer, to: integer }),
  );
  const located = await locate(parts, { marketKeys: [marketKey], kinds: [kind], ...span });
  const key = kind === 'ticks' ? 'id' : 'ts, open, high, low, close, volume';
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE rows AS SELECT *, reason IS NULL AND (${key}) IN
      (SELECT (${key}) FROM (${distinctRows(table, located)})) AS known FROM judged`,
  );
  await connection.run('DROP TABLE judged');
}

/** Writes the good, new rows as one new file for each folder they belong to. */
async function writeFolders(
  connection: DuckDBConnection,
  { marketKey, kind }: Target,
  { files, newId }: ArchiveParts,
): Promise<void> {
  const table = kind === 'ticks' ? 'ticks' : 'bars';
  // Every folder's span is a number of whole days or hours: those of the rows' days name all folders.
  const step =
    kind === 'ticks' || kind === '1s' || kind === '15s' ? BAR_LENGTHS['1h'] : BAR_LENGTHS['1d'];
  const days = await rowsOf(
    connection,
    `SELECT DISTINCT ts // ${step} * ${step} AS day FROM rows WHERE reason IS NULL AND NOT known ORDER BY 1`,
    z.object({ day: integer }),
  );
  const starts = new Set(days.map(({ day }) => partitionOf(kind, day).from));
  for (const start of starts) {
    const { from, to } = partitionOf(kind, start);
    const name = `part-${newId()}.parquet`;
    const scratch = files.scratch(name);
    await connection.run(
      `COPY (SELECT ${columnsOf(table)} FROM rows WHERE reason IS NULL AND NOT known AND ts >= ${from} AND ts < ${to}
        ORDER BY ${ORDER[table]}) TO ${literal(scratch)} ${PARQUET}`,
    );
    await files.put(scratch, `${folderOf(marketKey, kind, start)}${name}`);
  }
}

/**
 * Judges the rows that `stage` puts into a table of text named `staged`, whose kind it answers, stores the good ones and tells the bad
 * ones by line and reason. Rows that the archive holds already are merged with it: storing twice changes nothing.
 */
export async function storeStaged(
  archive: Archive,
  { marketKey, now }: { readonly marketKey: string; readonly now: number },
  stage: (connection: DuckDBConnection) => Promise<Kind>,
): Promise<StoreReport> {
  const { parts } = archive;
  const { kind, ...report } = await parts.database.work(parts.newId(), async (connection) => {
    const kind = await stage(connection);
    const judge =
      kind === 'ticks' ? judgeTicks() : judgeBars({ kind, length: BAR_LENGTHS[kind] }, now);
    await connection.run(`CREATE OR REPLACE TEMP TABLE judged AS ${judge}`);
    await markKnown(connection, { marketKey, kind }, parts);
    await writeFolders(connection, { marketKey, kind }, parts);
    const found = await rowOf(
      connection,
      `SELECT count(*) AS rows, count(reason) AS bad,
        count(*) FILTER (WHERE known) AS known, min(ts) FILTER (WHERE reason IS NULL) AS "from",
        max(ts) FILTER (WHERE reason IS NULL) AS "to" FROM rows`,
      counted,
    );
    const badRows = await rowsOf(
      connection,
      `SELECT line, reason FROM rows WHERE reason IS NOT NULL ORDER BY line LIMIT ${MAX_BAD_ROWS}`,
      z.object({ line: integer, reason: z.string() }),
    );
    await connection.run('DROP TABLE rows; DROP TABLE staged');
    return { kind, ...found, stored: found.rows - found.bad - found.known, badRows };
  });
  parts.catalog.forget();
  if (report.stored > 0 && report.from !== null && report.to !== null) {
    const scope = { marketKeys: [marketKey], kinds: [kind], from: report.from, to: report.to + 1 };
    const { faults } = await archive.compact({ scope, isOpenToo: true });
    if (faults[0] !== undefined)
      throw new Error(`${faults[0].folder} could not be merged: ${faults[0].fault}`);
  }
  return report;
}

/** A row as text, in the order of the table's {@link STAGE}; `null` for what its source does not tell. */
export type TextRow = readonly (string | null)[];

/** Stores rows that a program has, such as a page of a venue's history. */
export function storeRows(
  archive: Archive,
  target: Target & { readonly now: number },
  rows: readonly TextRow[],
): Promise<StoreReport> {
  const names = STAGE[target.kind === 'ticks' ? 'ticks' : 'bars'];
  return storeStaged(archive, target, async (connection) => {
    const columns = names.map(
      (name, index) => [name, VARCHAR, (row: TextRow) => row[index] ?? null] as const,
    );
    await fillTable(connection, 'texts', { columns, rows });
    await connection.run(
      'CREATE OR REPLACE TEMP TABLE staged AS SELECT row_number() OVER () AS line, * FROM texts',
    );
    await connection.run('DROP TABLE texts');
    return target.kind;
  });
}
