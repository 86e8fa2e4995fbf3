import { formatDecimal } from '@tradewind/core/lib/units';
import { unreachable } from '@tradewind/core/lib/result';
import type { SimRejection } from '@tradewind/core/simulation/state';

/** A refusal as Binance words it: HTTP status, code and message (rest-api.md and errors.md). */
export type ApiError = { readonly status: number; readonly code: number; readonly msg: string };

const bad = (code: number, msg: string): ApiError => ({ status: 400, code, msg });
const denied = (code: number, msg: string): ApiError => ({ status: 401, code, msg });

export const errors = {
  mandatory: (name: string) =>
    bad(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  illegal: (name: string, pattern: string) =>
    bad(-1100, `Illegal characters found in parameter '${name}'; legal range is '${pattern}'.`),
  notRequired: (name: string) => bad(-1106, `Parameter '${name}' sent when not required.`),
  precision: (name: string) => bad(-1111, `Parameter '${name}' has too much precision.`),
  timeInForce: bad(-1115, 'Invalid timeInForce.'),
  orderType: bad(-1116, 'Invalid orderType.'),
  side: bad(-1117, 'Invalid side.'),
  interval: bad(-1120, 'Invalid interval.'),
  symbol: bad(-1121, 'Invalid symbol.'),
  combination: bad(-1128, 'Combination of optional parameters invalid.'),
  recvWindow: bad(-1131, "'recvWindow' must be less than 60000."),
  tooLate: bad(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  tooEarly: bad(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  signature: bad(-1022, 'Signature for this request is not valid.'),
  keyFormat: denied(-2014, 'API-key format invalid.'),
  key: denied(-2015, 'Invalid API-key, IP, or permissions for action.'),
  insufficientBalance: bad(-2010, 'Account has insufficient balance for requested action.'),
  duplicate: bad(-2010, 'Duplicate order sent.'),
  wouldTrigger: bad(-2010, 'Stop price would trigger immediately.'),
  wouldMatch: bad(-2010, 'Order would immediately match and take.'),
  cancelUnknown: bad(-2011, 'Unknown order sent.'),
  insufficientMargin: bad(-2019, 'Margin is insufficient.'),
  otherEndpoint: bad(
    -4120,
    'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
  ),
  duplicateFuture: bad(-4116, 'ClientOrderId is duplicated.'),
  wouldTriggerFuture: bad(-2021, 'Order would immediately trigger.'),
  notionalFuture: bad(
    -4164,
    "Order's notional must be no smaller than 5 (unless you choose reduce only).",
  ),
  tooLong: bad(-4165, 'Invalid time interval.'),
  leverage: (asked: string) => bad(-4028, `Leverage ${asked} is not valid`),
  leverageReduction: bad(
    -4161,
    'Leverage reduction is not supported in Isolated Margin Mode with open positions.',
  ),
  marginTypeHolds: bad(-4046, 'No need to change margin type.'),
  marginTypeOrders: bad(-4047, 'Margin type cannot be changed if there exists open orders.'),
  marginTypeHeld: bad(-4048, 'Margin type cannot be changed if there exists position.'),
  dualHolds: bad(-4059, 'No need to change position side.'),
  dualHeld: bad(-4068, 'Position side cannot be changed if there exists position.'),
  reduceOnly: bad(-2022, 'ReduceOnly Order is rejected.'),
  positionSide: bad(-4061, "Order's position side does not match user's setting."),
  noOrder: bad(-2013, 'Order does not exist.'),
  closed: bad(-1013, 'Market is closed.'),
  filter: (name: string) => bad(-1013, `Filter failure: ${name}`),
  path: (method: string, path: string): ApiError => ({
    status: 404,
    code: -5000,
    msg: `Path ${path}, Method ${method} is invalid`,
  }),
  host: (host: string): ApiError => ({
    status: 421,
    code: -9421,
    msg: `This sandbox plays Binance spot and USD-M futures only and does not answer for "${host}". Nothing was forwarded.`,
  }),
} as const;

/** The engine's refusal in Binance's words. */
export function rejectionError(rejection: SimRejection): ApiError {
  switch (rejection.code) {
    case 'unknown_market':
      return errors.symbol;
    case 'market_closed':
      return errors.closed;
    case 'price_filter':
      return errors.filter('PRICE_FILTER');
    case 'lot_size':
      return errors.filter('LOT_SIZE');
    case 'notional':
      return errors.filter('NOTIONAL');
    case 'insufficient_balance':
      return errors.insufficientBalance;
    case 'duplicate_client_order_id':
      return errors.duplicate;
    case 'would_match':
      return errors.wouldMatch;
    case 'would_trigger':
      return errors.wouldTrigger;
    case 'insufficient_margin':
      return errors.insufficientMargin;
    case 'reduce_only':
      return errors.reduceOnly;
    case 'position_side':
      return errors.positionSide;
    default:
      return unreachable(rejection);
  }
}

/** The numbers behind a refusal, for the log. */
export function explainRejection(rejection: SimRejection): string {
  switch (rejection.code) {
    case 'price_filter':
      return `price ${formatDecimal(rejection.price)} is not on the tick ${formatDecimal(rejection.tickSize)}`;
    case 'lot_size':
      return `quantity ${formatDecimal(rejection.quantity)} is not on the lot ${formatDecimal(rejection.lotSize)}`;
    case 'notional':
      return `value ${formatDecimal(rejection.notional)} is below ${formatDecimal(rejection.minimum)}`;
    case 'insufficient_balance':
      return `needs ${formatDecimal(rejection.needed)} ${rejection.asset}, free are ${formatDecimal(rejection.free)}`;
    case 'insufficient_margin':
      return `needs a margin of ${formatDecimal(rejection.needed)}, free are ${formatDecimal(rejection.free)}`;
    case 'unknown_market':
    case 'market_closed':
    case 'duplicate_client_order_id':
    case 'would_match':
    case 'would_trigger':
    case 'reduce_only':
    case 'position_side':
      return rejection.code;
    default:
      return unreachable(rejection);
  }
}
