import {
  archiveColumns,
  parquetColumns,
  type FloatRows,
} from '@tradewind/adapters/archive/float-columns';
import { ImportRefused } from '@tradewind/adapters/archive/import-file';
import type { Kind } from '@tradewind/adapters/archive/layout';
import { parseMarket, parseSpan } from '../data/arguments.ts';
import { elsewhere, withArchive, type Place } from '../data/open-data.ts';
import { Fault, messageOf } from '../lib/fault.ts';
import type { Rules } from './instrument.ts';
import { csvColumns } from './csv-columns.ts';
import { onlyOf, parseDataFile } from './data-arguments.ts';
import { seriesOf, type Cut, type Loaded, type MarketRows } from './series.ts';

export type DataOptions = Place & {
  readonly data?: readonly string[];
  readonly market?: readonly string[];
  readonly from?: string;
  readonly to?: string;
};

type Part = MarketRows['parts'][number];

/** Digits that the floats of a column are written with; of a sample, as they are alike. */
function digitsOf(rows: FloatRows, name: string): number {
  const column = rows.columns[name] ?? new Float64Array();
  const sample = Array.from(
    column.subarray(0, 2_000),
    (value) => (String(value).split('.')[1] ?? '').length,
  );
  return Math.min(8, Math.max(0, ...sample));
}

const withDecimals = (rows: FloatRows): Part => ({
  ...rows,
  decimals: {
    price: digitsOf(rows, rows.table === 'bars' ? 'close' : 'price'),
    size: digitsOf(rows, rows.table === 'bars' ? 'volume' : 'size'),
  },
});

async function parquet(file: string, shown: string): Promise<Part> {
  try {
    return withDecimals(await parquetColumns(file));
  } catch (error) {
    if (error instanceof ImportRefused) throw new Fault(`${shown}: ${error.message}`);
    throw new Fault(`${shown} cannot be read as Parquet: ${messageOf(error).split('\n')[0] ?? ''}`);
  }
}

async function fromFiles(data: readonly string[]): Promise<MarketRows[]> {
  const markets = new Map<string, { readonly places: string[]; readonly parts: Part[] }>();
  for (const text of data) {
    const { marketKey, file, shown } = parseDataFile(text);
    const part = /\.parquet$/i.test(file)
      ? await parquet(file, shown)
      : csvColumns(file, onlyOf(marketKey));
    const market = markets.get(marketKey) ?? { places: [], parts: [] };
    if (market.parts.some(({ table }) => table === part.table))
      throw new Fault(
        `${shown} is a second file of ${part.table === 'bars' ? 'candles' : 'trades'} of ${marketKey}. Give one of each, or import both and use the archive: --market ${marketKey}`,
      );
    market.parts.push(part);
    market.places.push(shown);
    markets.set(marketKey, market);
  }
  return [...markets].map(([marketKey, { places, parts }]) => ({
    marketKey,
    place: places.join(' and '),
    parts,
  }));
}

/** Candles that backtests read, the finest first. */
const BAR_KINDS: readonly Kind[] = ['1m', '5m', '15m', '1h'];

const fromArchive = (
  options: DataOptions,
  keys: readonly string[],
  { from, to }: Cut,
): Promise<MarketRows[]> =>
  withArchive(options, {}, async (archive) => {
    const found: MarketRows[] = [];
    for (const text of keys) {
      const marketKey = parseMarket(text);
      const held = (await archive.markets({ marketKeys: [marketKey] })).map(({ kind }) => kind);
      const kinds = [
        BAR_KINDS.find((kind) => held.includes(kind)),
        held.find((kind) => kind === 'ticks'),
      ];
      const parts: Part[] = [];
      for (const kind of kinds) {
        if (kind === undefined) continue;
        const rows = await archiveColumns(archive, { marketKey, kind, from, to });
        if ((rows.columns['ts']?.length ?? 0) > 0) parts.push(withDecimals(rows));
      }
      if (parts.length === 0)
        throw new Fault(
          `The archive has no candles and no trades of ${marketKey} in that span.${await elsewhere(options)}\nSee what there is: npm run tw -- data list`,
        );
      found.push({ marketKey, place: archive.place, parts });
    }
    return found;
  });

/**
 * The bars of every market that was asked for, from files or from the archive.
 *
 * @throws Fault in words for whatever was wrong with which of them.
 */
export async function loadData(options: DataOptions, rules: Rules): Promise<readonly Loaded[]> {
  const { data = [], market = [] } = options;
  if (data.length === 0 && market.length === 0)
    throw new Fault(
      'Say what to test on: --data FILE… for files of candles or trades, or --market KEY… for the archive.\n' +
        'Get some with: npm run tw -- data download binance BTC-USDT --from 90d',
    );
  if (data.length > 0 && market.length > 0) throw new Fault('Give --data or --market, not both.');
  const { from = 0, to = 9e15 } = parseSpan({ from: options.from, until: options.to }, Date.now());
  const cut: Cut = { from, to };
  const rows = data.length > 0 ? await fromFiles(data) : await fromArchive(options, market, cut);
  return rows.map((one) => seriesOf(one, { cut, rules }));
}
