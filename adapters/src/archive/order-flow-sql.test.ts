import { mkdtempSync, rmSync, writeFileSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { atrInit, atrNext } from '@tradewind/core/indicator/atr';
import { price, qty } from '@tradewind/core/lib/units';
import { SERIES, type SeriesName } from '@tradewind/core/market/bar';
import { cascadeAdd, cascadeAdvance, cascadeInit } from '@tradewind/core/market/cascade';
import { barValues } from '@tradewind/core/market/convert';
import { gridOf } from '@tradewind/core/market/grid';
import { TIMEFRAMES, type Timeframe } from '@tradewind/core/market/market';
import type { Tick } from '@tradewind/core/market/tick';
import { cvdAt, cvdInit, cvdNext } from '@tradewind/core/orderflow/cvd';
import { flowRecordOf, type FlowRecord } from '@tradewind/core/orderflow/flow-record';
import {
  profileOf,
  profilesBar,
  profilesInit,
  profilesTick,
  type Profile,
} from '@tradewind/core/orderflow/profile';
import { tapeInit } from '@tradewind/core/orderflow/tick-window';
import { exponential, normal, uniform } from '@tradewind/core/simulation/random';
import { ask, FLOW_SQL, load, profileSql, type Source } from './testing/order-flow-sql.ts';

// The stream's order flow against the same figures by SQL over the same file of trades. Every integer
// has to be equal.

const DATA = process.env['TRADEWIND_DATA'] ?? 'data';
const DAY = 86_400_000;
/** Seconds are enough for each, on a machine that has nothing else to do. */
const TIMEOUT_MS = 60_000;

const grid = (tickSize: string, lotSize: string) =>
  gridOf({ tickSize: price(tickSize), lotSize: qty(lotSize) });

const RECORDED = 'trades_binance_btc_eth_spot_usdm_coinm_20240808.csv.gz';
const recorded: readonly Source[] = [
  {
    name: 'spot BTCUSDT over midnight',
    file: RECORDED,
    only: ['spot', 'BTCUSDT'],
    grid: grid('0.01', '0.00001'),
  },
  {
    name: 'spot ETHUSDT over midnight',
    file: RECORDED,
    only: ['spot', 'ETHUSDT'],
    grid: grid('0.01', '0.0001'),
  },
  {
    name: 'contracts on BTCUSD',
    file: RECORDED,
    only: ['coinm', 'BTCUSD_PERP'],
    grid: grid('0.1', '1'),
  },
  {
    name: 'two hours of BTCUSDT',
    file: 'trades_binance_usdm_btcusdt_20200222.csv.gz',
    grid: grid('0.01', '0.001'),
  },
  {
    name: 'two days of XRP/ETH',
    file: 'trades_binance_spot_xrpeth_20191011.csv.gz',
    grid: grid('0.00000001', '0.1'),
  },
];

/** The trades as the stream gets them, parsed by hand. */
function readTicks({ file, only, grid: { tickSize, lotSize } }: Source): Tick[] {
  const raw = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
  const [header = '', ...lines] = text.trim().split('\n');
  const column = (name: string) => header.split(',').indexOf(name);
  return lines
    .map((line) => line.split(','))
    .filter(
      (cells) =>
        only === undefined ||
        (cells[column('market')] === only[0] && cells[column('symbol')] === only[1]),
    )
    .map((cells) => ({
      id: Number(cells[column('trade_id')]),
      at: Number(cells[column('ts')]),
      price: Math.round(Number(cells[column('price')]) / tickSize),
      size: Math.round(Number(cells[column('qty')]) / lotSize),
      isBuy: cells[column('side')] === 'buy',
    }));
}

/** A profile as it stood when a bar closed. */
type Snapshot = { readonly timeframe: Timeframe | 'session'; readonly profile: Profile };
/** A minute's flow, with its cumulative deltas at its close where they are known. */
type Minute = FlowRecord & {
  readonly sessionDelta: number;
  readonly cvd1h: number | undefined;
  readonly volume: number;
};

/** Passes the trades through candles, profiles and deltas as the stream does. */
function streamed(ticks: readonly Tick[], { grid: steps }: Source) {
  const cascade = cascadeInit();
  const profiles = profilesInit();
  const cvd = cvdInit();
  const tape = tapeInit(3_600);
  const atrs = { '1m': atrInit(14), '5m': atrInit(14), '15m': atrInit(14), '1h': atrInit(14) };
  const snapshots: Snapshot[] = [];
  const minutes: Minute[] = [];
  const isTimeframe = (series: SeriesName): series is Timeframe => series in TIMEFRAMES;
  const keep = (timeframe: Snapshot['timeframe']) => {
    const profile = profileOf(profiles, timeframe);
    if (profile !== undefined) snapshots.push({ timeframe, profile });
  };
  const sink: Parameters<typeof cascadeAdd>[2] = (series, bar) => {
    if (series === '1s') cvdNext(cvd, bar);
    if (!isTimeframe(series)) return;
    const atr = atrNext(atrs[series], barValues(bar, steps));
    profilesBar(profiles, series, { bar, context: { atr, grid: steps } });
    keep(series);
    if (series !== '1m') return;
    keep('session');
    const closeAt = bar.openAt + SERIES['1m'];
    minutes.push({
      ...flowRecordOf(bar, cvdAt({ state: cvd, tape }, 'session', closeAt - 1) ?? null),
      sessionDelta: cvd.total - cvd.sessionTotal,
      cvd1h: cvdAt({ state: cvd, tape }, '1h', closeAt),
      volume: bar.volume,
    });
  };
  for (const tick of ticks) {
    if (cascadeAdd(cascade, tick, sink) !== 'taken')
      throw new Error(`trade ${tick.id} was left out`);
    profilesTick(profiles, tick);
  }
  const end = ticks.reduce((latest, { at }) => Math.max(latest, at), 0);
  cascadeAdvance(cascade, Math.ceil(end / SERIES['1h']) * SERIES['1h'] + 5_000, sink);
  return { snapshots, minutes };
}

/** At most `count` of the items, evenly spread, always with the last. */
const sample = <T>(items: readonly T[], count: number): T[] => {
  const step = Math.max(1, Math.ceil(items.length / count));
  return items.filter((_, i) => (items.length - 1 - i) % step === 0);
};

async function checkProfiles(connection: DuckDBConnection, snapshots: readonly Snapshot[]) {
  for (const timeframe of ['1m', '5m', '15m', '1h', 'session'] as const) {
    const taken = snapshots.filter((snapshot) => snapshot.timeframe === timeframe);
    expect(taken.length).toBeGreaterThan(0);
    for (const { profile } of sample(taken, 6)) {
      const { asOf, rowSize, volumes } = profile;
      const from =
        timeframe === 'session' ? asOf - 1 - ((asOf - 1) % DAY) : asOf - 60 * TIMEFRAMES[timeframe];
      const [told] = await ask(connection, profileSql({ rowSize, from, until: asOf }));
      const priceOf = (row: unknown) =>
        profile.from + Number(row) * rowSize + Math.floor((rowSize - 1) / 2);
      expect(profile.estimatedVolume).toBe(0);
      expect({
        from: Number(told?.['first']) * rowSize,
        volumes: told?.['v'],
        totalVolume: told?.['total'],
        poc: priceOf(told?.['poc']),
        valueAreaLow: priceOf(told?.['low']),
        valueAreaHigh: priceOf(told?.['high']),
      }).toEqual({
        from: profile.from,
        volumes,
        totalVolume: profile.totalVolume,
        poc: profile.poc,
        valueAreaLow: profile.valueAreaLow,
        valueAreaHigh: profile.valueAreaHigh,
      });
    }
  }
}

async function checkFlow(connection: DuckDBConnection, minutes: readonly Minute[]) {
  const byMinute = new Map(minutes.map((minute) => [minute.openAt, minute]));
  const rows = await ask(connection, FLOW_SQL);
  expect(rows.length).toBe(minutes.filter(({ volume }) => volume > 0).length);
  let known = 0;
  for (const row of rows) {
    const ours = byMinute.get(Number(row['minute']));
    expect(ours).toMatchObject({
      buyVolume: row['bought'],
      sellVolume: row['sold'],
      delta: Number(row['bought']) - Number(row['sold']),
      aggressiveBuys: row['buys'],
      aggressiveSells: row['sells'],
      sessionDelta: row['session'],
    });
    if (ours === undefined) continue;
    // The measured ratio; with one side only it is capped, which the core's own tests show.
    if (ours.buyVolume > 0 && ours.sellVolume > 0) expect(ours.imbalanceRatio).toBe(row['ratio']);
    if (ours.cvd !== null) expect(ours.cvd).toBe(row['session']);
    if (ours.cvd1h !== undefined && ours.openAt - (minutes[0]?.openAt ?? 0) >= SERIES['1h']) {
      expect(ours.cvd1h).toBe(row['hour']);
      known += 1;
    }
  }
  return known;
}

describe('order flow agrees with SQL over the same trades', () => {
  let folder = '';
  let connection: DuckDBConnection;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tradewind-sql-'));
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    connection = await instance.connect();
  });
  afterAll(() => {
    connection.closeSync();
    rmSync(folder, { recursive: true, force: true });
  });

  const agree = async (source: Source) => {
    const { snapshots, minutes } = streamed(readTicks(source), source);
    await load(connection, source);
    await checkProfiles(connection, snapshots);
    return checkFlow(connection, minutes);
  };

  /** A market of four hours around midnight, with jumps, quiet minutes, and trades up to 2 s out of order. */
  const synthetic = (seed: number, trades: number): string => {
    let next = seed;
    const draw = (made: { readonly value: number; readonly seed: number }) => {
      next = made.seed;
      return made.value;
    };
    let at = 1_723_154_400_000 - 7_200_000;
    let level = 60_000;
    const lines = Array.from({ length: trades }, (_, id) => {
      at += Math.round(exponential(next).value * (14_400_000 / trades));
      draw(exponential(next));
      level = Math.max(100, level + draw(normal(next)) * (id % 400 === 0 ? 300 : 4));
      const stamped = at - Math.floor(draw(uniform(next)) * 1_500);
      const lots = 1 + Math.floor(draw(exponential(next)) * 40_000);
      const side = draw(uniform(next)) < 0.5 + 0.2 * Math.sin(id / 200) ? 'buy' : 'sell';
      return `${stamped},${id + 1},${(Math.round(level * 100) / 100).toFixed(2)},${(lots / 100_000).toFixed(5)},${side}`;
    });
    const file = join(folder, `synthetic-${seed}.csv`);
    writeFileSync(file, ['ts,trade_id,price,qty,side', ...lines].join('\n'));
    return file;
  };

  test.each([
    [1, 12_000],
    [2, 400],
  ])(
    'IND-46 IND-47 IND-60 IND-61 IND-62 of made-up market %i with %i trades',
    async (seed, trades) => {
      const name = `made-up ${seed}`;
      const known = await agree({
        name,
        file: synthetic(seed, trades),
        grid: grid('0.01', '0.00001'),
      });
      expect(known).toBeGreaterThan(20);
    },
    TIMEOUT_MS,
  );

  for (const source of recorded) {
    const file = join(DATA, source.file);
    (existsSync(file) ? test : test.skip)(
      `IND-46 IND-47 IND-60 IND-61 IND-62 of recorded trades: ${source.name}`,
      async () => {
        await agree({ ...source, file });
      },
      TIMEOUT_MS,
    );
  }
});
