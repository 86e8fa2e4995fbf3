import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { importData } from '../data/import.ts';
import { Fault } from '../lib/fault.ts';
import type { BacktestOptions } from './backtest.ts';
import { candlesCsv, fundingCsv, inOwnFolder, quartersCsv, START, tradesCsv } from './testing.ts';

const { file, run, folder } = inOwnFolder();
const TIMEOUT_MS = 60_000;
const DATA = ['BTC-USDT=c.csv'];

test(
  'STR-96 a future pays the funding of a file while it is held, and a report without rates says so',
  async () => {
    file('c.csv', candlesCsv(800));
    file('f.csv', fundingCsv(800));
    file('few.csv', fundingCsv(400));
    const future = { data: ['binance_futures_BTC-USDT=c.csv'] };
    const free = await run('sma-cross', future);
    const paid = await run('sma-cross', { ...future, funding: ['BTC-USDT=f.csv'] });
    const pnl = ({ figures }: Record<string, unknown>): number =>
      (figures as { readonly totalPnl: number }).totalPnl;
    expect(pnl(paid)).toBeLessThan(pnl(free));
    expect(paid['id']).not.toBe(free['id']);
    expect(paid['config']).toMatchObject({
      funding: { 'binance_futures_BTC-USDT': { rates: 80, from: START + 600_000 } },
    });
    const warning = expect.stringMatching(/funding rates (were given|are missing)/) as unknown;
    expect(free['warnings']).toContainEqual(warning);
    expect(paid['warnings']).not.toContainEqual(warning);
    const few = await run('sma-cross', { ...future, funding: ['BTC-USDT=few.csv'] });
    expect(few['warnings']).toContainEqual(expect.stringContaining('are missing once for longer'));
  },
  TIMEOUT_MS,
);

test(
  'STR-93 finer candles decide what a bar leaves open, and what they do not cover is told',
  async () => {
    file('c.csv', candlesCsv(600));
    file('q.csv', quartersCsv(600));
    file('half.csv', quartersCsv(300));
    const plain = await run('sma-cross', { data: DATA, stop: '0.3', target: '0.3' });
    const finer = await run('sma-cross', {
      data: DATA,
      finer: ['BTC-USDT=q.csv'],
      stop: '0.3',
      target: '0.3',
    });
    expect(finer['resultHash']).not.toBe(plain['resultHash']);
    expect(finer).toMatchObject({
      sources: [{ place: 'c.csv, and within its bars those of 15 s of q.csv' }],
    });
    const half = await run('sma-cross', { data: DATA, finer: ['BTC-USDT=half.csv'] });
    const [source] = half['sources'] as readonly { readonly supposed: readonly string[] }[];
    expect(source?.supposed).toContainEqual(expect.stringContaining('of 300 bars the finer'));
    expect(source?.supposed).toContainEqual(expect.stringContaining('another high or low'));
  },
  TIMEOUT_MS,
);

test(
  'STR-93 finer candles of the archive decide as those of a file do',
  async () => {
    file('c.csv', candlesCsv(300));
    file('q.csv', quartersCsv(300));
    const rows = { trades: false, only: {}, session: false } as const;
    const market = { venue: 'binance', market: 'spot', symbol: 'BTC-USDT' } as const;
    const place = { portOffset: 9_000, archive: join(folder(), 'archive') };
    for (const name of ['c.csv', 'q.csv']) await importData({ ...place, ...market, ...rows }, name);
    const levels = { stop: '0.3', target: '0.3' };
    const files = await run('sma-cross', { data: DATA, finer: ['BTC-USDT=q.csv'], ...levels });
    const key = ['binance_spot_BTC-USDT'];
    const archive = await run('sma-cross', { market: key, finer: ['15s'], ...levels });
    expect(archive['figures']).toEqual(files['figures']);
    await expect(run('sma-cross', { market: key, finer: ['1s'] })).rejects.toThrow(
      'no candles of 1s',
    );
    await expect(run('sma-cross', { market: key, finer: ['2s'] })).rejects.toThrow('such as 1s');
  },
  TIMEOUT_MS,
);

describe('used wrongly, it says what was wrong and what to do', () => {
  const FINER = ['BTC-USDT=q.csv'];
  const PERP = ['binance_futures_BTC-USDT=c.csv'];
  const RATES = ['BTC-USDT=f.csv'];
  type Case = readonly [string, Partial<BacktestOptions>, string];
  const cases: readonly Case[] = [
    ['sma-cross', { data: DATA, finer: ['ETH-USDT=c.csv'] }, 'of which there are no bars'],
    ['sma-cross', { data: DATA, finer: ['BTC-USDT=c.csv'] }, 'do not make up bars of 1m'],
    ['sma-cross', { data: DATA, finer: ['BTC-USDT=t.csv'] }, 'holds trades'],
    ['sma-cross', { data: DATA, finer: [...FINER, ...FINER] }, 'second file of finer candles'],
    ['sma-cross', { data: DATA, finer: FINER, from: '2026-01-01T00:30' }, 'none of the bars'],
    ['sma-cross', { market: ['binance_spot_BTC-USDT'], finer: FINER }, 'There is no archive at'],
    ['sma-cross', { data: DATA, funding: ['BTC-USDT=f.csv'] }, 'pays no funding: only futures do'],
    ['sma-cross', { data: PERP, funding: ['ETH-USDT=f.csv'] }, 'of which there are no data'],
    ['sma-cross', { data: PERP, funding: [...RATES, ...RATES] }, 'a second file of funding'],
    ['sma-cross', { data: PERP, funding: ['BTC-USDT=c.csv'] }, 'a column for the rate of funding'],
    ['sma-cross', { data: PERP, funding: ['BTC-USDT=pct.csv'] }, 'rates are shares'],
    ['sma-cross', { data: PERP, funding: ['BTC-USDT=twice.csv'] }, 'is there twice'],
    ['sma-cross', { data: PERP, funding: ['BTC-USDT=old.csv'] }, 'falls due within the data'],
    ['sma-cross', { data: PERP, funding: ['BTC-USDT=eth.csv'] }, 'has no funding rates of'],
  ];
  test.each(cases)(
    '%s %j',
    async (what, options, words) => {
      file('c.csv', candlesCsv(50));
      file('q.csv', quartersCsv(20));
      file('t.csv', tradesCsv(5));
      file('f.csv', fundingCsv(50));
      file('pct.csv', fundingCsv(50, '1.5'));
      file('twice.csv', `${fundingCsv(10)}BTCUSDT,${START + 600_000},0.002\n`);
      file('old.csv', `time,rate\n${START - 1_000},0.001\n`);
      file('eth.csv', fundingCsv(50).replaceAll('BTCUSDT', 'ETHUSDT'));
      const fault: unknown = await run(what, options).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Fault);
      expect(String(fault)).toContain(words);
      expect(existsSync(join(folder(), 'backtests'))).toBe(false);
    },
    TIMEOUT_MS,
  );
});
