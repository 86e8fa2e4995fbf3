import {
  archiveColumns,
  parquetColumns,
  type FloatRows,
} from '@tradewind/adapters/archive/float-columns';
import { ImportRefused } from '@tradewind/adapters/archive/import-file';
import { isBarKind, type BarKind, type Kind } from '@tradewind/adapters/archive/layout';
import { parseMarket, parseSpan } from '../data/arguments.ts';
import { elsewhere, withArchive, type Place } from '../data/open-data.ts';
import { Fault, messageOf } from '../lib/fault.ts';
import type { Rules } from './instrument.ts';
import { csvColumns } from './csv-columns.ts';
import { onlyOf, parseDataFile, type DataFile } from './data-arguments.ts';
import { withFiner, type FinerRows } from './finer.ts';
import { seriesOf, type Cut, type Loaded, type MarketRows } from './series.ts';

export type DataOptions = Place & {
  readonly data?: readonly string[];
  readonly market?: readonly string[];
  /** Candles within the bars: files beside `data`, one length such as 1s beside `market`. */
  readonly finer?: readonly string[];
  readonly from?: string;
  readonly to?: string;
};

/** What was read of one market; `finer` tells what happened within its bars. */
type Read = MarketRows & { readonly finer: FinerRows | null };
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

const partOf = ({ marketKey, file, shown }: DataFile): Promise<Part> | Part =>
  /\.parquet$/i.test(file) ? parquet(file, shown) : csvColumns(file, onlyOf(marketKey));

async function fromFiles(data: readonly string[]): Promise<MarketRows[]> {
  const markets = new Map<string, { readonly places: string[]; readonly parts: Part[] }>();
  for (const text of data) {
    const named = parseDataFile(text);
    const { marketKey, shown } = named;
    const part = await partOf(named);
    const market = markets.get(marketKey) ?? { places: [], parts: [] };
    if (market.parts.some(({ table }) => table === part.table))
      throw new Fault(
        `${shown} is a second file of ${part.table === 'bars' ? 'candles' : 'trades'} of ${marketKey}. Give one of each; candles within its bars go to --finer. Or import both and use the archive: --market ${marketKey}`,
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

/** The candles within the bars of each market that a file of `--finer` is of. */
async function finerFiles(rows: readonly MarketRows[], finer: readonly string[]): Promise<Read[]> {
  const found = new Map<string, FinerRows>();
  for (const text of finer) {
    const named = parseDataFile(text, '--finer');
    const { marketKey, shown } = named;
    if (!rows.some((one) => one.marketKey === marketKey))
      throw new Fault(
        `${shown} is of ${marketKey}, of which there are no bars. There are of: ${rows.map((one) => one.marketKey).join(', ')}`,
      );
    if (found.has(marketKey))
      throw new Fault(`${shown} is a second file of finer candles of ${marketKey}. Give one.`);
    const { table, columns } = await partOf(named);
    if (table !== 'bars')
      throw new Fault(`${shown} holds trades. They go beside the candles: --data ${text}`);
    found.set(marketKey, { place: shown, columns });
  }
  return rows.map((one) => ({ ...one, finer: found.get(one.marketKey) ?? null }));
}

/** A length of candles that the archive may hold within the bars. @throws Fault for anything else. */
function finerKind([text, ...more]: readonly string[]): BarKind | null {
  if (text === undefined) return null;
  if (more.length === 0 && isBarKind(text)) return text;
  throw new Fault(
    `Beside --market, --finer takes the length of the archive's candles, such as 1s, not "${[text, ...more].join(' ')}".`,
  );
}

/** Candles that backtests read, the finest first. */
const BAR_KINDS: readonly Kind[] = ['1m', '5m', '15m', '1h'];

const fromArchive = (
  options: DataOptions,
  keys: readonly string[],
  { from, to }: Cut,
): Promise<Read[]> =>
  withArchive(options, {}, async (archive) => {
    const found: Read[] = [];
    for (const text of keys) {
      const marketKey = parseMarket(text);
      const held = (await archive.markets({ marketKeys: [marketKey] })).map(({ kind }) => kind);
      const finer = finerKind(options.finer ?? []);
      if (finer !== null && !held.includes(finer))
        throw new Fault(`The archive has no candles of ${finer} of ${marketKey}.`);
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
      const within =
        finer === null
          ? null
          : {
              place: archive.place,
              columns: (await archiveColumns(archive, { marketKey, kind: finer, from, to }))
                .columns,
            };
      found.push({ marketKey, place: archive.place, parts, finer: within });
    }
    return found;
  });

/**
 * The bars of every market that was asked for, from files or from the archive.
 *
 * @throws Fault in words for whatever was wrong with which of them.
 */
export async function loadData(options: DataOptions, rules: Rules): Promise<readonly Loaded[]> {
  const { data = [], market = [], finer = [] } = options;
  if (data.length === 0 && market.length === 0)
    throw new Fault(
      'Say what to test on: --data FILE… for files of candles or trades, or --market KEY… for the archive.\n' +
        'Get some with: npm run tw -- data download binance BTC-USDT --from 90d',
    );
  if (data.length > 0 && market.length > 0) throw new Fault('Give --data or --market, not both.');
  const { from = 0, to = 9e15 } = parseSpan({ from: options.from, until: options.to }, Date.now());
  const cut: Cut = { from, to };
  const rows =
    data.length > 0
      ? await finerFiles(await fromFiles(data), finer)
      : await fromArchive(options, market, cut);
  return rows.map((one) => withFiner(seriesOf(one, { cut, rules }), one.finer, cut));
}
