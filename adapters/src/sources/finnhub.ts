import { ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import * as z from 'zod';
import { createCaller, FRESH_MS } from './caller.ts';
import { failed, readAnswer } from './http.ts';
import { floatPrice, seconds, splitSymbol } from './parts.ts';
import type { Headline, Source, SourceConfig, SourceError, SourceMarket } from './source.ts';

const BASE_URL = 'https://finnhub.io';
/** The free plan's calls a minute; a day has no limit of its own. */
const ALLOWANCE = { perMinute: 60, perDay: 86_400 };

/** A symbol that it does not know has a price and a time of 0. */
const quote = z.union([
  z.object({ c: z.literal(0) }).transform(() => null),
  z.object({ c: floatPrice, t: seconds }),
]);
const article = z.object({
  id: z.int(),
  datetime: seconds,
  headline: z.string(),
  summary: z.string(),
  source: z.string(),
  url: z.string(),
});

/** Longest texts that are kept of an article. */
const TITLE = 300;
const SUMMARY = 2_000;

/** Its name of a market: coins carry the exchange that quotes them. */
export function finnhubSymbol({ market, symbol }: SourceMarket): string {
  const [base, currency] = splitSymbol(symbol);
  return market === 'equity' ? base : `BINANCE:${base}${currency}`;
}
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Articles since a time, the newest first: one that cannot be read costs no other. */
function readNews(answer: unknown, since: EpochMs): Result<readonly Headline[], SourceError> {
  const read = readAnswer(z.array(z.unknown()), answer);
  if (!read.ok) return read;
  const articles = read.value
    .map((raw) => article.safeParse(raw))
    .flatMap(({ data }) => (data === undefined || data.datetime < since ? [] : [data]));
  return ok(
    articles
      .map((each) => ({
        id: String(each.id),
        at: each.datetime,
        title: each.headline.slice(0, TITLE),
        summary: each.summary.slice(0, SUMMARY),
        publisher: each.source.slice(0, TITLE),
        url: /^https?:\/\//.test(each.url) ? each.url.slice(0, SUMMARY) : '',
      }))
      .sort((a, b) => b.at - a.at),
  );
}

/** Headlines and stock quotes from Finnhub. */
export function createFinnhub(key: string | undefined, config: SourceConfig = {}): Source {
  const disabled = key === undefined || key === '' ? 'no key: set FINNHUB_KEY to use it' : null;
  const token = key ?? '';
  const caller = createCaller({
    ...config,
    baseUrl: config.baseUrl ?? BASE_URL,
    allowance: ALLOWANCE,
    disabled,
  });
  return {
    name: 'finnhub',
    role: 'news',
    disabled,
    markets: ['spot', 'futures', 'equity'],
    budget: ALLOWANCE,
    lastPrice: (market) =>
      caller.call(
        {
          key: `price ${finnhubSymbol(market)}`,
          freshMs: FRESH_MS.price,
          path: '/api/v1/quote',
          query: { symbol: finnhubSymbol(market), token },
        },
        (answer) => {
          const read = readAnswer(quote, answer);
          if (!read.ok) return read;
          return read.value === null
            ? failed('unknownSymbol', 'it does not know the symbol')
            : ok({ price: read.value.c, at: read.value.t, currency: null });
        },
      ),
    news: (market, since) =>
      caller.call(
        {
          key: `news ${finnhubSymbol(market)} ${dayOf(since)}`,
          freshMs: FRESH_MS.news,
          ...(market.market === 'equity'
            ? {
                path: '/api/v1/company-news',
                query: {
                  symbol: finnhubSymbol(market),
                  from: dayOf(since),
                  to: dayOf(caller.now()),
                  token,
                },
              }
            : { path: '/api/v1/news', query: { category: 'crypto', token } }),
        },
        (answer) => readNews(answer, since),
      ),
  };
}
