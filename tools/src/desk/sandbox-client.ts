import { wallNow } from '@tradewind/adapters/clock/clock';
import type { MarketDoc } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import * as z from 'zod';
import { callJson } from '../lib/http.ts';
import type { DeskSecrets } from './secrets.ts';

const decimal = z.string().regex(/^\d+(\.\d+)?$/);
const priceFilter = z.looseObject({ filterType: z.literal('PRICE_FILTER'), tickSize: decimal });
const lotSize = z.looseObject({
  filterType: z.literal('LOT_SIZE'),
  stepSize: decimal,
  minQty: decimal,
});
const notional = z.looseObject({ filterType: z.literal('NOTIONAL'), minNotional: decimal });

const exchangeInfo = z.looseObject({
  symbols: z.array(
    z.looseObject({
      symbol: z.string(),
      baseAsset: z.string(),
      quoteAsset: z.string(),
      filters: z.array(z.unknown()),
    }),
  ),
});
type SymbolInfo = z.infer<typeof exchangeInfo>['symbols'][number];

/** The one filter that `schema` describes. @throws Error when the market has none. */
function only<T>(info: SymbolInfo, schema: z.ZodType<T>): T {
  for (const filter of info.filters) {
    const parsed = schema.safeParse(filter);
    if (parsed.success) return parsed.data;
  }
  throw new Error(`The sandbox's market ${info.symbol} lacks a filter that orders need`);
}

function toMarket(info: SymbolInfo, now: EpochMs): MarketDoc {
  const lot = only(info, lotSize);
  const symbol = `${info.baseAsset}-${info.quoteAsset}`;
  return {
    marketKey: `binance_spot_${symbol}`,
    venue: 'binance',
    market: 'spot',
    symbol,
    base: info.baseAsset,
    quote: info.quoteAsset,
    tickSize: price(only(info, priceFilter).tickSize),
    lotSize: qty(lot.stepSize),
    minQty: qty(lot.minQty),
    minNotional: money(only(info, notional).minNotional),
    updatedAt: now,
  };
}

/** The sandbox's spot markets, as the ledger stores them. */
async function readSpot(port: number, now: EpochMs): Promise<readonly MarketDoc[]> {
  const answer = await callJson({ method: 'GET', port, path: '/api/v3/exchangeInfo' });
  return exchangeInfo.parse(answer).symbols.map((info) => toMarket(info, now));
}

const futuresInfo = z.looseObject({
  symbols: z.array(z.looseObject({ baseAsset: z.string(), quoteAsset: z.string() })),
});

/** Its perpetuals, through the account that trades them: how much leverage they give, the account alone is told. */
async function readPerpetuals(
  port: number,
  { BINANCE_API_KEY: apiKey, BINANCE_API_SECRET: apiSecret }: Keys,
  now: EpochMs,
): Promise<readonly MarketDoc[]> {
  // Loaded where it is needed: it takes a while.
  const { createVenue } = await import('@tradewind/adapters/venue/create-venue');
  const path = '/fapi/v1/exchangeInfo';
  const { symbols } = futuresInfo.parse(await callJson({ method: 'GET', port, path }));
  const key = {
    venue: 'binance',
    market: 'futures',
    apiKey,
    apiSecret,
    clock: { wallNow },
  } as const;
  const venue = createVenue({ ...key, sandboxPort: port });
  const read = await venue.instruments(
    symbols.map(({ baseAsset, quoteAsset }) => `${baseAsset}-${quoteAsset}`),
  );
  await venue.close();
  if (!read.ok) throw new Error(`The sandbox's perpetuals cannot be read: ${read.error.message}`);
  return read.value.map((instrument) => ({ ...instrument, updatedAt: now }));
}

type Keys = Pick<DeskSecrets, 'BINANCE_API_KEY' | 'BINANCE_API_SECRET'>;

/** The sandbox's markets of one kind, as the ledger stores them. @throws Error when they cannot be read. */
export const readMarkets = (
  port: number,
  { market, secrets }: { readonly market: 'spot' | 'futures'; readonly secrets: Keys },
  now: EpochMs,
): Promise<readonly MarketDoc[]> =>
  market === 'spot' ? readSpot(port, now) : readPerpetuals(port, secrets, now);
