import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as technicalindicators from 'technicalindicators';
import type { BarValues } from '../../market/bar.ts';
import { cases, feed, near, walk } from './cases.ts';

// The package types its inputs as classes, yet reads plain objects.
type Series = {
  high: number[];
  low: number[];
  close: number[];
  volume: number[];
  values: number[];
};
type Function<Out> = (input: Series & Readonly<Record<string, unknown>>) => Out[];
const library: {
  sma: Function<number>;
  ema: Function<number>;
  rsi: Function<number>;
  atr: Function<number>;
  cci: Function<number>;
  williamsr: Function<number>;
  obv: Function<number>;
  roc: Function<number>;
  macd: Function<{ MACD?: number; signal?: number; histogram?: number }>;
  bollingerbands: Function<{ upper: number; middle: number; lower: number; pb: number }>;
  adx: Function<{ adx: number; pdi: number; mdi: number }>;
  stochastic: Function<{ k: number; d?: number }>;
} = technicalindicators as never;

const series = (bars: readonly BarValues[]): Series => {
  const close = bars.map((bar) => bar.close);
  return {
    high: bars.map((bar) => bar.high),
    low: bars.map((bar) => bar.low),
    close,
    volume: bars.map((bar) => bar.volume),
    values: close,
  };
};

type Peer = {
  readonly of: string;
  /** Its values, the last one that of the last bar. */
  readonly values: (bars: readonly BarValues[]) => Readonly<Record<string, number | undefined>>[];
  /** Bars until both agree: seeds that differ must have faded. */
  readonly settled: number;
  readonly tolerance: number;
};
const plain = (column: string, values: readonly number[]) =>
  values.map((value) => ({ [column]: value }));

const peers: readonly Peer[] = [
  {
    of: 'SMA 20',
    values: (bars) => plain('sma20', library.sma({ period: 20, ...series(bars) })),
    settled: 20,
    tolerance: 1e-7,
  },
  {
    of: 'EMA 20',
    values: (bars) => plain('ema20', library.ema({ period: 20, ...series(bars) })),
    settled: 20,
    tolerance: 1e-7,
  },
  {
    of: 'RSI 14',
    values: (bars) => plain('rsi14', library.rsi({ period: 14, ...series(bars) })),
    settled: 15,
    // It rounds to two decimals.
    tolerance: 0.005 + 1e-9,
  },
  {
    of: 'MACD 12/26/9',
    values: (bars) =>
      library
        .macd({
          fastPeriod: 12,
          slowPeriod: 26,
          signalPeriod: 9,
          SimpleMAOscillator: false,
          SimpleMASignal: false,
          ...series(bars),
        })
        .map(({ MACD, signal, histogram }) => ({
          macdLine: MACD,
          macdSignal: signal,
          macdHistogram: histogram,
        })),
    // It seeds the fast average earlier than TA-Lib does.
    settled: 250,
    tolerance: 1e-7,
  },
  {
    of: 'Bollinger 20, 2',
    values: (bars) =>
      library
        .bollingerbands({ period: 20, stdDev: 2, ...series(bars) })
        .map(({ upper, middle, lower, pb }) => ({
          bbUpper: upper,
          bbMiddle: middle,
          bbLower: lower,
          bbPercentB: pb,
        })),
    settled: 20,
    tolerance: 1e-7,
  },
  {
    of: 'ATR 14',
    values: (bars) => plain('atr14', library.atr({ period: 14, ...series(bars) })),
    settled: 15,
    tolerance: 1e-7,
  },
  {
    of: 'ADX 14',
    values: (bars) =>
      library
        .adx({ period: 14, ...series(bars) })
        .map(({ adx, pdi, mdi }) => ({ adx14: adx, plusDi14: pdi, minusDi14: mdi })),
    // It seeds its sums with one move more.
    settled: 500,
    tolerance: 1e-7,
  },
  {
    of: 'Fast stochastic 14/3',
    values: (bars) =>
      library
        .stochastic({ period: 14, signalPeriod: 3, ...series(bars) })
        .map(({ k, d }) => ({ stochFastK: k, stochFastD: d })),
    settled: 16,
    tolerance: 1e-7,
  },
  {
    of: 'CCI 20',
    values: (bars) => plain('cci20', library.cci({ period: 20, ...series(bars) })),
    settled: 20,
    tolerance: 1e-7,
  },
  {
    of: 'Williams %R 14',
    values: (bars) => plain('williamsR14', library.williamsr({ period: 14, ...series(bars) })),
    settled: 14,
    tolerance: 1e-7,
  },
  {
    of: 'OBV',
    // It leaves the first bar's volume out.
    values: (bars) =>
      library.obv(series(bars)).map((value) => ({ obv: value + (bars[0]?.volume ?? 0) })),
    settled: 2,
    tolerance: 1e-7,
  },
  {
    of: 'Volume ROC 12',
    values: (bars) => {
      const { volume, ...rest } = series(bars);
      return plain('volumeRoc12', library.roc({ period: 12, ...rest, volume, values: volume }));
    },
    settled: 13,
    tolerance: 1e-7,
  },
];

/** Where ours and theirs differ from `from` bars on. */
function apart(peer: Peer, bars: readonly BarValues[], from: number): unknown[] {
  const own = feed(cases.find(({ name }) => name === peer.of)?.start() ?? fail(peer.of), bars);
  const theirs = peer.values(bars);
  return own.slice(from).flatMap((values, i) => {
    const other = theirs[theirs.length - bars.length + from + i];
    return Object.entries(other ?? { missing: 0 })
      .filter(([column, value]) => !near(values?.[column], value, peer.tolerance))
      .map(([column, value]) => ({ bar: from + i, column, own: values?.[column], value }));
  });
}
function fail(name: string): never {
  throw new Error(`There is no indicator ${name}`);
}

test.each(peers)('IND-04 $of agrees with the technicalindicators package', (peer) => {
  expect(apart(peer, walk, peer.settled - 1)).toEqual([]);
});

const recorded = join(
  process.env['TRADEWIND_DATA'] ?? 'data',
  'ohlcv_1m_binance_usdm_btcusdt_202505_202506.csv.gz',
);
const withData = existsSync(recorded) ? test : test.skip;
withData.each(peers)('IND-04 $of agrees with the package on recorded bars of BTCUSDT', (peer) => {
  const bars = gunzipSync(readFileSync(recorded))
    .toString()
    .split('\n')
    .slice(1, 5_001)
    .map((line) => line.split(',').map(Number))
    .map(([, open = 0, high = 0, low = 0, close = 0, volume = 0]) => ({
      open,
      high,
      low,
      close,
      volume,
    }));
  expect(apart(peer, bars, 4_000)).toEqual([]);
});
