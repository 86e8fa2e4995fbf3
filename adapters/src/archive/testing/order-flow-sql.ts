import type { DuckDBConnection } from '@duckdb/node-api';
import type { Grid } from '@tradewind/core/market/grid';

// Order flow by SQL: DuckDB reads the file itself and knows nothing of ticks, candles or histograms.

const DAY = 86_400_000;

/** A file of trades, and how to read one market of it. */
export type Source = {
  readonly name: string;
  readonly file: string;
  /** Market and symbol in a file of several. */
  readonly only?: readonly [market: string, symbol: string];
  readonly grid: Grid;
};

/** Loads the file's trades as whole steps, by decimal arithmetic. */
export async function load(connection: DuckDBConnection, { file, only, grid: steps }: Source) {
  const perTick = 10n ** 18n / steps.tick;
  const perLot = 10n ** 18n / steps.lot;
  await connection.run(`
    CREATE OR REPLACE TABLE trades AS
    SELECT CAST(ts AS BIGINT) AS ts, CAST(price * ${perTick} AS BIGINT) AS tick,
      CAST(qty * ${perLot} AS BIGINT) AS lots, side = 'buy' AS bought
    FROM read_csv('${file}', header = true, auto_detect = true,
      types = {'price': 'DECIMAL(18, 8)', 'qty': 'DECIMAL(18, 8)'})
    WHERE ${only === undefined ? 'true' : `market = '${only[0]}' AND symbol = '${only[1]}'`}`);
}

/** A row of an answer, with numbers for DuckDB's big integers. */
type Row = Readonly<Record<string, unknown>>;

const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number(value);
  return Array.isArray(value) ? value.map(plain) : value;
};

/** Asks a question. */
export async function ask(connection: DuckDBConnection, question: string): Promise<Row[]> {
  const reader = await connection.runAndReadAll(question);
  return reader
    .getRowObjectsJS()
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
    );
}

/** What a profile is over: times in epoch milliseconds, the row size in ticks. */
type Span = { readonly rowSize: number; readonly from: number; readonly until: number };

/** Rows, point of control and value area by SQL, the latter by a recursion over the list of rows. */
export const profileSql = ({ rowSize, from, until }: Span) => `
  WITH RECURSIVE traded AS (
    SELECT tick // ${rowSize} AS r, sum(lots) AS volume FROM trades
    WHERE ts >= ${from} AND ts < ${until} GROUP BY r),
  bounds AS (SELECT min(r) AS first, max(r) AS last FROM traded),
  filled AS (
    SELECT g.r AS r, coalesce(volume, 0)::BIGINT AS volume
    FROM bounds, generate_series(first, last) AS g(r) LEFT JOIN traded ON traded.r = g.r),
  listed AS (SELECT list(volume ORDER BY r) AS v, sum(volume) AS total FROM filled),
  control AS (
    SELECT (r - first)::BIGINT AS poc, volume FROM filled, bounds
    ORDER BY volume DESC, abs(2 * r - first - last), r LIMIT 1),
  area AS (
    SELECT poc AS low, poc AS high, poc, volume::HUGEINT AS inside FROM control
    UNION ALL
    SELECT
      CASE WHEN goes_up THEN low ELSE greatest(0, low - 2) END,
      CASE WHEN goes_up THEN least(len(v) - 1, high + 2) ELSE high END,
      poc, inside + CASE WHEN goes_up THEN up ELSE down END
    FROM (
      SELECT *, down IS NULL OR up > down OR (up = down AND high - poc < poc - low) AS goes_up
      FROM (
        SELECT area.*, v, total,
          list_sum(v[high + 2 : high + 3]) AS up,
          CASE WHEN low > 0 THEN list_sum(v[greatest(1, low - 1) : low]) END AS down
        FROM area, listed)
      WHERE 10 * inside < 7 * total))
  SELECT first, v, total, poc, low, high, inside FROM listed, bounds,
    (SELECT * FROM area ORDER BY inside DESC, high - low DESC LIMIT 1)`;

/** Flow per minute by SQL, with the delta since 00:00 UTC and over the hour that ends with the minute. */
export const FLOW_SQL = `
  WITH flow AS (
    SELECT ts // 60000 * 60000 AS minute,
      sum(CASE WHEN bought THEN lots ELSE 0 END) AS bought,
      sum(CASE WHEN bought THEN 0 ELSE lots END) AS sold,
      count_if(bought) AS buys, count_if(NOT bought) AS sells
    FROM trades GROUP BY minute)
  SELECT minute, bought, sold, buys, sells,
    sum(bought - sold) OVER (PARTITION BY minute // ${DAY} ORDER BY minute) AS session,
    sum(bought - sold) OVER (ORDER BY minute RANGE BETWEEN 3540000 PRECEDING AND CURRENT ROW) AS hour,
    bought::DOUBLE / nullif(sold, 0)::DOUBLE AS ratio
  FROM flow ORDER BY minute`;
