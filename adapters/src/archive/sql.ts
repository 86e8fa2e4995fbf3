import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';

/** Text as SQL writes it. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A list of texts as SQL writes it. */
export const literals = (texts: readonly string[]): string => `[${texts.map(literal).join(', ')}]`;

/** How every Parquet file is written. */
export const PARQUET = '(FORMAT parquet, COMPRESSION zstd)';

/** Prices and sizes: the scale of the core's own units, so that they are exact (docs/adr/0013). */
export const DECIMAL = 'DECIMAL(38,18)';

/** A count or a time from SQL: a BIGINT comes as text. */
export const integer = z.coerce.number().int();

/** Rows of a query, each parsed: what SQL answers is a boundary like any other. */
export async function rowsOf<S extends z.ZodType>(
  connection: DuckDBConnection,
  sql: string,
  schema: S,
): Promise<z.infer<S>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson().map((row) => schema.parse(row));
}

/** The only row of a query. @throws Error when it answers none. */
export async function rowOf<S extends z.ZodType>(
  connection: DuckDBConnection,
  sql: string,
  schema: S,
): Promise<z.infer<S>> {
  const [row] = await rowsOf(connection, sql, schema);
  if (row === undefined) throw new Error(`Invariant: one row answers ${sql.slice(0, 80)}`);
  return row;
}
