import type { BarKind } from './layout.ts';
import { DECIMAL } from './sql.ts';

/** Times before the first electronic exchanges or far ahead are misread numbers. */
const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** Epoch milliseconds of text: seconds, milli-, micro- or nanoseconds by their number of digits, or a date. */
export const timeOf = (column: string): string => `CASE
  WHEN ${column} IS NULL OR trim(${column}) = '' THEN NULL
  WHEN regexp_full_match(trim(${column}), '[0-9]{1,11}([.][0-9]+)?')
    THEN (try_cast(trim(${column}) AS DECIMAL(30,9)) * 1000)::BIGINT
  WHEN regexp_full_match(trim(${column}), '[0-9]{12,14}([.][0-9]+)?')
    THEN floor(try_cast(trim(${column}) AS DECIMAL(30,9)))::BIGINT
  WHEN regexp_full_match(trim(${column}), '[0-9]{15,17}') THEN trim(${column})::BIGINT // 1000
  WHEN regexp_full_match(trim(${column}), '[0-9]{18,19}') THEN trim(${column})::BIGINT // 1000000
  WHEN regexp_matches(trim(${column}), '[0-9]:[0-9.:]+ ?([+-][0-9]{2}(:?[0-9]{2})?)$')
    THEN epoch_ms(try_cast(trim(${column}) AS TIMESTAMPTZ))
  ELSE epoch_ms(try_cast(trim(${column}) AS TIMESTAMP)) END`;

const decimalOf = (column: string): string => `try_cast(nullif(trim(${column}), '') AS ${DECIMAL})`;

/** More decimals than the archive keeps: storing it would round it without a word. */
const isTooFine = (column: string): string =>
  `regexp_matches(${column}, '[.][0-9]{18}[0-9]*[1-9]')`;

const say = (words: string, column: string): string =>
  `'${words} "' || coalesce(${column}, '') || '"'`;

/** Reasons to refuse a number, as branches of a CASE. */
const refuse = (name: string, { zero }: { readonly zero: boolean }): string => `
  WHEN ${name} IS NULL THEN ${say(`no usable ${name.replaceAll('_', ' ')}:`, `raw.${name}`)}
  WHEN ${name} < 0 ${zero ? '' : `OR ${name} = 0`}
    THEN ${say(`${name.replaceAll('_', ' ')} is ${zero ? 'below' : 'not above'} zero:`, `raw.${name}`)}
  WHEN ${isTooFine(`raw.${name}`)}
    THEN ${say(`${name.replaceAll('_', ' ')} has more than 18 decimals:`, `raw.${name}`)}`;

const refuseTime = `
  WHEN ts IS NULL THEN ${say('no usable time:', 'raw.ts')}
  WHEN ts < ${EARLIEST} OR ts >= ${LATEST}
    THEN ${say('time is not between 1980 and 2100:', 'raw.ts')}`;

/** Marks the second and later rows of one key. */
const withRepeats = (judged: string, key: string, words: string): string => `
  SELECT * REPLACE (CASE WHEN reason IS NULL AND line > first_line
    THEN ${words} || first_line ELSE reason END AS reason) FROM (
    SELECT *, min(line) FILTER (WHERE reason IS NULL) OVER (PARTITION BY ${key}) AS first_line
    FROM (${judged}))`;

/**
 * SQL that judges the trades in `staged`: their columns as the archive holds them, and with `reason` why a row
 * cannot be stored. A trade without id gets one from what it says, so that the same file gives the same ids.
 */
export const judgeTicks = (): string =>
  withRepeats(
    `SELECT line,
      coalesce(nullif(trim(raw.id), ''), 'h' || left(md5(concat_ws('|', ts, price, size, side, row_number()
        OVER (PARTITION BY ts, price, size, side ORDER BY line))), 24)) AS id,
      ts, coalesce(received, ts) AS received, price, size, side, source, late,
      CASE ${refuseTime} ${refuse('price', { zero: false })} ${refuse('size', { zero: false })}
        WHEN side IS NULL THEN ${say('side is neither buy nor sell:', 'raw.side')}
        WHEN length(raw.id) > 128 THEN 'its id is longer than 128 characters'
        ELSE NULL END AS reason
    FROM (SELECT line, ${timeOf('ts')} AS ts, ${timeOf('received')} AS received,
        ${decimalOf('price')} AS price, ${decimalOf('size')} AS size,
        CASE WHEN lower(trim(side)) IN ('buy', 'b', 'bid', 'long', '1') THEN 'buy'
          WHEN lower(trim(side)) IN ('sell', 's', 'ask', 'short', '-1') THEN 'sell' END AS side,
        'recorded' AS source, false AS late, staged AS raw FROM staged)`,
    'id',
    `'trade id ' || id || ' is there already in line '`,
  );

/** SQL that judges the candles of one length in `staged`. */
export const judgeBars = (
  { kind, length }: { readonly kind: BarKind; readonly length: number },
  writtenAt: number,
): string =>
  withRepeats(
    `SELECT line, ts, open, high, low, close, volume, buy_volume, quote_volume, trades,
      NULL::BIGINT AS buy_trades, false AS gap_filled, false AS incomplete, 'venue' AS source,
      ${writtenAt}::BIGINT AS written,
      CASE ${refuseTime}
        ${kind === '1d' ? '' : `WHEN ts % ${length} <> 0 THEN 'no ${kind} candle begins at ' || epoch_ms(ts)`}
        ${['open', 'high', 'low', 'close'].map((name) => refuse(name, { zero: false })).join('')}
        ${refuse('volume', { zero: true })}
        WHEN high < low THEN 'high ' || raw.high || ' is below low ' || raw.low
        WHEN high < greatest(open, close) OR low > least(open, close)
          THEN 'open ' || raw.open || ' or close ' || raw.close || ' lies outside low ' || raw.low || ' to high ' || raw.high
        WHEN buy_volume < 0 OR buy_volume > volume THEN ${say('bought volume exceeds the volume:', 'raw.buy_volume')}
        ELSE NULL END AS reason
    FROM (SELECT line, ${timeOf('ts')} AS ts, ${decimalOf('open')} AS open, ${decimalOf('high')} AS high,
        ${decimalOf('low')} AS low, ${decimalOf('close')} AS close,
        CASE WHEN volume IS NULL THEN 0::${DECIMAL} ELSE ${decimalOf('volume')} END AS volume,
        ${decimalOf('buy_volume')} AS buy_volume, try_cast(nullif(trim(quote_volume), '') AS DOUBLE) AS quote_volume,
        try_cast(nullif(trim(trades), '') AS BIGINT) AS trades, staged AS raw FROM staged)`,
    'ts',
    `'a candle of that time is there already in line '`,
  );
