import type { Instrument } from '@tradewind/core/instrument/instrument';
import { ok } from '@tradewind/core/lib/result';
import { formatDecimal, ZERO_QTY } from '@tradewind/core/lib/units';
import type { Context } from '../context.ts';
import { venueSymbol } from '../symbols.ts';
import type { Answer, Endpoint } from './endpoint.ts';
import { fixed8 } from './render.ts';

const MOST = '9000000000.00000000';

/** A market with its filters, as `exchangeInfo` lists it. */
const renderMarket = (instrument: Instrument) => ({
  symbol: venueSymbol(instrument.symbol),
  status: 'TRADING',
  baseAsset: instrument.base,
  baseAssetPrecision: 8,
  quoteAsset: instrument.quote,
  quotePrecision: 8,
  quoteAssetPrecision: 8,
  baseCommissionPrecision: 8,
  quoteCommissionPrecision: 8,
  orderTypes: [
    'LIMIT',
    'LIMIT_MAKER',
    'MARKET',
    'STOP_LOSS',
    'STOP_LOSS_LIMIT',
    'TAKE_PROFIT',
    'TAKE_PROFIT_LIMIT',
  ],
  icebergAllowed: false,
  ocoAllowed: false,
  quoteOrderQtyMarketAllowed: true,
  allowTrailingStop: false,
  cancelReplaceAllowed: false,
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: false,
  filters: [
    {
      filterType: 'PRICE_FILTER',
      minPrice: fixed8(instrument.tickSize),
      maxPrice: MOST,
      tickSize: fixed8(instrument.tickSize),
    },
    {
      filterType: 'LOT_SIZE',
      minQty: fixed8(instrument.minQty),
      maxQty: MOST,
      stepSize: fixed8(instrument.lotSize),
    },
    { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: MOST, stepSize: '0.00000000' },
    {
      filterType: 'NOTIONAL',
      minNotional: fixed8(instrument.minNotional),
      applyMinToMarket: true,
      maxNotional: MOST,
      applyMaxToMarket: false,
      avgPriceMins: 0,
    },
  ],
  permissions: [],
  permissionSets: [['SPOT']],
  defaultSelfTradePreventionMode: 'NONE',
  allowedSelfTradePreventionModes: ['NONE'],
});

const exchangeInfo = ({ exchange, wallNow }: Context): Answer =>
  ok({
    timezone: 'UTC',
    serverTime: wallNow(),
    rateLimits: [],
    exchangeFilters: [],
    symbols: [...exchange.instruments.values()].map(renderMarket),
  });

function account({ exchange, marketNow }: Context): Answer {
  const { maker, taker } = exchange.config.fees;
  const rates = { maker: maker.toFixed(8), taker: taker.toFixed(8) };
  return ok({
    makerCommission: Math.round(maker * 10_000),
    takerCommission: Math.round(taker * 10_000),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { ...rates, buyer: '0.00000000', seller: '0.00000000' },
    canTrade: true,
    canWithdraw: false,
    canDeposit: false,
    accountType: 'SPOT',
    updateTime: marketNow(),
    balances: Object.entries(exchange.engine().balances).map(([asset, { free, locked }]) => ({
      asset,
      free: fixed8(free),
      locked: fixed8(locked),
    })),
    permissions: ['SPOT'],
    uid: 1,
  });
}

/** Coins as `capital/config/getall` lists them: nothing can be deposited or withdrawn. */
function coins({ exchange }: Context): Answer {
  const assets = new Set(
    [...exchange.instruments.values()].flatMap(({ base, quote }) => [base, quote]),
  );
  return ok(
    [...assets].map((coin) => ({
      coin,
      name: coin,
      depositAllEnable: false,
      withdrawAllEnable: false,
      trading: true,
      isLegalMoney: false,
      free: formatDecimal(exchange.engine().balances[coin]?.free ?? ZERO_QTY),
      locked: '0',
      networkList: [],
    })),
  );
}

function tradeFee({ exchange }: Context): Answer {
  const { maker, taker } = exchange.config.fees;
  return ok(
    [...exchange.instruments.values()].map(({ symbol }) => ({
      symbol: venueSymbol(symbol),
      makerCommission: String(maker),
      takerCommission: String(taker),
    })),
  );
}

/** A market type that is not played: known, and empty. */
const noMarkets = ({ wallNow }: Context): Answer =>
  ok({ timezone: 'UTC', serverTime: wallNow(), rateLimits: [], exchangeFilters: [], symbols: [] });

const get = (
  path: string,
  security: Endpoint['security'],
  handle: Endpoint['handle'],
): Endpoint => ({
  method: 'GET',
  path,
  security,
  handle,
});
const none = (): Answer => ok([]);

/**
 * The venue and the account. `time` is wall time: callers use it for their signatures only, while
 * everything that happens on the market carries market time.
 */
export const accountEndpoints: readonly Endpoint[] = [
  get('/api/v3/ping', 'none', () => ok({})),
  get('/api/v3/time', 'none', ({ wallNow }) => ok({ serverTime: wallNow() })),
  get('/api/v3/exchangeInfo', 'none', exchangeInfo),
  get('/dapi/v1/exchangeInfo', 'none', noMarkets),
  get('/api/v3/account', 'signed', account),
  get('/sapi/v1/capital/config/getall', 'signed', coins),
  // Nobody brings money here, or takes any out.
  get('/sapi/v1/capital/deposit/hisrec', 'signed', none),
  get('/sapi/v1/capital/withdraw/history', 'signed', none),
  get('/sapi/v1/asset/tradeFee', 'signed', tradeFee),
  get('/sapi/v1/margin/allPairs', 'key', none),
  get('/sapi/v1/margin/allAssets', 'key', none),
  get('/sapi/v1/margin/isolated/allPairs', 'signed', none),
];
