import { join } from 'node:path';
import { byFolder, type ArchiveFile } from './catalog.ts';
import { DECIMAL, literals } from './sql.ts';

type Table = 'ticks' | 'bars';

/** Columns of the files, in order, as every reader may rely on them. */
const COLUMNS: Readonly<Record<Table, readonly (readonly [name: string, type: string])[]>> = {
  ticks: [
    ['id', 'VARCHAR'],
    ['ts', 'BIGINT'],
    ['received', 'BIGINT'],
    ['price', DECIMAL],
    ['size', DECIMAL],
    ['side', 'VARCHAR'],
    ['source', 'VARCHAR'],
    ['late', 'BOOLEAN'],
  ],
  bars: [
    ['ts', 'BIGINT'],
    ['open', DECIMAL],
    ['high', DECIMAL],
    ['low', DECIMAL],
    ['close', DECIMAL],
    ['volume', DECIMAL],
    ['buy_volume', DECIMAL],
    ['quote_volume', 'DOUBLE'],
    ['trades', 'BIGINT'],
    ['buy_trades', 'BIGINT'],
    ['gap_filled', 'BOOLEAN'],
    ['incomplete', 'BOOLEAN'],
    ['source', 'VARCHAR'],
    ['written', 'BIGINT'],
  ],
};
const FOLDERS = ['venue', 'market', 'symbol', 'kind', 'date', 'hour'];
const FOLDER_TYPES = `{${FOLDERS.map((name) => `'${name}': ${name === 'date' ? 'DATE' : 'VARCHAR'}`).join(', ')}}`;

/** Names of the columns that files of a table hold. */
export const columnsOf = (table: Table): string => COLUMNS[table].map(([name]) => name).join(', ');

/**
 * Which of several rows for one trade or candle counts: of trades the one that came first by the best way, of
 * candles the complete one that was written last. The rest of the order makes it one choice, whatever the files.
 */
const BEST: Readonly<Record<Table, string>> = {
  ticks: `PARTITION BY venue, market, symbol, id ORDER BY
    CASE source WHEN 'ws' THEN 0 WHEN 'rest' THEN 1 ELSE 2 END, late, received, ts, price, size`,
  bars: `PARTITION BY venue, market, symbol, kind, ts ORDER BY
    incomplete, CASE source WHEN 'trades' THEN 0 ELSE 1 END, written DESC, trades DESC, close`,
};

const scan = (table: Table, paths: readonly string[]): string =>
  `SELECT ${columnsOf(table)}, ${FOLDERS.join(', ')} FROM read_parquet(${literals(paths)},
    hive_partitioning = true, hive_types = ${FOLDER_TYPES})`;

const nothing = (table: Table): string =>
  `SELECT ${[
    ...COLUMNS[table].map(([name, type]) => `NULL::${type} AS ${name}`),
    ...FOLDERS.map((name) => `NULL::${name === 'date' ? 'DATE' : 'VARCHAR'} AS ${name}`),
  ].join(', ')} WHERE false`;

export type Located = { readonly file: ArchiveFile; readonly local: string };

/**
 * SQL of the rows in `located`, each trade and candle once.
 *
 * A folder with one file is read as it is: a file holds nothing twice. Only where several files share a folder, as
 * in the hour that is being written, rows are compared. A merge that was cut short therefore shows nobody
 * anything twice.
 */
export function distinctRows(table: Table, located: readonly Located[]): string {
  const local = new Map(located.map(({ file, local: path }) => [file.path, path]));
  const groups = byFolder(located.map(({ file }) => file));
  const pathsOf = (chosen: ArchiveFile[][]): string[] =>
    chosen.flat().map(({ path }) => local.get(path) ?? path);
  const single = pathsOf(groups.filter(({ length }) => length === 1));
  const several = pathsOf(groups.filter(({ length }) => length > 1));
  const parts = [
    ...(single.length === 0 ? [] : [scan(table, single)]),
    ...(several.length === 0
      ? []
      : [`${scan(table, several)} QUALIFY row_number() OVER (${BEST[table]}) = 1`]),
  ];
  return parts.length === 0 ? nothing(table) : parts.map((part) => `(${part})`).join(' UNION ALL ');
}

/** SQL of the rows in `located` as they are, repeated ones included. */
export const allRows = (table: Table, located: readonly Located[]): string =>
  located.length === 0
    ? nothing(table)
    : scan(
        table,
        located.map(({ local }) => local),
      );

/** The view that people query: rows with the market's key and a time to read. */
export const viewSql = (table: Table, located: readonly Located[]): string => {
  const kind = table === 'ticks' ? '' : ' kind AS timeframe,';
  return `SELECT venue || '_' || market || '_' || symbol AS market_key, venue, market, symbol,${kind}
    epoch_ms(ts) AS time, ${columnsOf(table)}, date, hour FROM (${distinctRows(table, located)})`;
};

/** Where a scratch file of this process is; spilled data lies beside it. */
export const spillFolder = (root: string): string => join(root, '.incoming', 'spill');
