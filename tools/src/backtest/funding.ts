import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FundingRates } from '@tradewind/core/backtest/config';
import { TIMEFRAMES } from '@tradewind/core/market/market';
import { Fault, messageOf } from '../lib/fault.ts';
import { numberOf, timeIn, type Field } from './csv-fields.ts';
import { onlyOf, parseDataFile } from './data-arguments.ts';
import type { Loaded } from './series.ts';

/** Names that exchanges give the two columns, in lower case and letters only. */
const TIMES = ['fundingtime', 'calctime', 'ts', 'timestamp', 'time', 'datetime', 'date'];
const RATES = ['fundingrate', 'lastfundingrate', 'rate'];
/** No venue lets a rate be more than a few percent: what is more was written in percent. */
const MAX_RATE = 0.05;
const SHOWN_BAD_ROWS = 5;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

function linesOf(file: string, shown: string): readonly string[] {
  try {
    const raw = readFileSync(file);
    const bytes = raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw;
    return bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/);
  } catch (error) {
    throw new Fault(`${shown} cannot be read: ${messageOf(error)}`);
  }
}

const cellsOf = (line: string): readonly string[] =>
  line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
const fieldOf = (cell: string): Field => {
  const bytes = Buffer.from(cell);
  return { bytes, from: 0, to: bytes.length };
};

type Row = { readonly at: number; readonly rate: number };

/** A row's time and rate, or what is wrong with it. */
function rowOf(time: string, rate: string): Row | string {
  const row = { at: timeIn(fieldOf(time)), rate: numberOf(fieldOf(rate)) };
  if (!Number.isSafeInteger(row.at)) return `has no usable time: "${time}"`;
  if (rate === '' || Number.isNaN(row.rate)) return `has no usable rate: "${rate}"`;
  return Math.abs(row.rate) <= MAX_RATE
    ? row
    : `has a rate of ${rate}: rates are shares, 0.0001 for 0.01 %, and none is above ${MAX_RATE}`;
}

/** The rates of one market in a CSV file, oldest first. @throws Fault in words for what cannot be used. */
function readRates(file: string, shown: string, marketKey: string): FundingRates {
  const [head = '', ...lines] = linesOf(file, shown);
  const names = cellsOf(head).map(plain);
  const pick = (wanted: readonly string[]): number =>
    names.findIndex((name) => name === wanted.find((one) => names.includes(one)));
  const [time, rate, symbol] = [pick(TIMES), pick(RATES), names.indexOf('symbol')];
  if (time < 0 || rate < 0)
    throw new Fault(
      `${shown} lacks a column for ${time < 0 ? 'the time' : 'the rate'} of funding. Its first line names them, such as fundingTime,fundingRate.`,
    );
  const meant = onlyOf(marketKey)['symbol'] ?? [];
  const bad: string[] = [];
  const rows: Row[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const cells = cellsOf(line);
    if (symbol >= 0 && !meant.includes(plain(cells[symbol] ?? ''))) continue;
    const row = rowOf(cells[time] ?? '', cells[rate] ?? '');
    if (typeof row === 'string') bad.push(`line ${index + 2} ${row}`);
    else rows.push(row);
  }
  rows.sort((a, b) => a.at - b.at);
  const twice = rows.find(({ at }, index) => at === rows[index - 1]?.at);
  if (twice !== undefined) bad.push(`${new Date(twice.at).toISOString()} is there twice`);
  if (bad.length > 0)
    throw new Fault(
      `${shown} has funding rates that cannot be used:\n  ${bad.slice(0, SHOWN_BAD_ROWS).join('\n  ')}`,
    );
  if (rows.length === 0) throw new Fault(`${shown} has no funding rates of ${marketKey}.`);
  return { at: rows.map(({ at }) => at), rate: rows.map((row) => row.rate) };
}

/** A file's rates are of a market that is tested: by its key, else by its symbol. */
function marketFor(asked: string, shown: string, loaded: readonly Loaded[]): Loaded {
  const symbol = asked.split('_').slice(2).join('_');
  const found =
    loaded.find(({ series }) => series.marketKey === asked) ??
    loaded.find(
      ({ series }) => series.symbol === symbol && series.instrument.market === 'futures',
    ) ??
    loaded.find(({ series }) => series.symbol === symbol);
  if (found === undefined)
    throw new Fault(
      `${shown} is of ${symbol}, of which there are no data. Say which market it is of: --funding MARKET=FILE`,
    );
  const { marketKey, instrument } = found.series;
  if (instrument.market !== 'futures')
    throw new Fault(
      `${marketKey} pays no funding: only futures do. Where the data are a future's, say so: --data ${marketKey.replace('_spot_', '_futures_')}=FILE`,
    );
  return found;
}

/**
 * Funding rates by market key from CSV files, `FILE`, `SYMBOL=FILE` or `MARKET=FILE`: those that fall due within the data.
 *
 * @throws Fault in words for a file that cannot be used, or is of a market that is not tested or pays none.
 */
export function readFunding(
  files: readonly string[],
  loaded: readonly Loaded[],
): Readonly<Record<string, FundingRates>> {
  const funding: Record<string, FundingRates> = {};
  for (const text of files) {
    const { marketKey: asked, file, shown } = parseDataFile(text, '--funding');
    const { series } = marketFor(asked, shown, loaded);
    const { marketKey, openAt, timeframe } = series;
    if (funding[marketKey] !== undefined)
      throw new Fault(`${shown} is a second file of funding rates of ${marketKey}. Give one.`);
    const { at, rate } = readRates(file, shown, marketKey);
    const [from = 0, last = 0] = [openAt[0], openAt.at(-1)];
    const isDue = (moment: number): boolean =>
      moment > from && moment <= last + TIMEFRAMES[timeframe];
    const due = at.flatMap((moment, row) =>
      isDue(moment) ? [{ moment, rate: rate[row] ?? 0 }] : [],
    );
    if (due.length === 0)
      throw new Fault(
        `None of the funding rates of ${shown} falls due within the data of ${marketKey}.`,
      );
    funding[marketKey] = { at: due.map(({ moment }) => moment), rate: due.map((one) => one.rate) };
  }
  return funding;
}
