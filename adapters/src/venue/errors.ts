import { redactText } from '../telemetry/redact.ts';
import type { VenueError } from './venue.ts';

/**
 * What became of an order whose submission threw: `rejected` by the venue's rules, `notSent` for
 * sure, or `unknown`: it may exist and must be looked up.
 */
export type Fate = 'rejected' | 'notSent' | 'unknown';

/** Parents of ccxt's error classes; a class that is not here is new, and its fate unknown. */
export const CCXT_PARENTS: Readonly<Record<string, string>> = {
  ExchangeError: 'BaseError',
  AuthenticationError: 'ExchangeError',
  PermissionDenied: 'AuthenticationError',
  AccountNotEnabled: 'PermissionDenied',
  AccountSuspended: 'AuthenticationError',
  ArgumentsRequired: 'ExchangeError',
  BadRequest: 'ExchangeError',
  BadSymbol: 'BadRequest',
  OperationRejected: 'ExchangeError',
  NoChange: 'OperationRejected',
  MarginModeAlreadySet: 'NoChange',
  MarketClosed: 'OperationRejected',
  ManualInteractionNeeded: 'OperationRejected',
  RestrictedLocation: 'OperationRejected',
  InsufficientFunds: 'ExchangeError',
  InvalidAddress: 'ExchangeError',
  AddressPending: 'InvalidAddress',
  InvalidOrder: 'ExchangeError',
  OrderNotFound: 'InvalidOrder',
  OrderNotCached: 'InvalidOrder',
  OrderImmediatelyFillable: 'InvalidOrder',
  OrderNotFillable: 'InvalidOrder',
  DuplicateOrderId: 'InvalidOrder',
  ContractUnavailable: 'InvalidOrder',
  NotSupported: 'ExchangeError',
  InvalidProxySettings: 'ExchangeError',
  ExchangeClosedByUser: 'ExchangeError',
  OperationFailed: 'BaseError',
  NetworkError: 'OperationFailed',
  DDoSProtection: 'NetworkError',
  RateLimitExceeded: 'NetworkError',
  ExchangeNotAvailable: 'NetworkError',
  OnMaintenance: 'ExchangeNotAvailable',
  InvalidNonce: 'NetworkError',
  ChecksumError: 'InvalidNonce',
  RequestTimeout: 'NetworkError',
  BadResponse: 'OperationFailed',
  NullResponse: 'BadResponse',
  CancelPending: 'OperationFailed',
  UnsubscribeError: 'BaseError',
};

type Row = {
  /** Classes that the row stands for, with all that derive from them. */
  readonly of: readonly string[];
  /** Narrows by the message. */
  readonly saying?: RegExp;
  /** Only the class itself, not what derives from it. */
  readonly exact?: true;
  readonly fate: Fate;
  readonly code: string;
  readonly severity: VenueError['severity'];
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
};

/** ccxt writes `venue 418 …` or `venue METHOD address 418 …`. */
function status(...codes: readonly number[]): RegExp {
  return new RegExp(`^\\S+ (?:[A-Z]+ \\S+ )?(?:${codes.join('|')})\\b`);
}

/** First match wins. Fate by experiment and documentation; see ADR 0003 and 05, section 15. */
export const FATES: readonly Row[] = [
  row(['HostRefused'], 'notSent HostRefused CRITICAL'),
  row(['DeadlineExceeded'], 'unknown NetworkTimeout HIGH'),
  row(['MalformedReply'], 'unknown SchemaMismatch HIGH'),
  // Binance says so of a revoked key too, once the key has worked: backing off would never end.
  row(['DDoSProtection'], 'notSent AuthFailed CRITICAL', { saying: /-2015\b/ }),
  row(['DDoSProtection'], 'notSent RateBanned CRITICAL', { saying: status(418) }),
  row(['DDoSProtection'], 'notSent RateLimited MEDIUM retry', {
    saying: status(429),
    retryAfterMs: 5_000,
  }),
  row(['RateLimitExceeded'], 'notSent RateLimited MEDIUM retry', { retryAfterMs: 5_000 }),
  row(['InvalidNonce'], 'notSent ClockSkew MEDIUM retry'),
  row(['OnMaintenance'], 'unknown VenueUnavailable HIGH'),
  row(['RequestTimeout'], 'unknown NetworkTimeout HIGH'),
  row(['ExchangeNotAvailable'], 'unknown VenueRefused HIGH', { saying: status(403, 451) }),
  row(['ExchangeNotAvailable'], 'unknown VenueUnavailable MEDIUM'),
  row(['NetworkError'], 'notSent VenueUnavailable MEDIUM retry', {
    exact: true,
    saying: /ECONNREFUSED|ENOTFOUND/,
  }),
  row(['NetworkError'], 'unknown ConnectionLost HIGH'),
  row(['BadResponse'], 'unknown SchemaMismatch HIGH'),
  row(['OperationFailed'], 'unknown VenueUnavailable HIGH'),
  row(['DuplicateOrderId'], 'unknown DuplicateClientId LOW'),
  // An earlier attempt of ours got through.
  row(['ExchangeError'], 'unknown DuplicateClientId LOW', { saying: /duplicate/i }),
  // A limit of this account or market, though ccxt calls some of these a question of permission.
  row(['ExchangeError'], 'rejected InvalidLeverage MEDIUM', {
    saying: /-(?:2027|2028|4028|4202|4203|4205|4206|4208|4209)\b/,
  }),
  row(['AuthenticationError'], 'notSent AuthFailed CRITICAL'),
  row(['RestrictedLocation'], 'rejected PermissionDenied CRITICAL'),
  row(['InsufficientFunds'], 'rejected InsufficientBalance MEDIUM'),
  row(['MarketClosed'], 'rejected SymbolSuspended MEDIUM'),
  row(['OperationRejected', 'BadRequest'], 'rejected SymbolSuspended MEDIUM', {
    saying: /-(?:4140|4141)\b/,
  }),
  row(['BadSymbol'], 'rejected BadSymbol MEDIUM'),
  row(['OrderNotFound'], 'unknown UnknownOrder LOW'),
  // Came too late for the matching engine's window: it was refused there, and the clock may be why.
  row(['InvalidOrder', 'BadRequest'], 'notSent ClockSkew MEDIUM retry', { saying: /-5028\b/ }),
  // The market has passed the stop already: whoever wanted it sells now instead.
  row(['OrderImmediatelyFillable'], 'rejected WouldTrigger MEDIUM', { saying: /trigger/i }),
  // There is no position to make smaller: it was closed in the meantime.
  row(['InvalidOrder'], 'rejected NothingToReduce LOW', { saying: /-2022\b/ }),
  row(['InvalidOrder', 'BadRequest'], 'rejected PriceOutOfBand MEDIUM', {
    saying: /PERCENT_PRICE/,
  }),
  row(['InvalidOrder', 'BadRequest'], 'rejected OrderTooSmall LOW', {
    saying: /NOTIONAL|minimum amount/i,
  }),
  // The market's rules have changed since they were read (VEN-30).
  row(['InvalidOrder', 'BadRequest'], 'rejected BadPrecision LOW', {
    saying: /-1111\b|LOT_SIZE|PRICE_FILTER/,
  }),
  row(
    [
      'InvalidOrder',
      'BadRequest',
      'ArgumentsRequired',
      'NotSupported',
      'OrderImmediatelyFillable',
      'OrderNotFillable',
      'OperationRejected',
    ],
    'rejected InvalidOrder LOW',
  ),
  // The class itself is what ccxt throws for replies that it cannot place.
  row(['ExchangeError'], 'unknown VenueError HIGH'),
];
const ANYTHING_ELSE = row([], 'unknown UnexpectedError HIGH');

function row(
  of: readonly string[],
  verdict: `${Fate} ${string} ${VenueError['severity']}${'' | ' retry'}`,
  more: Pick<Row, 'saying' | 'exact' | 'retryAfterMs'> = {},
): Row {
  const [fate, code, severity, retry] = verdict.split(' ') as [
    Fate,
    string,
    VenueError['severity'],
    'retry' | undefined,
  ];
  return { of, fate, code, severity, retryable: retry === 'retry', ...more };
}

/** `name` and all that it derives from. By name: a bundler may rename classes, not their `name`. */
function lineage(name: string): string[] {
  const parent = CCXT_PARENTS[name];
  return parent === undefined ? [name] : [name, ...lineage(parent)];
}

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : '');
const textOf = (thrown: unknown): string =>
  thrown instanceof Error && thrown.message !== '' ? thrown.message : String(thrown);

function rowOf(thrown: unknown): Row {
  const names = lineage(nameOf(thrown));
  const text = textOf(thrown);
  const matches = ({ of, saying, exact }: Row): boolean =>
    of.some((name) => (exact === true ? name === names[0] : names.includes(name))) &&
    (saying?.test(text) ?? true);
  return FATES.find(matches) ?? ANYTHING_ELSE;
}

/** True when the venue says that it knows no such order. */
export const isOrderNotFound = (thrown: unknown): boolean =>
  lineage(nameOf(thrown)).includes('OrderNotFound');

export const isClockSkew = (thrown: unknown): boolean => rowOf(thrown).code === 'ClockSkew';

export type Circumstances = {
  /** An order's submission, whose unclear end forbids a retry, or a call that may be repeated. */
  readonly call: 'submit' | 'repeatable';
  readonly secrets: readonly string[];
  /** What the venue asked for with its refusal. */
  readonly retryAfterMs: number | null;
};

/** What a thrown error means: the fate of the order, and the error for records and people. */
export function classify(
  thrown: unknown,
  { call, secrets, retryAfterMs }: Circumstances,
): { readonly fate: Fate; readonly error: VenueError } {
  const found = rowOf(thrown);
  const { fate, code, severity } = found;
  const harmless = call === 'repeatable' && fate === 'unknown';
  return {
    fate,
    error: {
      code,
      severity: harmless && severity === 'HIGH' ? 'MEDIUM' : severity,
      retryable: found.retryable || (harmless && code !== 'SchemaMismatch'),
      message: redactText(textOf(thrown), secrets),
      retryAfterMs: found.retryAfterMs === undefined ? null : (retryAfterMs ?? found.retryAfterMs),
    },
  };
}
