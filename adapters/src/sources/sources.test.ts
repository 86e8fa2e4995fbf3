import { epochMs } from '@tradewind/core/lib/time';
import { price } from '@tradewind/core/lib/units';
import { createAlphaVantage } from './alpha-vantage.ts';
import { createFinnhub } from './finnhub.ts';
import { createSources, orderSources } from './hierarchy.ts';
import type { Source, SourceConfig, SourceMarket } from './source.ts';
import { startFakeSource, type Reply } from './testing/fake-server.ts';
import { T0, yahooChart } from './testing/replies.ts';
import { createYahoo } from './yahoo.ts';

const KEY = 'very-secret-key-1';
const BTC: SourceMarket = { market: 'spot', symbol: 'BTC-USDT' };
const AAPL: SourceMarket = { market: 'equity', symbol: 'AAPL-USD' };

let server: Awaited<ReturnType<typeof startFakeSource>>;
let now = T0;
beforeEach(async () => {
  now = T0;
  server = await startFakeSource();
});
afterEach(() => server.close());

/** Long enough for a busy machine; only what never comes is waited for less. */
const config = (deadlineMs = 10_000): SourceConfig => ({
  baseUrl: server.baseUrl,
  deadlineMs,
  wallNow: () => epochMs(now),
});
const makers = {
  yahoo: (deadlineMs?: number) => createYahoo(config(deadlineMs)),
  alphaVantage: (deadlineMs?: number) => createAlphaVantage(KEY, config(deadlineMs)),
  finnhub: (deadlineMs?: number) => createFinnhub(KEY, config(deadlineMs)),
};
type Name = keyof typeof makers;
const NAMES: Name[] = ['yahoo', 'alphaVantage', 'finnhub'];

const goodPrice: Readonly<Record<Name, unknown>> = {
  yahoo: yahooChart,
  alphaVantage: {
    'Global Quote': {
      '01. symbol': 'AAPL',
      '05. price': '95000.1200',
      '07. latest trading day': '2026-11-13',
    },
  },
  finnhub: { c: 95_000.12, d: 1, dp: 0.5, h: 1, l: 1, o: 1, pc: 1, t: T0 / 1_000 - 5 },
};

/** The same of every source: none of what arrives may throw, and none may show its key. */
describe.each(NAMES)('MD-10 the source %s', (name) => {
  const ask = (source: Source) => source.lastPrice?.(AAPL) ?? Promise.reject(new Error('no price'));

  test('tells the last price with the time at which it traded', async () => {
    server.answer({ json: goodPrice[name] });
    expect(await ask(makers[name]())).toMatchObject({
      ok: true,
      value: { price: price('95000.12') },
    });
  });

  test.each<[string, Reply, string]>([
    ['rubbish', { text: '<html>busy</html>' }, 'malformed'],
    ['an empty answer', { text: '' }, 'malformed'],
    ['null', { json: null }, 'malformed'],
    ['a list', { json: [] }, 'malformed'],
    ['an object of another kind', { json: { price: 'x' } }, 'malformed'],
    ['a number', { json: 5 }, 'malformed'],
    ['a status of 500', { status: 500, text: 'oops' }, 'unreachable'],
    ['401', { status: 401, json: { error: `Invalid API key ${KEY}` } }, 'refused'],
    ['404', { status: 404, json: {} }, 'unknownSymbol'],
    ['429', { status: 429, text: '', headers: { 'retry-after': '7' } }, 'limited'],
    [
      'a redirect',
      { status: 302, text: '', headers: { location: 'http://127.0.0.1:1/' } },
      'unreachable',
    ],
    ['silence', 'silence', 'unreachable'],
    ['a closed connection', 'disconnect', 'unreachable'],
    ['half an answer', 'cut', 'unreachable'],
    ['an answer without end', 'endless', 'unreachable'],
  ])('makes a value of %s', async (_what, reply, kind) => {
    server.answer(reply);
    const comesToAnEnd = reply !== 'silence' && reply !== 'endless';
    const answer = await ask(makers[name](comesToAnEnd ? undefined : 300));
    expect(answer).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(answer)).not.toContain(KEY);
    if (kind === 'limited') expect(answer).toMatchObject({ error: { retryAfterMs: 7_000 } });
  });

  test('MD-84 gives a fresh answer again without a call, and asks anew later', async () => {
    server.answer({ json: goodPrice[name] });
    const source = makers[name]();
    await Promise.all([ask(source), ask(source)]);
    await ask(source);
    expect(server.asked).toHaveLength(1);
    now += 16 * 60_000;
    await ask(source);
    expect(server.asked).toHaveLength(2);
  });

  test('does not remember a failure', async () => {
    const source = makers[name]();
    server.answer({ status: 500, text: '' });
    expect((await ask(source)).ok).toBe(false);
    server.answer({ json: goodPrice[name] });
    expect((await ask(source)).ok).toBe(true);
  });

  test('stops at its own budget before the source has to', async () => {
    const source = makers[name]();
    server.answer({ status: 500, text: '' });
    const { perMinute } = source.budget;
    for (let i = 0; i < perMinute; i += 1) await ask(source);
    expect(await ask(source)).toMatchObject({
      ok: false,
      error: { kind: 'budget', retryAfterMs: Math.ceil(60_000 / perMinute) },
    });
    expect(server.asked).toHaveLength(perMinute);
    now += Math.ceil(60_000 / perMinute);
    expect(await ask(source)).toMatchObject({ error: { kind: 'unreachable' } });
  });
});

test('MD-T09 MD-10 without a key a source is disabled and says so; nothing is asked and nothing fails', async () => {
  for (const source of [
    createAlphaVantage(undefined, config()),
    createFinnhub('', config()),
    createFinnhub(undefined, config()),
  ]) {
    expect(source.disabled).toMatch(/^no key: set [A-Z_]+ to use it$/);
    expect(await source.lastPrice?.(AAPL)).toMatchObject({
      ok: false,
      error: { kind: 'disabled' },
    });
  }
  expect(server.asked).toEqual([]);
  const sources = createSources({ alphaVantage: undefined, finnhub: undefined });
  expect(sources.all.map(({ name }) => name)).toEqual(['yahoo', 'alphaVantage', 'finnhub']);
  expect(sources.disabled.map(({ name }) => name)).toEqual(['alphaVantage', 'finnhub']);
  expect(await sources.news(BTC, epochMs(0))).toMatchObject({
    ok: false,
    error: { message: 'no source is set up for this of BTC-USDT', errors: [] },
  });
});

describe('the hierarchy', () => {
  test('MD-10 MD-11 only a quote source prices a market; the next answers where the first cannot', async () => {
    server.answer({ status: 500, text: '' });
    const other = await startFakeSource();
    other.answer({ json: goodPrice.finnhub });
    const sources = orderSources([
      createFinnhub(KEY, { ...config(), baseUrl: other.baseUrl }),
      createYahoo(config()),
    ]);
    expect(await sources.shownPrice(AAPL)).toMatchObject({
      ok: true,
      value: { source: 'finnhub', value: { price: price('95000.12') } },
    });
    expect(await sources.lastPrice(AAPL)).toMatchObject({
      ok: false,
      error: { errors: [{ source: 'yahoo', kind: 'unreachable' }] },
    });
    server.answer({ json: yahooChart });
    expect(await sources.lastPrice(AAPL)).toMatchObject({ value: { source: 'yahoo' } });
    await other.close();
  });

  test('MD-10 a kind of market that no source covers has no answer', async () => {
    const sources = orderSources([createYahoo(config())]);
    expect(await sources.lastPrice({ market: 'dex', symbol: 'X-Y' })).toMatchObject({ ok: false });
    expect(server.asked).toEqual([]);
  });
});
