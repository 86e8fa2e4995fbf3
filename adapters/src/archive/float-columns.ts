import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import type { Archive } from './archive.ts';
import { detectColumns, type Roles } from './columns.ts';
import { ImportRefused } from './import-file.ts';
import { timeOf } from './judge-rows.ts';
import type { Kind } from './layout.ts';
import { locate } from './query.ts';
import { distinctRows } from './relation.ts';
import { literal, rowsOf } from './sql.ts';

/**
 * Rows as one column of floats for each name, oldest first; NaN where there is no value. Of candles: `ts`, `open`,
 * `high`, `low`, `close`, `volume`, `buyVolume`, `trades`, `buyTrades`, `incomplete`; of trades: `ts`, `price`, `size`, and
 * `side`, which is 1 where the aggressor bought and -1 where he sold.
 */
export type FloatColumns = Readonly<Record<string, Float64Array>>;
export type FloatRows = { readonly table: 'bars' | 'ticks'; readonly columns: FloatColumns };

const asNumber = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

/** Answers a question whose columns are all DOUBLE. */
async function ask(connection: DuckDBConnection, sql: string): Promise<FloatColumns> {
  const result = await connection.stream(sql);
  const names = result.columnNames();
  const parts = names.map((): Float64Array[] => []);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const [index, part] of parts.entries())
      part.push(Float64Array.from(chunk.getColumnValues(index), asNumber));
  }
  return Object.fromEntries(names.map((name, index) => [name, joined(parts[index] ?? [])]));
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const BARS = `ts::DOUBLE AS ts, open::DOUBLE AS open, high::DOUBLE AS high, low::DOUBLE AS low,
  close::DOUBLE AS close, volume::DOUBLE AS volume, buy_volume::DOUBLE AS "buyVolume", trades::DOUBLE AS trades,
  buy_trades::DOUBLE AS "buyTrades",
  incomplete::INTEGER::DOUBLE AS incomplete`;
const TICKS = `ts::DOUBLE AS ts, price::DOUBLE AS price, size::DOUBLE AS size,
  CASE side WHEN 'buy' THEN 1 ELSE -1 END::DOUBLE AS side`;

/** The rows that an archive holds of a market in `[from, to)`, each once. */
export async function archiveColumns(
  { parts }: Archive,
  asked: {
    readonly marketKey: string;
    readonly kind: Kind;
    readonly from?: number;
    readonly to?: number;
  },
): Promise<FloatRows> {
  const { marketKey, kind, from = 0, to = 9e15 } = asked;
  const table = kind === 'ticks' ? 'ticks' : 'bars';
  const located = await locate(parts, { marketKeys: [marketKey], kinds: [kind], from, to });
  const sql = `SELECT ${table === 'ticks' ? TICKS : BARS} FROM (${distinctRows(table, located)})
    WHERE ts >= ${from} AND ts < ${to} ORDER BY ts${table === 'ticks' ? ', id' : ''}`;
  const columns = await parts.database.ask((connection) => ask(connection, sql));
  return { table, columns };
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** SQL of what a file's columns mean; a column that is not there is left out. */
function selected(roles: Roles, wanted: readonly (keyof Roles)[]): readonly string[] {
  return wanted.flatMap((role) => {
    const name = roles[role];
    if (name === undefined) return [];
    if (role === 'ts') return [`(${timeOf('ts')})::DOUBLE AS ts`];
    if (role === 'side')
      return [
        `CASE WHEN lower(${quoted(name)}::VARCHAR) IN ('buy', 'b', 'bid', 'long', '1') THEN 1 ELSE -1 END::DOUBLE AS side`,
      ];
    if (role === 'buyerIsMaker')
      return [`CASE WHEN ${quoted(name)}::BOOLEAN THEN -1 ELSE 1 END::DOUBLE AS side`];
    return [`${quoted(name)}::DOUBLE AS ${quoted(role)}`];
  });
}

const BAR_ROLES = ['ts', 'open', 'high', 'low', 'close', 'volume', 'buyVolume', 'trades'] as const;
const TICK_ROLES = ['ts', 'price', 'size', 'side', 'buyerIsMaker'] as const;

/**
 * The rows of a Parquet file of one market, whatever its columns are called.
 *
 * @throws ImportRefused for columns that are of no known kind.
 */
export async function parquetColumns(file: string): Promise<FloatRows> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const rows = `read_parquet(${literal(file)}, hive_partitioning = false)`;
    const described = await rowsOf(
      connection,
      `DESCRIBE SELECT * FROM ${rows}`,
      z.object({ column_name: z.string() }),
    );
    const found = detectColumns(described.map(({ column_name: name }) => name));
    if (!found.isFound) throw new ImportRefused(found.fault);
    const { table, roles } = found;
    const wanted = table === 'bars' ? BAR_ROLES : TICK_ROLES;
    const time = quoted(roles.ts ?? 'ts');
    const columns = await ask(
      connection,
      `SELECT ${selected(roles, wanted).join(', ')}
        FROM (SELECT * REPLACE (${time}::VARCHAR AS ${time}), ${time}::VARCHAR AS ts FROM ${rows}) ORDER BY 1`,
    );
    return { table, columns };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
