import { ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import * as z from 'zod';
import { createCaller, FRESH_MS } from './caller.ts';
import { failed, readAnswer } from './http.ts';
import { floatPrice, floatQty, inDollars, isCandle, seconds, splitSymbol } from './parts.ts';
import type {
  Source,
  SourceCandle,
  SourceConfig,
  SourceError,
  SourceMarket,
  SourceTimeframe,
} from './source.ts';

const BASE_URL = 'https://query1.finance.yahoo.com';
/** Nothing is documented; these have been borne for years. */
const ALLOWANCE = { perMinute: 30, perDay: 10_000 };
const INTERVALS: Readonly<Record<SourceTimeframe, string>> = {
  '1m': '1m',
  '1h': '60m',
  '1d': '1d',
};

const series = z.array(z.number().nullish());
const chart = z.object({
  meta: z.object({
    currency: z.string().nullish(),
    regularMarketPrice: floatPrice,
    regularMarketTime: seconds,
  }),
  timestamp: z.array(seconds).optional(),
  indicators: z.object({
    quote: z.array(
      z.object({
        open: series.optional(),
        high: series.optional(),
        low: series.optional(),
        close: series.optional(),
        volume: series.optional(),
      }),
    ),
  }),
});
const reply = z.object({
  chart: z.object({
    result: z.array(chart).nullish(),
    error: z.object({ code: z.string(), description: z.string().nullish() }).nullish(),
  }),
});
const row = z.object({
  open: floatPrice,
  high: floatPrice,
  low: floatPrice,
  close: floatPrice,
  volume: floatQty,
});

/** Yahoo's name of a market: coins in dollars, currency pairs with a mark, stocks by their ticker. */
export function yahooSymbol({ market, symbol }: SourceMarket): string {
  const [base, quote] = splitSymbol(symbol);
  if (market === 'equity') return base;
  return market === 'forex' ? `${base}${quote}=X` : `${base}-${inDollars(quote)}`;
}

type Chart = z.output<typeof chart>;

function readChart(answer: unknown): Result<Chart, SourceError> {
  const read = readAnswer(reply, answer);
  if (!read.ok) return read;
  const { result, error } = read.value.chart;
  const found = result?.[0];
  if (found !== undefined) return ok(found);
  return error?.code === 'Not Found'
    ? failed('unknownSymbol', 'it does not know the symbol')
    : failed('malformed', `its answer holds no chart: ${error?.code ?? 'and no error'}`);
}

/** Rows whose numbers are all there; Yahoo leaves holes where nothing traded. */
function candlesOf({ timestamp = [], indicators }: Chart, since: EpochMs): SourceCandle[] {
  const [quote] = indicators.quote;
  return timestamp.flatMap((openAt, index) => {
    const values = {
      open: quote?.open?.[index],
      high: quote?.high?.[index],
      low: quote?.low?.[index],
      close: quote?.close?.[index],
      volume: quote?.volume?.[index] ?? 0,
    };
    const parsed = row.safeParse(values);
    return parsed.success && openAt >= since && isCandle(parsed.data)
      ? [{ openAt, ...parsed.data }]
      : [];
  });
}

/** Quotes and history of many markets from Yahoo's chart, which needs no key and promises nothing. */
export function createYahoo(config: SourceConfig = {}): Source {
  const caller = createCaller({
    ...config,
    baseUrl: config.baseUrl ?? BASE_URL,
    allowance: ALLOWANCE,
    disabled: null,
  });
  const path = (market: SourceMarket): string =>
    `/v8/finance/chart/${encodeURIComponent(yahooSymbol(market))}`;
  return {
    name: 'yahoo',
    role: 'quotes',
    disabled: null,
    markets: ['spot', 'futures', 'equity', 'forex'],
    budget: ALLOWANCE,
    lastPrice: (market) =>
      caller.call(
        {
          key: `price ${yahooSymbol(market)}`,
          freshMs: FRESH_MS.price,
          path: path(market),
          query: { interval: '1m', range: '1d' },
        },
        (answer) => {
          const read = readChart(answer);
          if (!read.ok) return read;
          const { regularMarketPrice, regularMarketTime, currency } = read.value.meta;
          return ok({
            price: regularMarketPrice,
            at: regularMarketTime,
            currency: currency ?? null,
          });
        },
      ),
    history: (market, { timeframe, since }) =>
      caller.call(
        {
          key: `history ${yahooSymbol(market)} ${timeframe} ${since}`,
          freshMs: FRESH_MS.history,
          path: path(market),
          query: {
            interval: INTERVALS[timeframe],
            period1: String(Math.floor(since / 1_000)),
            period2: String(Math.ceil(caller.now() / 1_000)),
          },
        },
        (answer) => {
          const read = readChart(answer);
          return read.ok ? ok(candlesOf(read.value, since)) : read;
        },
      ),
  };
}
