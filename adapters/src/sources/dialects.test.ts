import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { createAlphaVantage } from './alpha-vantage.ts';
import { createFinnhub } from './finnhub.ts';
import type { SourceConfig, SourceMarket } from './source.ts';
import { startFakeSource } from './testing/fake-server.ts';
import { T0, yahooChart } from './testing/replies.ts';
import { createYahoo } from './yahoo.ts';

const KEY = 'very-secret-key-1';
const DAY = 86_400_000;
const BTC: SourceMarket = { market: 'spot', symbol: 'BTC-USDT' };
const AAPL: SourceMarket = { market: 'equity', symbol: 'AAPL-USD' };

let server: Awaited<ReturnType<typeof startFakeSource>>;
beforeEach(async () => {
  server = await startFakeSource();
});
afterEach(() => server.close());
const config = (): SourceConfig => ({
  baseUrl: server.baseUrl,
  deadlineMs: 10_000,
  wallNow: () => epochMs(T0),
});

describe('Yahoo', () => {
  test.each<[SourceMarket, string]>([
    [BTC, 'BTC-USD'],
    [{ market: 'futures', symbol: 'ETH-USDC' }, 'ETH-USD'],
    [AAPL, 'AAPL'],
    [{ market: 'forex', symbol: 'EUR-USD' }, 'EURUSD%3DX'],
  ])('names %j %s', async (market, name) => {
    server.answer({ json: yahooChart });
    await createYahoo(config()).lastPrice?.(market);
    expect(server.asked[0]?.pathname).toBe(`/v8/finance/chart/${name}`);
  });

  test('leaves out rows of history that have holes or lie before the time asked for', async () => {
    server.answer({ json: yahooChart });
    const read = (since: number) =>
      createYahoo(config()).history?.(BTC, { timeframe: '1m', since: epochMs(since) });
    const last = {
      openAt: T0,
      open: price('2'),
      high: price('4'),
      low: price('1.5'),
      close: price('2.5'),
      volume: qty('0'),
    };
    expect(await read(T0 - DAY)).toMatchObject({
      ok: true,
      value: [{ openAt: T0 - 120_000 }, last],
    });
    expect(await read(T0 - 1_000)).toEqual({ ok: true, value: [last] });
  });

  test('says when it does not know a symbol', async () => {
    server.answer({ json: { chart: { result: null, error: { code: 'Not Found' } } } });
    expect(await createYahoo(config()).lastPrice?.(BTC)).toMatchObject({
      error: { kind: 'unknownSymbol' },
    });
  });
});

describe('Alpha Vantage', () => {
  const source = () => createAlphaVantage(KEY, config());

  test.each<[object, string]>([
    [{ Note: `Thank you! Our standard API call frequency is 5 calls per minute.` }, 'limited'],
    [
      {
        Information: `We have detected your API key as ${KEY}; our rate limit is 25 requests per day`,
      },
      'limited',
    ],
    [{ Information: 'This is a premium endpoint.' }, 'refused'],
    [{ 'Error Message': 'Invalid API call' }, 'unknownSymbol'],
    [{ 'Global Quote': {} }, 'unknownSymbol'],
  ])('understands its words %j', async (json, kind) => {
    server.answer({ json });
    const answer = await source().lastPrice?.(AAPL);
    expect(answer).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(answer)).not.toContain(KEY);
  });

  test.each([
    [AAPL, 'Time Series (Daily)', 'TIME_SERIES_DAILY'],
    [BTC, 'Time Series (Digital Currency Daily)', 'DIGITAL_CURRENCY_DAILY'],
  ])(
    'reads daily history of %j, oldest first, without days that are no candles',
    async (market, name, call) => {
      const day = (low: string) => ({
        '1. open': '2',
        '2. high': '4',
        '3. low': low,
        '4. close': '3',
        '5. volume': '12.5',
      });
      server.answer({
        json: {
          'Meta Data': {},
          [name]: {
            '2026-11-13': day('1'),
            '2026-11-12': day('1.5'),
            '2026-11-11': day('9'),
            '2026-10-01': day('1'),
          },
        },
      });
      const since = epochMs(Date.parse('2026-11-01T00:00:00Z'));
      expect(await source().history?.(market, { timeframe: '1d', since })).toMatchObject({
        ok: true,
        value: [
          { openAt: Date.parse('2026-11-12T00:00:00Z'), low: price('1.5'), volume: qty('12.5') },
          { openAt: Date.parse('2026-11-13T00:00:00Z') },
        ],
      });
      expect(server.asked[0]?.searchParams.get('function')).toBe(call);
    },
  );

  test('tells the rate of a coin in dollars', async () => {
    server.answer({
      json: {
        'Realtime Currency Exchange Rate': {
          '3. To_Currency Code': 'USD',
          '5. Exchange Rate': '95000.12000000',
          '6. Last Refreshed': '2026-11-18 11:06:40',
        },
      },
    });
    expect(await source().lastPrice?.(BTC)).toEqual({
      ok: true,
      value: {
        price: price('95000.12'),
        at: Date.parse('2026-11-18T11:06:40Z'),
        currency: 'USD',
      },
    });
  });

  test('has no history of minutes', async () => {
    const since = epochMs(0);
    expect(await source().history?.(BTC, { timeframe: '1m', since })).toMatchObject({
      error: { kind: 'refused' },
    });
    expect(server.asked).toEqual([]);
  });
});

describe('Finnhub', () => {
  test('takes a price of 0 for a symbol that it does not know (MD-05)', async () => {
    server.answer({ json: { c: 0, d: null, dp: null, h: 0, l: 0, o: 0, pc: 0, t: 0 } });
    expect(await createFinnhub(KEY, config()).lastPrice?.(AAPL)).toMatchObject({
      error: { kind: 'unknownSymbol' },
    });
  });

  test('tells headlines newest first; one that cannot be read costs no other', async () => {
    const article = (id: number, seconds: number, over: object = {}) => ({
      id,
      datetime: seconds,
      headline: `Headline ${id}`,
      summary: 's'.repeat(5_000),
      source: 'Wire',
      url: 'https://example.com/1',
      ...over,
    });
    const at = T0 / 1_000;
    server.answer({
      json: [
        article(1, at - 100),
        { nonsense: true },
        article(2, at - 50, { url: 'javascript:alert(1)' }),
        article(3, at - 90_000),
      ],
    });
    const read = await createFinnhub(KEY, config()).news?.(BTC, epochMs(T0 - 60_000_000));
    expect(read).toMatchObject({
      ok: true,
      value: [
        { id: '2', title: 'Headline 2', url: '' },
        { id: '1', url: 'https://example.com/1' },
      ],
    });
    expect(read?.ok === true ? read.value[0]?.summary.length : 0).toBe(2_000);
  });
});
