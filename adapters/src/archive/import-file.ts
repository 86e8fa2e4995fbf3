import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import type { Archive } from './archive.ts';
import { detectColumns, headerlessNames, isHeader, type Role, type Roles } from './columns.ts';
import { messageOf } from './faults.ts';
import { timeOf } from './judge-rows.ts';
import { BAR_LENGTHS, isBarKind, marketName, type BarKind, type Kind } from './layout.ts';
import { integer, literal, rowOf, rowsOf } from './sql.ts';
import { STAGE, storeStaged, type BadRow, type StoreReport } from './store-rows.ts';

/** A file that cannot be imported, in words for the person who gave it. */
export class ImportRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportRefused';
  }
}

export type ImportOptions = {
  readonly file: string;
  readonly marketKey: string;
  /** What it holds; left out, columns and distances of rows tell. */
  readonly kind?: Kind | undefined;
  /** Only rows whose column has the value, such as `market` = `usdm`. */
  readonly only?: Readonly<Record<string, string>>;
  readonly now: number;
};

export type ImportReport = StoreReport & {
  readonly kind: Kind;
  /** Which column was taken for what. */
  readonly roles: Roles;
};

type Source = {
  /** SQL whose rows have the file's columns as text, and `line`. */
  readonly select: string;
  readonly names: readonly string[];
  readonly isCsv: boolean;
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function headOf(file: string): Promise<{ readonly magic: Buffer; readonly lines: string[] }> {
  const handle = await open(file).catch((error: unknown) => {
    throw new ImportRefused(`${file} cannot be read: ${messageOf(error)}`);
  });
  const magic = Buffer.alloc(4);
  await handle.read(magic, 0, 4, 0);
  await handle.close();
  if (magic.toString('latin1') === 'PAR1') return { magic, lines: [] };
  const raw = createReadStream(file);
  const text = magic[0] === 0x1f && magic[1] === 0x8b ? raw.pipe(createGunzip()) : raw;
  const lines: string[] = [];
  for await (const line of createInterface({ input: text, crlfDelay: Infinity })) {
    lines.push(line.replace(/^\uFEFF/, ''));
    if (lines.length === 3) break;
  }
  raw.destroy();
  return { magic, lines };
}

const cellsOf = (line: string, delimiter: string): string[] =>
  line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

/** The separator that gives the first line most columns. */
const delimiterOf = (line: string): string =>
  [',', ';', '\t', '|'].reduce((best, one) =>
    line.split(one).length > line.split(best).length ? one : best,
  );

async function openSource(connection: DuckDBConnection, file: string): Promise<Source> {
  const { magic, lines } = await headOf(file);
  if (magic.toString('latin1') === 'PAR1') {
    const described = await rowsOf(
      connection,
      `DESCRIBE SELECT * FROM read_parquet(${literal(file)}, hive_partitioning = false)`,
      z.object({ column_name: z.string() }),
    );
    const names = described.map(({ column_name: name }) => name);
    const select = `SELECT row_number() OVER () AS line,
      ${names.map((name) => `${quoted(name)}::VARCHAR AS ${quoted(name)}`).join(', ')}
      FROM read_parquet(${literal(file)}, hive_partitioning = false)`;
    return { select, names, isCsv: false };
  }
  const [first = ''] = lines;
  if (first.trim() === '') throw new ImportRefused(`${file} is empty, or its first line is.`);
  const delimiter = delimiterOf(first);
  const cells = cellsOf(first, delimiter);
  const hasHeader = isHeader(cells);
  const names = hasHeader ? cells : headerlessNames(cells);
  if (names === undefined)
    throw new ImportRefused(
      `${file} has no header line, and its ${cells.length} columns are of no kind that is known. ` +
        'Put a first line with names above it, such as ts,price,size,side.',
    );
  if (new Set(names).size !== names.length)
    throw new ImportRefused(`${file} has two columns of one name: ${names.join(', ')}.`);
  const shape = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const isZipped = magic[0] === 0x1f && magic[1] === 0x8b;
  const select = `SELECT row_number() OVER () ${hasHeader ? '+ 1' : ''} AS line, * FROM read_csv(
    ${literal(file)}, auto_detect = false, columns = {${shape}}, delim = ${literal(delimiter)},
    header = ${hasHeader}, quote = '"', escape = '"', null_padding = true, store_rejects = true,
    rejects_limit = 0, compression = '${isZipped ? 'gzip' : 'none'}', parallel = false)`;
  return { select, names, isCsv: true };
}

const MARKET_WORDS: Readonly<Record<string, readonly string[]>> = {
  spot: ['spot'],
  futures: ['futures', 'future', 'usdm', 'um', 'swap', 'perp', 'perpetual', 'linear'],
};

/** Conditions that leave out rows of other markets, where a file holds several. */
function filters({ names }: Source, { marketKey, only = {} }: ImportOptions): string[] {
  const { market, symbol } = marketName(marketKey);
  const chosen = Object.entries(only).map(([column, value]) => {
    const name = names.find((candidate) => candidate.toLowerCase() === column.toLowerCase());
    if (name === undefined)
      throw new ImportRefused(
        `There is no column "${column}" to filter by. It has: ${names.join(', ')}.`,
      );
    return `lower(trim(${quoted(name)})) = ${literal(value.trim().toLowerCase())}`;
  });
  const has = (column: string): string | undefined =>
    Object.keys(only).some((key) => key.toLowerCase() === column)
      ? undefined
      : names.find((name) => name.toLowerCase() === column);
  const symbolColumn = has('symbol');
  const marketColumn = has('market');
  const words = MARKET_WORDS[market] ?? [market];
  return [
    ...chosen,
    ...(symbolColumn === undefined
      ? []
      : [
          `regexp_replace(upper(${quoted(symbolColumn)}), '[^A-Z0-9]', '', 'g') = ${literal(symbol.replaceAll('-', ''))}`,
        ]),
    ...(marketColumn === undefined
      ? []
      : [`lower(trim(${quoted(marketColumn)})) IN (${words.map(literal).join(', ')})`]),
  ];
}

/** Which values a file's own market columns have, for a person whose filter left nothing. */
async function describeMarkets(
  connection: DuckDBConnection,
  names: readonly string[],
): Promise<string> {
  const columns = names.filter((name) => ['market', 'symbol'].includes(name.toLowerCase()));
  if (columns.length === 0) return '';
  const list = columns.map((name) => `coalesce(${quoted(name)}, '')`).join(` || ' ' || `);
  const found = await rowsOf(
    connection,
    `SELECT DISTINCT ${list} AS name FROM source ORDER BY 1 LIMIT 20`,
    z.object({ name: z.string() }),
  );
  return ` The file holds: ${found.map(({ name }) => name).join('; ')}. Choose with --only symbol=… or --only market=….`;
}

const STAGED_ROLES: Readonly<Record<string, Role>> = {
  buy_volume: 'buyVolume',
  quote_volume: 'quoteVolume',
};

const stageColumn =
  (roles: Roles) =>
  (column: string): string => {
    const name = roles[STAGED_ROLES[column] ?? (column as Role)];
    if (column === 'side' && name === undefined && roles.buyerIsMaker !== undefined)
      // The buyer being the maker means that the seller was the aggressor.
      return `CASE lower(${quoted(roles.buyerIsMaker)}) WHEN 'true' THEN 'sell' WHEN '1' THEN 'sell'
      WHEN 'false' THEN 'buy' WHEN '0' THEN 'buy' END AS side`;
    return `${name === undefined ? 'NULL::VARCHAR' : quoted(name)} AS ${column}`;
  };

/** The candle length that most neighbours are apart. */
async function lengthOf(connection: DuckDBConnection): Promise<BarKind> {
  const { step } = await rowOf(
    connection,
    `SELECT mode(step) AS step FROM (SELECT ts - lag(ts) OVER (ORDER BY ts) AS step FROM
      (SELECT ${timeOf('ts')} AS ts FROM staged LIMIT 100000)) WHERE step > 0`,
    z.object({ step: integer.nullable() }),
  );
  const kind = Object.entries(BAR_LENGTHS).find(([, length]) => length === step)?.[0];
  if (kind === undefined || !isBarKind(kind))
    throw new ImportRefused(
      `The candles are ${step ?? '?'} ms apart, which is no length that is known. Say it with --timeframe, one of ${Object.keys(BAR_LENGTHS).join(', ')}.`,
    );
  return kind;
}

/** Lines that the reader could not take apart, and where they are. */
async function readRejects(connection: DuckDBConnection): Promise<BadRow[]> {
  const rejects = await rowsOf(
    connection,
    'SELECT line, any_value(error_type)::VARCHAR AS kind FROM reject_errors GROUP BY line ORDER BY line',
    z.object({ line: integer, kind: z.string() }),
  );
  await connection.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
  return rejects.map(({ line, kind }) => ({
    line,
    reason: `the line cannot be taken apart: ${kind.toLowerCase()}`,
  }));
}

/** Numbers of rows become lines again: each rejected line before a row moves it down by one. */
function withRejects(report: StoreReport, rejects: readonly BadRow[]): StoreReport {
  if (rejects.length === 0) return report;
  const moved = report.badRows.map(({ line, reason }) => {
    let at = line;
    for (const reject of rejects) if (reject.line <= at) at += 1;
    return { line: at, reason };
  });
  const badRows = [...moved, ...rejects].sort((a, b) => a.line - b.line);
  const bad = report.bad + rejects.length;
  return { ...report, rows: report.rows + rejects.length, bad, badRows };
}

/** Finds out what the file holds, and puts its rows into `staged`. */
async function stageFile(connection: DuckDBConnection, options: ImportOptions) {
  const source = await openSource(connection, options.file);
  const table =
    options.kind === undefined ? undefined : options.kind === 'ticks' ? 'ticks' : 'bars';
  const found = detectColumns(source.names, table);
  if (!found.isFound) throw new ImportRefused(found.fault);
  const conditions = filters(source, options);
  await connection.run(`CREATE OR REPLACE TEMP TABLE source AS ${source.select}`);
  const rejects = source.isCsv ? await readRejects(connection) : [];
  const columns = STAGE[found.table].map(stageColumn(found.roles)).join(', ');
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE staged AS SELECT line, ${columns} FROM source ${where}`,
  );
  const { rows } = await rowOf(
    connection,
    'SELECT count(*) AS rows FROM staged',
    z.object({ rows: integer }),
  );
  if (rows === 0)
    throw new ImportRefused(
      `${options.file} has no row of ${options.marketKey}.${await describeMarkets(connection, source.names)}`,
    );
  await connection.run('DROP TABLE source');
  const kind = options.kind ?? (found.table === 'ticks' ? 'ticks' : await lengthOf(connection));
  return { kind, roles: found.roles, rejects };
}

/**
 * Imports a file: CSV, gzipped CSV or Parquet. Good rows are stored, bad ones told by line and reason.
 *
 * @throws ImportRefused when the file as a whole cannot be used; nothing is stored then.
 */
export async function importFile(archive: Archive, options: ImportOptions): Promise<ImportReport> {
  marketName(options.marketKey);
  let staged: Awaited<ReturnType<typeof stageFile>> | undefined;
  const report = await storeStaged(archive, options, async (connection) => {
    staged = await stageFile(connection, options);
    return staged.kind;
  });
  if (staged === undefined) throw new Error('Invariant: a file is staged before it is stored');
  const { kind, roles, rejects } = staged;
  return { ...withRejects(report, rejects), kind, roles };
}
