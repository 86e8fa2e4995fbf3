import { ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import * as z from 'zod';
import { createCaller, FRESH_MS } from './caller.ts';
import { failed, readAnswer } from './http.ts';
import { date, inDollars, isCandle, splitSymbol, textPrice, textQty, utcText } from './parts.ts';
import type {
  Source,
  SourceCandle,
  SourceConfig,
  SourceError,
  SourceMarket,
  SourcePrice,
} from './source.ts';

const BASE_URL = 'https://www.alphavantage.co';
/** The free plan's. */
const ALLOWANCE = { perMinute: 5, perDay: 25 };

/** It answers everything with status 200, and says in words when it has no answer. */
const words = z.looseObject({
  Note: z.string().optional(),
  Information: z.string().optional(),
  'Error Message': z.string().optional(),
});

const quote = z.object({
  'Global Quote': z.object({
    '05. price': textPrice.optional(),
    '07. latest trading day': date.optional(),
  }),
});
const rate = z.object({
  'Realtime Currency Exchange Rate': z.object({
    '3. To_Currency Code': z.string(),
    '5. Exchange Rate': textPrice,
    '6. Last Refreshed': utcText,
  }),
});
const day = z.object({
  '1. open': textPrice,
  '2. high': textPrice,
  '3. low': textPrice,
  '4. close': textPrice,
  '5. volume': textQty,
});
const days = z.record(z.string(), day);
const daily = z.union([
  z.object({ 'Time Series (Daily)': days }).transform((reply) => reply['Time Series (Daily)']),
  z
    .object({ 'Time Series (Digital Currency Daily)': days })
    .transform((reply) => reply['Time Series (Digital Currency Daily)']),
]);

/** Parses an answer that may be a refusal in words instead. */
function read<S extends z.ZodType>(schema: S, answer: unknown): Result<z.output<S>, SourceError> {
  const said = words.safeParse(answer);
  const limit = said.success ? (said.data.Note ?? said.data.Information) : undefined;
  // Its words name the key: they are not passed on.
  if (limit !== undefined)
    return /premium|api key/i.test(limit) && !/rate limit|requests per|call frequency/i.test(limit)
      ? failed('refused', 'its plan or key does not cover this')
      : failed('limited', 'it asks for fewer calls', 60_000);
  if (said.success && said.data['Error Message'] !== undefined)
    return failed('unknownSymbol', 'it does not know the symbol');
  return readAnswer(schema, answer);
}

const isCoin = ({ market }: SourceMarket): boolean => market === 'spot' || market === 'futures';

function candlesOf(rows: z.output<typeof days>, since: EpochMs): SourceCandle[] {
  return Object.entries(rows)
    .flatMap(([text, values]): SourceCandle[] => {
      const openAt = date.safeParse(text);
      if (!openAt.success || openAt.data < since) return [];
      const candle = {
        openAt: openAt.data,
        open: values['1. open'],
        high: values['2. high'],
        low: values['3. low'],
        close: values['4. close'],
        volume: values['5. volume'],
      };
      return isCandle(candle) ? [candle] : [];
    })
    .sort((a, b) => a.openAt - b.openAt);
}

/** Long daily history from Alpha Vantage; few calls a day. */
export function createAlphaVantage(key: string | undefined, config: SourceConfig = {}): Source {
  const disabled =
    key === undefined || key === '' ? 'no key: set ALPHA_VANTAGE_KEY to use it' : null;
  const caller = createCaller({
    ...config,
    baseUrl: config.baseUrl ?? BASE_URL,
    allowance: ALLOWANCE,
    disabled,
  });
  const query = (market: SourceMarket, what: 'price' | 'history'): Record<string, string> => {
    const [base, currency] = splitSymbol(market.symbol);
    const apikey = key ?? '';
    const to = inDollars(currency);
    if (what === 'history')
      return isCoin(market)
        ? { function: 'DIGITAL_CURRENCY_DAILY', symbol: base, market: to, apikey }
        : { function: 'TIME_SERIES_DAILY', symbol: base, outputsize: 'full', apikey };
    return market.market === 'equity'
      ? { function: 'GLOBAL_QUOTE', symbol: base, apikey }
      : { function: 'CURRENCY_EXCHANGE_RATE', from_currency: base, to_currency: to, apikey };
  };
  const nameOf = ({ market, symbol }: SourceMarket): string => `${market} ${symbol}`;
  return {
    name: 'alphaVantage',
    role: 'history',
    disabled,
    markets: ['spot', 'futures', 'equity'],
    budget: ALLOWANCE,
    lastPrice: (market) =>
      caller.call(
        {
          key: `price ${nameOf(market)}`,
          freshMs: FRESH_MS.history,
          path: '/query',
          query: query(market, 'price'),
        },
        (answer) => (market.market === 'equity' ? readQuote(answer) : readRate(answer)),
      ),
    history: (market, { timeframe, since }) =>
      timeframe === '1d'
        ? caller.call(
            {
              key: `history ${nameOf(market)} ${since}`,
              freshMs: FRESH_MS.history,
              path: '/query',
              query: query(market, 'history'),
            },
            (answer) => {
              const found = read(daily, answer);
              return found.ok ? ok(candlesOf(found.value, since)) : found;
            },
          )
        : Promise.resolve(failed('refused', `it has daily history, not ${timeframe}`)),
  };
}

function readQuote(answer: unknown): Result<SourcePrice, SourceError> {
  const found = read(quote, answer);
  if (!found.ok) return found;
  const { '05. price': price, '07. latest trading day': at } = found.value['Global Quote'];
  return price === undefined || at === undefined
    ? failed('unknownSymbol', 'it does not know the symbol')
    : ok({ price, at, currency: null });
}

function readRate(answer: unknown): Result<SourcePrice, SourceError> {
  const found = read(rate, answer);
  if (!found.ok) return found;
  const told = found.value['Realtime Currency Exchange Rate'];
  return ok({
    price: told['5. Exchange Rate'],
    at: told['6. Last Refreshed'],
    currency: told['3. To_Currency Code'],
  });
}
