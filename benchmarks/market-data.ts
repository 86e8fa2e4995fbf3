import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { price, qty } from '@tradewind/core/lib/units';
import { gridOf, priceSteps, sizeSteps, type Grid } from '@tradewind/core/market/grid';

const FILE = 'trades_binance_btc_eth_spot_usdm_coinm_20240808.csv.gz';

/** Recorded trades of one market, oldest first, as columns. */
export type Columns = {
  readonly name: string;
  readonly grid: Grid;
  readonly ids: Float64Array;
  readonly ats: Float64Array;
  readonly prices: Float64Array;
  readonly sizes: Float64Array;
  /** 1 where the aggressor bought. */
  readonly buys: Uint8Array;
};

type Row = readonly [
  at: string,
  name: string,
  id: string,
  price: string,
  size: string,
  isBuy: boolean,
];

/** The file has some small sizes as `9e-05`. */
const plain = (text: string): string =>
  text.includes('e') ? Number(text).toFixed(10).replace(/0+$/, '') : text;

function readRows(): Row[] {
  const folder = process.env['TRADEWIND_DATA'] ?? 'data';
  const path = join(folder, FILE);
  if (!existsSync(path))
    throw new Error(
      `There are no recorded trades at ${path}. Set TRADEWIND_DATA to the folder that holds ${FILE}.`,
    );
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [at = '', , market = '', symbol = '', id = '', px = '', size = '', side] =
      line.split(',');
    return [at, `${symbol}_${market}`, id, plain(px), plain(size), side === 'buy'];
  });
}

const decimalsOf = (text: string): number => (text.split('.')[1] ?? '').length;
const stepText = (decimals: number): string =>
  decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`;

/** The coarsest grid that holds every price and size. */
function gridOfRows(rows: readonly Row[]): Grid {
  const places = (column: 3 | 4): number =>
    rows.reduce((most, row) => Math.max(most, decimalsOf(row[column])), 0);
  return gridOf({ tickSize: price(stepText(places(3))), lotSize: qty(stepText(places(4))) });
}

function columnsOf(name: string, rows: readonly Row[]): Columns {
  const grid = gridOfRows(rows);
  const whole = (steps: number | undefined): number => {
    if (steps === undefined) throw new Error(`Invariant: every value is on the grid of ${name}`);
    return steps;
  };
  return {
    name,
    grid,
    ids: Float64Array.from(rows, ([, , id]) => Number(id)),
    ats: Float64Array.from(rows, ([at]) => Number(at)),
    prices: Float64Array.from(rows, (row) => whole(priceSteps(grid, price(row[3])))),
    sizes: Float64Array.from(rows, (row) => whole(sizeSteps(grid, qty(row[4])))),
    buys: Uint8Array.from(rows, (row) => Number(row[5])),
  };
}

/** The recorded trades by market, the market with the most of them first. @throws Error when the file is not there. */
export function readMarkets(): readonly Columns[] {
  const byMarket = new Map<string, Row[]>();
  for (const row of readRows()) {
    const known = byMarket.get(row[1]);
    if (known === undefined) byMarket.set(row[1], [row]);
    else known.push(row);
  }
  return [...byMarket]
    .map(([name, rows]) => columnsOf(name, rows))
    .sort((a, b) => b.ids.length - a.ids.length);
}

/**
 * `count` trades: the recording again and again, each time later by its own span and with ids that count on.
 *
 * @param shiftMs Added to every time, so that markets made of one recording do not move together.
 */
export function tiled(market: Columns, count: number, shiftMs = 0): Columns {
  const { ids, ats, prices, sizes, buys } = market;
  const many = ids.length;
  const [first, last] = [ats[0] ?? 0, ats[many - 1] ?? 0];
  const span = last - first + 1_000;
  const idSpan = (ids[many - 1] ?? 0) - (ids[0] ?? 0) + 1;
  const made = {
    name: market.name,
    grid: market.grid,
    ids: new Float64Array(count),
    ats: new Float64Array(count),
    prices: new Float64Array(count),
    sizes: new Float64Array(count),
    buys: new Uint8Array(count),
  };
  for (let index = 0; index < count; index += 1) {
    const from = index % many;
    const round = Math.floor(index / many);
    made.ids[index] = (ids[from] ?? 0) + round * idSpan;
    made.ats[index] = (ats[from] ?? 0) + round * span + shiftMs;
    made.prices[index] = prices[from] ?? 0;
    made.sizes[index] = sizes[from] ?? 0;
    made.buys[index] = buys[from] ?? 0;
  }
  return made;
}

/**
 * The order in which trades reach us on a bad day, as indexes: one in a hundred up to 1.9 s after its time, one in
 * a hundred twice. The same in every run.
 */
export function arrivals({ ats }: Columns): Uint32Array {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const come: { readonly index: number; readonly at: number }[] = [];
  ats.forEach((at, index) => {
    come.push({ index, at: random() < 0.01 ? at + Math.floor(random() * 1_900) : at });
    if (random() < 0.01) come.push({ index, at: at + Math.floor(random() * 1_900) });
  });
  // Copied by `map`, since sort must be stable: trades of one millisecond keep their order.
  return Uint32Array.from(come.sort((a, b) => a.at - b.at).map(({ index }) => index));
}

/**
 * Seconds of processor time that this process has used, in all its threads: what others do on the machine meanwhile
 * does not count, and garbage collection beside the main thread does.
 */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
