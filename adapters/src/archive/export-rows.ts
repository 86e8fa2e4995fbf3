import * as z from 'zod';
import type { Archive } from './archive.ts';
import type { Kind } from './layout.ts';
import { locate } from './query.ts';
import { distinctRows, columnsOf } from './relation.ts';
import { ORDER } from './segment.ts';
import { integer, literal, PARQUET, rowOf } from './sql.ts';

export type ExportOptions = {
  readonly marketKey: string;
  readonly kind: Kind;
  readonly from?: number;
  readonly to?: number;
  /** Path of a `.csv`, `.csv.gz` or `.parquet` file. */
  readonly file: string;
};

/** How a file is written, by its name; `undefined` for a name that says nothing. */
export function formatOf(file: string): string | undefined {
  if (file.endsWith('.parquet')) return PARQUET;
  if (file.endsWith('.csv')) return '(FORMAT csv, HEADER true)';
  return file.endsWith('.csv.gz') ? '(FORMAT csv, HEADER true, COMPRESSION gzip)' : undefined;
}

/** Writes a market's rows into one file, in order, each once. @returns how many. @throws RangeError for a name of no known format. */
export async function exportRows(archive: Archive, options: ExportOptions): Promise<number> {
  const { marketKey, kind, from = 0, to = 9e15, file } = options;
  const format = formatOf(file);
  if (format === undefined)
    throw new RangeError(`${file} does not say its format: end it in .csv, .csv.gz or .parquet.`);
  const { parts } = archive;
  const table = kind === 'ticks' ? 'ticks' : 'bars';
  const located = await locate(parts, { marketKeys: [marketKey], kinds: [kind], from, to });
  const select = `SELECT ${columnsOf(table)} FROM (${distinctRows(table, located)})
    WHERE ts >= ${from} AND ts < ${to}`;
  return parts.database.work(marketKey, async (connection) => {
    const { rows } = await rowOf(
      connection,
      `SELECT count(*) AS rows FROM (${select})`,
      z.object({ rows: integer }),
    );
    if (rows > 0)
      await connection.run(
        `COPY (${select} ORDER BY ${ORDER[table]}) TO ${literal(file)} ${format}`,
      );
    return rows;
  });
}
