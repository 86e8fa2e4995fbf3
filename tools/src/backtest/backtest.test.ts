import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { exportMarket } from '../data/keep.ts';
import { importData } from '../data/import.ts';
import { Fault } from '../lib/fault.ts';
import type { BacktestOptions } from './backtest.ts';
import { compareBacktests, listBacktests, showBacktest } from './kept.ts';
import { candlesCsv, inOwnFolder, tradesCsv } from './testing.ts';

const { file, run, folder } = inOwnFolder();
const TIMEOUT_MS = 60_000;
const records = (): readonly string[] =>
  readdirSync(join(folder(), 'backtests')).filter((name) => name.endsWith('.json'));

const DATA = ['BTC-USDT=c.csv'];

test(
  'STR-95 equal inputs have one record and an equal result; other inputs have another',
  async () => {
    file('c.csv', candlesCsv(800));
    const one = await run('sma-cross', { data: DATA });
    const two = await run('sma-cross', { data: DATA });
    const dearer = await run('sma-cross', { data: DATA, fees: '0.2' });
    const finer = await run('sma-cross', { data: DATA, lot: '0.000001' });
    const same = ({ id, resultHash, figures }: typeof one) => [id, resultHash, figures];
    expect(same(two)).toEqual(same(one));
    expect(new Set([one['id'], dearer['id'], finer['id']]).size).toBe(3);
    expect(new Set([one['resultHash'], dearer['resultHash']]).size).toBe(2);
    expect(records()).toHaveLength(3);
  },
  TIMEOUT_MS,
);

test(
  'the same candles from CSV, from Parquet and from the archive give the same figures',
  async () => {
    file('c.csv', candlesCsv(800));
    const place = { portOffset: 9_000, archive: join(folder(), 'archive') };
    await importData(
      {
        ...place,
        venue: 'binance',
        market: 'spot',
        symbol: 'BTC-USDT',
        trades: false,
        only: {},
        session: false,
      },
      'c.csv',
    );
    await exportMarket({ ...place, to: 'c.parquet', force: false }, 'binance_spot_BTC-USDT');
    const csv = await run('sma-cross', { data: DATA });
    expect(csv['figures']).toMatchObject({ totalTrades: 2 });
    const parquet = await run('sma-cross', { data: ['BTC-USDT=c.parquet'] });
    const archive = await run('sma-cross', { market: ['binance_spot_BTC-USDT'] });
    expect(parquet['figures']).toEqual(csv['figures']);
    expect(archive['figures']).toEqual(csv['figures']);
  },
  TIMEOUT_MS,
);

test(
  'trades alone make candles, and decide fills of candles that are given with them',
  async () => {
    file('t.csv', tradesCsv(600));
    file('c.csv', candlesCsv(600));
    expect(await run('sma-cross', { data: ['BTC-USDT=t.csv'] })).toMatchObject({
      bars: 600,
      sources: [{ trades: 2_400, coveragePct: 100 }],
    });
    expect(await run('sma-cross', { data: [...DATA, 'BTC-USDT=t.csv'] })).toMatchObject({
      bars: 600,
      sources: [{ trades: 2_400, place: 'c.csv and t.csv' }],
    });
  },
  TIMEOUT_MS,
);

test(
  'MD-92 data with less than 99 % of their bars have to be asked for',
  async () => {
    file(
      'c.csv',
      candlesCsv(500, (minute) => minute % 50 === 7),
    );
    file(
      'nearly.csv',
      candlesCsv(500, (minute) => minute === 7),
    );
    await expect(run('sma-cross', { data: DATA })).rejects.toThrow(
      /98\.00 % covered, 10 bars missing[^]*--allow-gaps/,
    );
    const allowed = await run('sma-cross', { data: DATA, allowGaps: true });
    expect(allowed['warnings']).toContainEqual(expect.stringContaining('10 bars are missing'));
    const nearly = ['BTC-USDT=nearly.csv'];
    expect(await run('sma-cross', { data: nearly })).toMatchObject({ bars: 499 });
    await expect(run('sma-cross', { data: nearly, strictCoverage: true })).rejects.toThrow(
      'there may be none',
    );
  },
  TIMEOUT_MS,
);

const PROTECTION = { stopLossPct: 1, takeProfitPct: 2, trailingStopPct: null };

test(
  'a strategy’s document says how it is sized and protected, and where it trades',
  async () => {
    const strategy = { id: 'sma-cross', params: { fast: 5, slow: 20 } };
    const document = {
      strategyId: 's1',
      version: 3,
      name: 'Mine',
      strategy,
      marketKeys: ['binance_spot_BTC-USDT'],
      positionSizeQuote: '250',
      maxPositions: 2,
      protection: PROTECTION,
    };
    file('mine.json', JSON.stringify(document));
    file('c.csv', candlesCsv(300));
    expect(await run('mine.json', { data: DATA })).toMatchObject({
      name: 'Mine',
      config: {
        strategies: [
          {
            strategy,
            protection: PROTECTION,
            maxPositions: 2,
            positionSize: { kind: 'quote', amount: '250' },
          },
        ],
      },
    });
    await expect(run('mine.json', { data: ['ETH-USDT=c.csv'] })).rejects.toThrow(
      '"Mine" trades binance_spot_BTC-USDT, and the data are of binance_spot_ETH-USDT',
    );
  },
  TIMEOUT_MS,
);

const GROWTH = {
  tranches: { strategy: 'pyramid_up', stepPct: 1 },
  sizing: { profile: 'adaptive', riskPct: 1 },
};

test(
  'PF-10 PF-85 a document’s tranches, sizing and policy of reversal are those of the backtest, as they are of the desk',
  async () => {
    const strategy = {
      name: 'Mine',
      strategy: { id: 'sma-cross', params: { fast: 5, slow: 20 } },
      marketKeys: ['binance_spot_BTC-USDT'],
      ...{ positionSizeQuote: '250', maxPositions: 2, protection: PROTECTION },
      ...{ ...GROWTH, reversal: 'flip' },
    };
    const bot = {
      ...{ name: 'Bot', timeframe: '1m', positionSizeQuote: '250', maxPositions: 1 },
      ...{ ...PROTECTION, ...GROWTH, tradeStepPct: 0, cooldownMinutes: 1 },
      ...{ confirmationMinutes: 1, minTradeTemperature: 'WARM', minConfidence: 0 },
      temperatureTable: 'sensitive',
      signalConfig: {
        rsi: null,
        movingAverage: { enabled: true, weight: 1, kind: 'SMA', fast: 3, slow: 6 },
        macd: null,
      },
    };
    file('c.csv', candlesCsv(300));
    file('mine.json', JSON.stringify(strategy));
    file('bot.json', JSON.stringify(bot));
    const configOf = async (what: string) => (await run(what, { data: DATA }))['config'];
    const flip = { ...GROWTH, reversal: 'flip' };
    expect(await configOf('mine.json')).toMatchObject({ strategies: [flip] });
    expect(await configOf('bot.json')).toMatchObject({ strategies: [GROWTH] });
  },
  TIMEOUT_MS,
);

test(
  'a book that fees in base leave with much dust is told so',
  async () => {
    file('c.csv', candlesCsv(1_500));
    const coarse = await run('sma-cross', { data: DATA, lot: '1', size: '450' });
    expect(coarse['warnings']).toContainEqual(expect.stringContaining('is dust: too small'));
    const fine = await run('sma-cross', { data: DATA, size: '450' });
    expect(fine['warnings']).not.toContainEqual(expect.stringContaining('is dust: too small'));
  },
  TIMEOUT_MS,
);

describe('used wrongly, it says what was wrong and what to do', () => {
  type Case = readonly [string, Partial<BacktestOptions>, string];
  const cases: readonly Case[] = [
    ['sma-cros', { data: DATA }, 'There is no strategy "sma-cros"'],
    ['nowhere.json', { data: DATA }, 'nowhere.json cannot be read as JSON'],
    ['wrong.json', { data: DATA }, 'positionSizeQuote'],
    ['sma-cross', {}, '--data FILE… for files'],
    ['sma-cross', { data: ['nowhere.csv'] }, 'nowhere.csv is not there'],
    ['sma-cross', { data: ['c.csv'] }, 'Write it before it: --data BTC-USDT=c.csv'],
    ['sma-cross', { data: ['b_x_B=c.csv'] }, 'is not a market'],
    [
      'sma-cross',
      { data: DATA, market: ['binance_spot_BTC-USDT'] },
      '--data or --market, not both',
    ],
    ['sma-cross', { data: [...DATA, ...DATA] }, 'a second file of candles'],
    ['sma-cross', { data: DATA, params: '{fast: 3}' }, '--params is not JSON'],
    ['sma-cross', { data: DATA, params: '{}', paramsFile: 'p.json' }, 'not both'],
    ['sma-cross', { data: DATA, params: '{"fast": 40}' }, 'fast must be below slow'],
    ['sma-cross', { data: DATA, balance: 'much' }, '--balance takes an amount'],
    ['sma-cross', { data: DATA, balance: '-5' }, '--balance is not above 0'],
    ['sma-cross', { data: DATA, size: '0' }, '--size is not above 0'],
    ['sma-cross', { data: DATA, size: '200%' }, '--size takes a number from 0.01 to 100'],
    ['sma-cross', { data: DATA, stop: '0' }, '--stop takes a number'],
    ['sma-cross', { data: DATA, fees: '99' }, '--fees takes a number from 0 to 10'],
    ['sma-cross', { data: DATA, fees: '1,2,3' }, 'or maker,taker'],
    ['sma-cross', { data: DATA, latency: '300-50' }, 'Write the shorter one first'],
    ['sma-cross', { data: DATA, seed: '1.5' }, '--seed takes a whole number'],
    ['sma-cross', { data: DATA, tick: '0' }, '--tick is not above 0'],
    ['sma-cross', { data: DATA, from: 'soon' }, '"soon" is no time'],
    [
      'sma-cross',
      { data: DATA, from: '2030-01-01' },
      'has no rows of binance_spot_BTC-USDT in that span',
    ],
    ['sma-cross', { data: DATA, html: 'no/where.html' }, 'does not exist'],
    ['sma-cross', { data: DATA, allowGaps: true, strictCoverage: true }, 'not both'],
    ['sma-cross', { data: ['BTC-USDT=bad.csv'] }, 'line 3 has no usable close: "oops"'],
    ['sma-cross', { data: ['BTC-USDT=bad.parquet'] }, 'cannot be read as Parquet'],
    [
      'sma-cross',
      { data: ['BTC-USDT=days.csv'] },
      'strategies decide on candles of 1m, 5m, 15m, 1h',
    ],
    ['sma-cross', { data: ['BTC-USDT=hours.csv'] }, `--params '{"timeframe": "1h"}'`],
    ['sma-cross', { data: [...DATA, 'ETH-EUR=c.csv'] }, 'A book has one currency'],
    ['sma-cross', { market: ['binance_spot_BTC-USDT'] }, 'There is no archive at'],
  ];
  const spaced = (step: number): string => {
    const rows = [0, 1, 2, 3].map((n) => `${Date.UTC(2026, 0, 1) + n * step},10,11,9,10,5`);
    return ['ts,open,high,low,close,volume', ...rows, ''].join('\n');
  };
  test.each(cases)(
    '%s %j',
    async (what, options, words) => {
      file('c.csv', candlesCsv(50));
      file('bad.csv', candlesCsv(3).replace(/^(.*\n.*\n.*),[^,]+,5000\n/, '$1,oops,5000\n'));
      file('bad.parquet', 'PAR1 and nothing else');
      file('wrong.json', JSON.stringify({ name: 'x', strategy: { id: 'sma-cross' } }));
      file('days.csv', spaced(86_400_000));
      file('hours.csv', spaced(3_600_000));
      const fault: unknown = await run(what, options).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Fault);
      expect(String(fault)).toContain(words);
      expect(existsSync(join(folder(), 'backtests'))).toBe(false);
    },
    TIMEOUT_MS,
  );

  test('kept ones are asked for by ids that there are', () => {
    expect(() => showBacktest('3f9c')).toThrow('There is no backtest 3f9c');
    expect(() => compareBacktests(['3f9c'])).toThrow('Name two backtests or more');
    expect(listBacktests().text).toContain('There are no backtests');
  });
});
