import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { createLimiter } from './limiter.ts';
import { createPool, type Pool } from './pool.ts';
import { literals } from './sql.ts';

/** At most so many handles are open at a time (MD-83). */
const MAX_HANDLES = 200;
/** So many statements write or merge files at a time: more would only fight for the same cores. */
const MAX_JOBS = 2;
const MAX_QUESTIONS = 4;

export type DatabaseOptions = {
  /** What questions may read: this folder and nothing beside it. */
  readonly readFolder: string;
  /** Folder for what does not fit into memory. */
  readonly spillFolder: string;
  /** Cores that DuckDB may use besides this process's own. */
  readonly threads: number;
  readonly memoryMb: number;
};

/**
 * DuckDB in memory, over files: it stores nothing itself. Two instances, so that a person's SQL runs where
 * nothing can be written and no other file be read.
 */
export type Database = {
  /** A connection of `key`'s own for writing; temporary tables live in it. */
  readonly work: <R>(key: string, job: (connection: DuckDBConnection) => Promise<R>) => Promise<R>;
  /** A connection that can read the archive's files and do nothing else; nobody else uses it meanwhile. */
  readonly ask: <R>(question: (connection: DuckDBConnection) => Promise<R>) => Promise<R>;
  readonly stats: () => ReturnType<Pool<DuckDBConnection>['stats']>;
  readonly close: () => Promise<void>;
};

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

async function openReader(options: DatabaseOptions): Promise<DuckDBInstance> {
  const folders = literals([options.readFolder, options.spillFolder]);
  const instance = await DuckDBInstance.create(':memory:', settings(options));
  const setup = await instance.connect();
  await setup.run(`SET allowed_directories=${folders}`);
  await setup.run('SET enable_external_access=false');
  await setup.run('SET lock_configuration=true');
  setup.closeSync();
  return instance;
}

const settings = ({ spillFolder, threads, memoryMb }: DatabaseOptions) => ({
  threads: String(threads),
  memory_limit: `${memoryMb}MB`,
  temp_directory: spillFolder,
  // Nothing is fetched from the network behind anybody's back; Parquet, CSV and JSON are built in.
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
});

/** Opens the database; its instances start with their first use. */
export function createDatabase(options: DatabaseOptions): Database {
  const limit = createLimiter(MAX_JOBS);
  const writer = once(() => DuckDBInstance.create(':memory:', settings(options)));
  const reader = once(() => openReader(options));
  const slots = Array.from({ length: MAX_QUESTIONS }, (_, slot) => `ask:${slot}`);
  const limitQuestions = createLimiter(MAX_QUESTIONS);
  const pool = createPool<DuckDBConnection>({
    limit: MAX_HANDLES,
    open: async (key) => (await (key.startsWith('ask:') ? reader() : writer())).connect(),
    close: (connection) => {
      connection.closeSync();
    },
  });
  return {
    work: (key, job) => limit(() => pool.use(`work:${key}`, job)),
    ask: (question) =>
      limitQuestions(async () => {
        const slot = slots.pop() ?? 'ask:more';
        try {
          return await pool.use(slot, question);
        } finally {
          slots.push(slot);
        }
      }),
    stats: pool.stats,
    close: pool.close,
  };
}
