import type { Inspection } from '@tradewind/adapters/archive/inspect';
import type { MarketData, VenueError } from '@tradewind/adapters/venue/venue';
import { err, ok } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import type { Candle, Trade } from '@tradewind/core/market/market';
import { missingSpans } from './download.ts';
import { ask, pages, type Page } from './pages.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 20, 14);

const candle = (openAt: number): Candle => ({
  openAt: epochMs(openAt),
  open: price('10'),
  high: price('12'),
  low: price('9'),
  close: price('11'),
  volume: qty('5'),
  buyVolume: qty('3'),
  quoteVolume: money('55'),
  trades: 7,
  buyTrades: null,
  gapFilled: false,
  incomplete: false,
  revision: 0,
  source: 'venue',
});
const trade = (id: number, at: number): Trade => ({
  marketKey: 'binance_spot_BTC-USDT',
  tradeId: String(id),
  price: price('10'),
  size: qty('1'),
  side: 'buy',
  at: epochMs(at),
});
const fault = (retryable: boolean): VenueError => ({
  code: 'NetworkTimeout',
  severity: 'LOW',
  retryable,
  message: 'no answer',
  retryAfterMs: null,
});

type Fake = Pick<MarketData, 'capabilities' | 'candles' | 'trades'>;
const venue = (parts: Partial<Fake>, tradesById = true): MarketData => {
  const unused = () => Promise.reject(new Error('not part of this test'));
  return {
    capabilities: {
      tradesById,
      tradesByTime: true,
      manyPrices: true,
      quotes: true,
      serverTime: true,
    },
    candles: unused,
    trades: unused,
    instruments: unused,
    listed: unused,
    lastPrices: unused,
    quote: unused,
    clock: unused,
    close: () => Promise.resolve(),
    ...parts,
  };
};
const waits = () => {
  const slept: number[] = [];
  return { slept, sleep: async (ms: number) => void slept.push(ms), onWait: () => undefined };
};
const collect = async (all: AsyncGenerator<Page>): Promise<(string | null)[][]> => {
  const rows: (string | null)[][] = [];
  for await (const page of all) rows.push(...page.rows.map((row) => [...row]));
  return rows;
};

test('candles come page by page; one that is still open, and one beyond the end, are left out', async () => {
  const asked: number[] = [];
  const data = venue({
    candles: async (_, { since }) => {
      asked.push(since);
      return ok([0, 1, 2].map((index) => candle(since + index * MINUTE)));
    },
  });
  const history = { data, symbol: 'BTC-USDT', kind: '1m', waits: waits() } as const;
  const rows = await collect(pages(history, { from: START, to: START + 5.5 * MINUTE }));
  expect(asked).toEqual([START, START + 3 * MINUTE]);
  expect(rows.map(([ts]) => Number(ts))).toEqual([0, 1, 2, 3, 4].map((n) => START + n * MINUTE));
  expect(rows[0]).toEqual([String(START), '10', '12', '9', '11', '5', '3', '55', '7']);
});

test('an empty page is looked beyond, as before a market was listed', async () => {
  const listed = START + 1_500 * MINUTE;
  const data = venue({
    candles: async (_, { since, limit }) =>
      ok(since + limit * MINUTE <= listed ? [] : [candle(Math.max(since, listed))]),
  });
  const history = { data, symbol: 'BTC-USDT', kind: '1m', waits: waits() } as const;
  const rows = await collect(pages(history, { from: START, to: listed + 2 * MINUTE }));
  expect(rows.map(([ts]) => Number(ts))).toEqual([listed, listed + MINUTE]);
});

test('trades follow one another by id where the venue counts them', async () => {
  const all = Array.from({ length: 7 }, (_, index) =>
    trade(index + 1, START + Math.floor(index / 3) * 10),
  );
  const asked: unknown[] = [];
  const data = venue({
    trades: async (_, query) => {
      asked.push(query);
      const first = 'sinceId' in query ? Number(query.sinceId) : 0;
      return ok(all.filter(({ tradeId }) => Number(tradeId) > first).slice(0, 3));
    },
  });
  const history = { data, symbol: 'BTC-USDT', kind: 'ticks', waits: waits() } as const;
  const rows = await collect(pages(history, { from: START, to: START + 20 }));
  expect(rows.map(([, , id]) => id)).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(asked[1]).toEqual({ sinceId: '3', limit: 1_000 });
});

test('trades follow by time elsewhere, and a page of one moment is left behind', async () => {
  const all = [0, 0, 0, 5, 9].map((ms, index) => trade(index, START + ms));
  const data = venue(
    {
      trades: async (_, query) =>
        ok(all.filter(({ at }) => at >= ('since' in query ? query.since : 0)).slice(0, 2)),
    },
    false,
  );
  const history = { data, symbol: 'BTC-USDT', kind: 'ticks', waits: waits() } as const;
  const rows = await collect(pages(history, { from: START, to: START + 100 }));
  expect([...new Set(rows.map(([, , id]) => id))]).toEqual(['0', '1', '3', '4']);
});

test('a fault that passes is waited out, longer each time; the venue’s own wait counts', async () => {
  const wait = waits();
  const answers = [
    err(fault(true)),
    err({ ...fault(true), retryAfterMs: 7 }),
    err(fault(true)),
    ok(5),
  ];
  expect(await ask(async () => answers.shift() ?? ok(0), wait)).toBe(5);
  expect(wait.slept).toEqual([1_000, 7, 4_000]);
});

test('a fault that stays ends it, and says how to go on', async () => {
  const wait = waits();
  await expect(ask(async () => err(fault(true)), wait)).rejects.toThrow(
    'run the same command again',
  );
  expect(wait.slept).toHaveLength(5);
  await expect(ask(async () => err(fault(false)), wait)).rejects.toThrow(
    'did not answer: no answer',
  );
});

describe('what a download still lacks', () => {
  const found = (changes: Partial<Inspection>): Inspection => ({
    marketKey: 'binance_spot_BTC-USDT',
    kind: '1m',
    rows: 1,
    duplicates: 0,
    outOfOrder: 0,
    late: 0,
    backfilled: 0,
    from: null,
    to: null,
    firstId: null,
    lastId: null,
    gapsBy: 'time',
    gaps: [],
    gapCount: 0,
    files: 1,
    bytes: 1,
    closes: [],
    ...changes,
  });
  const span = { from: START, to: START + 10 * MINUTE };

  test('is all of it where there is nothing', () => {
    expect(missingSpans(found({}), span)).toEqual([span]);
  });

  test('is what lies before, between and after what is there', () => {
    const gap = { from: START + 4 * MINUTE, to: START + 6 * MINUTE, missing: 1 };
    const held = found({ from: START + MINUTE, to: START + 8 * MINUTE, gaps: [gap] });
    expect(missingSpans(held, span)).toEqual([
      { from: START, to: START + MINUTE },
      gap,
      { from: START + 9 * MINUTE, to: span.to },
    ]);
  });

  test('is nothing where all is there', () => {
    expect(missingSpans(found({ from: START, to: START + 9 * MINUTE }), span)).toEqual([]);
  });
});
