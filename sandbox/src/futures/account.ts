import type { Instrument } from '@tradewind/core/instrument/instrument';
import { err, ok } from '@tradewind/core/lib/result';
import { formatDecimal } from '@tradewind/core/lib/units';
import { LIQUIDATION_PREFIX } from '@tradewind/core/simulation/liquidation';
import { setupOf, type SimSetup } from '@tradewind/core/simulation/state';
import type { Context } from '../context.ts';
import type { Answer, Endpoint } from '../rest/endpoint.ts';
import { errors, type ApiError } from '../rest/errors.ts';
import { readerOf, type Params } from '../rest/params.ts';
import { fixed8 } from '../rest/render.ts';
import { venueSymbol } from '../symbols.ts';
import { readFuture } from './orders.ts';
import { renderIncome, renderPosition, renderRegular, renderWallet } from './render.ts';

const MOST = '9000000000';

/** A perpetual with its filters, as `exchangeInfo` lists it. */
const renderMarket = (instrument: Instrument) => ({
  symbol: venueSymbol(instrument.symbol),
  pair: venueSymbol(instrument.symbol),
  contractType: 'PERPETUAL',
  deliveryDate: 4_133_404_800_000,
  onboardDate: 1_569_398_400_000,
  status: 'TRADING',
  baseAsset: instrument.base,
  quoteAsset: instrument.quote,
  marginAsset: instrument.quote,
  pricePrecision: 8,
  quantityPrecision: 8,
  baseAssetPrecision: 8,
  quotePrecision: 8,
  underlyingType: 'COIN',
  orderTypes: [
    'LIMIT',
    'MARKET',
    'STOP',
    'STOP_MARKET',
    'TAKE_PROFIT',
    'TAKE_PROFIT_MARKET',
    'TRAILING_STOP_MARKET',
  ],
  timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
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
    {
      filterType: 'MARKET_LOT_SIZE',
      minQty: fixed8(instrument.minQty),
      maxQty: MOST,
      stepSize: fixed8(instrument.lotSize),
    },
    { filterType: 'MIN_NOTIONAL', notional: formatDecimal(instrument.minNotional) },
  ],
});

const exchangeInfo = ({ exchange, wallNow }: Context): Answer =>
  ok({
    timezone: 'UTC',
    serverTime: wallNow(),
    futuresType: 'U_MARGINED',
    rateLimits: [],
    exchangeFilters: [],
    assets: [{ asset: 'USDT', marginAvailable: true, autoAssetExchange: '0' }],
    symbols: [...exchange.futures.values()].map(renderMarket),
  });

function positions(context: Context) {
  const { exchange } = context;
  return Object.values(exchange.engine().futures.positions).flatMap((position) => {
    const instrument = exchange.config.instruments[position.marketKey];
    return instrument === undefined ? [] : [renderPosition(context, position, instrument)];
  });
}

/** Runs `change` with the market that the parameters name. */
const inMarket =
  (change: (context: Context, params: Params, instrument: Instrument) => Answer) =>
  (context: Context, params: Params): Answer => {
    const read = readerOf(params);
    const instrument = readFuture(read, context);
    const error = read.error();
    return error !== undefined || instrument === undefined
      ? err(error ?? errors.symbol)
      : change(context, params, instrument);
  };

const isHeld = ({ exchange }: Context, marketKey: string): boolean =>
  Object.values(exchange.engine().futures.positions).some((each) => each.marketKey === marketKey);
const hasOrders = ({ exchange }: Context, marketKey: string): boolean =>
  Object.values(exchange.engine().orders).some((each) => each.marketKey === marketKey);

function setLeverage(context: Context, params: Params, { marketKey, symbol }: Instrument): Answer {
  const wanted = Number(params['leverage']);
  const { config } = context.exchange;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > config.futures.maxLeverage)
    return err(errors.leverage(String(params['leverage'])));
  const setup = setupOf(context.exchange.engine().futures, marketKey);
  const lowers = wanted < setup.leverage && setup.marginMode === 'isolated';
  if (lowers && isHeld(context, marketKey)) return err(errors.leverageReduction);
  context.exchange.setUp(marketKey, { ...setup, leverage: wanted });
  return ok({ leverage: wanted, maxNotionalValue: MOST, symbol: venueSymbol(symbol) });
}

const MARGIN_TYPES: Readonly<Record<string, SimSetup['marginMode']>> = {
  ISOLATED: 'isolated',
  CROSSED: 'cross',
};

function setMarginType(context: Context, params: Params, { marketKey }: Instrument): Answer {
  const marginMode = MARGIN_TYPES[params['marginType'] ?? ''];
  if (marginMode === undefined) return err(errors.mandatory('marginType'));
  const setup = setupOf(context.exchange.engine().futures, marketKey);
  if (setup.marginMode === marginMode) return err(errors.marginTypeHolds);
  if (isHeld(context, marketKey)) return err(errors.marginTypeHeld);
  if (hasOrders(context, marketKey)) return err(errors.marginTypeOrders);
  context.exchange.setUp(marketKey, { ...setup, marginMode });
  return ok({ code: 200, msg: 'success' });
}

function setDual(context: Context, params: Params): Answer {
  const wanted = params['dualSidePosition'];
  if (wanted !== 'true' && wanted !== 'false') return err(errors.mandatory('dualSidePosition'));
  const { futures } = context.exchange.engine();
  if (futures.hedge === (wanted === 'true')) return err(errors.dualHolds);
  if (Object.keys(futures.positions).length > 0) return err(errors.dualHeld);
  context.exchange.setHedge(wanted === 'true');
  return ok({ code: 200, msg: 'success' });
}

function symbolConfig(context: Context, params: Params): Answer {
  const { exchange } = context;
  const wanted = params['symbol'];
  return ok(
    [...exchange.futures.values()]
      .filter(({ symbol }) => wanted === undefined || venueSymbol(symbol) === wanted)
      .map(({ symbol, marketKey }) => {
        const { leverage, marginMode } = setupOf(exchange.engine().futures, marketKey);
        return {
          symbol: venueSymbol(symbol),
          marginType: marginMode === 'isolated' ? 'ISOLATED' : 'CROSSED',
          isAutoAddMargin: false,
          leverage,
          maxNotionalValue: MOST,
        };
      }),
  );
}

function incomes(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const type = read.optional('incomeType');
  const [from, until] = [read.time('startTime'), read.time('endTime')];
  const limit = read.limit(100, 1_000);
  const error = read.error();
  if (error !== undefined) return err<ApiError>(error);
  const { exchange } = context;
  const found = exchange
    .incomes()
    .filter((income) => type === undefined || income.type === type)
    .filter(({ at }) => at >= (from ?? 0) && at <= (until ?? Infinity));
  const page = from === undefined ? found.slice(-limit) : found.slice(0, limit);
  return ok(
    page.map((income) =>
      renderIncome(
        income,
        income.marketKey === null ? undefined : exchange.config.instruments[income.marketKey],
      ),
    ),
  );
}

function forceOrders(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const one = params['symbol'] === undefined ? undefined : readFuture(read, context);
  const from = read.time('startTime');
  const error = read.error();
  if (error !== undefined) return err(error);
  const { exchange } = context;
  return ok(
    exchange
      .orders()
      .filter(({ clientOrderId }) => clientOrderId.startsWith(LIQUIDATION_PREFIX))
      .filter(({ marketKey }) => one === undefined || marketKey === one.marketKey)
      .filter(({ updatedAt }) => updatedAt >= (from ?? 0))
      .flatMap((order) => {
        const instrument = exchange.config.instruments[order.marketKey];
        return instrument === undefined ? [] : [renderRegular(order, instrument)];
      }),
  );
}

const brackets = ({ exchange }: Context): Answer =>
  ok(
    [...exchange.futures.values()].map(({ symbol }) => ({
      symbol: venueSymbol(symbol),
      brackets: [
        {
          bracket: 1,
          initialLeverage: exchange.config.futures.maxLeverage,
          notionalCap: 9_000_000_000,
          notionalFloor: 0,
          maintMarginRatio: exchange.config.futures.maintenanceRate,
          cum: 0,
        },
      ],
    })),
  );

const account = (context: Context): Answer => {
  const wallet = renderWallet(context);
  return ok({
    totalWalletBalance: wallet.balance,
    availableBalance: wallet.availableBalance,
    assets: [wallet],
    positions: positions(context),
  });
};

type Method = Endpoint['method'];

const at = (
  call: `${Method} ${string}`,
  security: Endpoint['security'],
  handle: Endpoint['handle'],
): Endpoint => {
  const [method = '', path = ''] = call.split(' ');
  return { method: method as Method, path: `/fapi/${path}`, security, handle };
};

/** The futures venue and its account. */
export const futuresAccountEndpoints: readonly Endpoint[] = [
  at('GET v1/ping', 'none', () => ok({})),
  at('GET v1/time', 'none', ({ wallNow }) => ok({ serverTime: wallNow() })),
  at('GET v1/exchangeInfo', 'none', exchangeInfo),
  at('GET v3/account', 'signed', account),
  at('GET v3/balance', 'signed', (context) => ok([renderWallet(context)])),
  at('GET v3/positionRisk', 'signed', (context) => ok(positions(context))),
  at('GET v1/symbolConfig', 'signed', symbolConfig),
  at('GET v1/leverageBracket', 'signed', brackets),
  at('POST v1/leverage', 'signed', inMarket(setLeverage)),
  at('POST v1/marginType', 'signed', inMarket(setMarginType)),
  at('GET v1/positionSide/dual', 'signed', ({ exchange }) =>
    ok({ dualSidePosition: exchange.engine().futures.hedge }),
  ),
  at('POST v1/positionSide/dual', 'signed', setDual),
  at('GET v1/income', 'signed', incomes),
  at('GET v1/forceOrders', 'signed', forceOrders),
  // One account, one key: it stays the same for as long as the process lives, as at the venue.
  at('POST v1/listenKey', 'key', ({ listenKey }) => ok({ listenKey })),
  at('PUT v1/listenKey', 'key', ({ listenKey }) => ok({ listenKey })),
  at('DELETE v1/listenKey', 'key', () => ok({})),
];
