import { DuckDBTypeId, StatementType, type DuckDBConnection } from '@duckdb/node-api';
import type { ArchiveFiles } from './archive-files.ts';
import type { Catalog, Scope } from './catalog.ts';
import type { Database } from './database.ts';
import { messageOf } from './faults.ts';
import { BAR_LENGTHS, type BarKind, type Kind } from './layout.ts';
import { viewSql, type Located } from './relation.ts';

/** A value of a result as JSON can hold it: an exact decimal is text. */
export type Cell = string | number | boolean | null | object;

export type QueryResult = {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
  /** There were more rows than asked for. */
  readonly isCut: boolean;
};

/** SQL that cannot be answered, in words for the person who wrote it. */
export class QueryRefused extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'QueryRefused';
  }
}

export type QueryOptions = {
  /** Which files the views show; leaves the rest unread. */
  readonly scope?: Scope;
  readonly maxRows?: number;
};

const MAX_ROWS = 100_000;
/** A bucket's files are downloaded before they are read: more than this must be asked for by name. */
const MAX_DOWNLOAD_BYTES = 1024 ** 3;
const BARS = Object.keys(BAR_LENGTHS) as BarKind[];

export type Reader = {
  readonly database: Database;
  readonly files: ArchiveFiles;
  readonly catalog: Catalog;
};

/** Local copies of the files in `scope`. */
export async function locate({ files, catalog }: Reader, scope: Scope): Promise<Located[]> {
  const found = await catalog.find(scope);
  const bytes = found.reduce((sum, file) => sum + file.bytes, 0);
  if (files.isRemote && bytes > MAX_DOWNLOAD_BYTES)
    throw new QueryRefused(
      `This would download ${(bytes / 1024 ** 3).toFixed(1)} GB from ${files.place}. Narrow it by market and time.`,
    );
  return Promise.all(
    found.map(async (file) => ({
      file,
      local: files.isRemote ? await files.fetch(file.path) : `${files.root}/${file.path}`,
    })),
  );
}

const isGone = (error: unknown): boolean =>
  /No files found|No such file|Cannot open file/i.test(messageOf(error));

/** Reads with the files as they are; a merge that removed one meanwhile makes it look again, once. */
export async function reading<R>(reader: Reader, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!isGone(error)) throw error;
    reader.catalog.forget();
    return work();
  }
}

const ofKinds = (scope: Scope, kinds: readonly Kind[]): Scope => ({
  ...scope,
  kinds: kinds.filter((kind) => scope.kinds?.includes(kind) ?? true),
});

async function showViews(
  connection: DuckDBConnection,
  reader: Reader,
  scope: Scope,
): Promise<void> {
  const ticks = await locate(reader, ofKinds(scope, ['ticks']));
  const bars = await locate(reader, ofKinds(scope, BARS));
  await connection.run(`CREATE OR REPLACE TEMP VIEW ticks AS ${viewSql('ticks', ticks)}`);
  await connection.run(`CREATE OR REPLACE TEMP VIEW bars AS ${viewSql('bars', bars)}`);
}

async function assertReadOnly(connection: DuckDBConnection, sql: string): Promise<void> {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1)
    throw new QueryRefused(`Give one statement; this has ${statements.count}.`);
  const prepared = await statements.prepare(0);
  const type = prepared.statementType;
  prepared.destroySync();
  if (type !== StatementType.SELECT && type !== StatementType.EXPLAIN)
    throw new QueryRefused(
      `The archive answers questions only (SELECT, DESCRIBE, EXPLAIN), not ${StatementType[type]}.`,
    );
}

const INTEGERS: readonly DuckDBTypeId[] = [
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UBIGINT,
];

/** A count as a number where it is safe, a decimal as text without its trailing zeros. */
function cell(type: DuckDBTypeId, value: Cell): Cell {
  if (typeof value !== 'string') return value;
  if (INTEGERS.includes(type)) return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (type === DuckDBTypeId.DECIMAL && value.includes('.')) return value.replace(/\.?0+$/, '');
  return value;
}

/** Runs one question over the views `ticks` and `bars`. @throws QueryRefused with words for its author. */
export async function ask(
  reader: Reader,
  sql: string,
  options: QueryOptions,
): Promise<QueryResult> {
  const { scope = {}, maxRows = MAX_ROWS } = options;
  return reader.database.ask((connection) =>
    reading(reader, async () => {
      await showViews(connection, reader, scope);
      try {
        await assertReadOnly(connection, sql);
        const result = await connection.streamAndReadUntil(sql, maxRows + 1);
        const types = result.columnTypes();
        const rows = result
          .getRowsJson()
          .map((row) =>
            row.map((value, index) => cell(types[index]?.typeId ?? DuckDBTypeId.VARCHAR, value)),
          );
        return {
          columns: result
            .columnNames()
            .map((name, index) => ({ name, type: String(types[index]) })),
          rows: rows.slice(0, maxRows),
          isCut: rows.length > maxRows,
        };
      } catch (error) {
        if (error instanceof QueryRefused || isGone(error)) throw error;
        throw new QueryRefused(messageOf(error).trim(), error);
      }
    }),
  );
}

/** Answers of the last second by question (MD-84). */
export function createQueryCache(now: () => number, ageMs = 1_000, limit = 100) {
  const known = new Map<string, { readonly at: number; readonly result: Promise<QueryResult> }>();
  return (key: string, work: () => Promise<QueryResult>): Promise<QueryResult> => {
    const cached = known.get(key);
    const age = cached === undefined ? Infinity : now() - cached.at;
    if (cached !== undefined && age >= 0 && age < ageMs) return cached.result;
    const result = work();
    known.delete(key);
    known.set(key, { at: now(), result });
    result.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > limit && oldest !== undefined) known.delete(oldest);
    return result;
  };
}
