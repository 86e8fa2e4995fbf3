/** What an error of the taxonomy makes the executor do beside refusing or repeating (05, section 15). */
export type ErrorAction =
  /** Repeat with growing pauses; nothing else. */
  | 'backoff'
  /** It may be at the venue: look it up before anything else (EXE-20). */
  | 'resolve'
  /** Pause the class for 5 s and halve the budget for 60 s (EXE-92). */
  | 'slowDown'
  /** Open the breaker for as long as the venue shuts us out. */
  | 'openBreaker'
  /** Keep it in the order queue. */
  | 'queue'
  /** Refuse the order. */
  | 'reject'
  /** Once with a new price, where the order is an entry that has one; else refuse it. */
  | 'requote'
  /** Refuse the order and tell that funds are short. */
  | 'alertFunds'
  /** No entries into the symbol until the venue takes orders in it again. */
  | 'blockSymbol'
  /** An earlier attempt arrived: fetch it (EXE-16). */
  | 'adopt'
  /** Nothing may be sent to the venue until a person has mended the account; page. */
  | 'stopVenue'
  /** Set the clock by the venue's and repeat. */
  | 'resync'
  /** Believe nothing of the reply. */
  | 'failClosed';

/** How an error counts for the service's breaker (RSK-87). */
export type BreakerWeight = 'failure' | 'none';

export type ErrorRule = {
  readonly action: ErrorAction;
  readonly breaker: BreakerWeight;
};

const rule = (action: ErrorAction, breaker: BreakerWeight = 'none'): ErrorRule => ({
  action,
  breaker,
});

/**
 * The taxonomy's rows by code. Time-outs, network errors, 5xx and bans count for the breaker; what the
 * venue refused in health, and our own rate limit, do not (RSK-87).
 */
export const ERROR_RULES: Readonly<Record<string, ErrorRule>> = {
  NetworkTimeout: rule('resolve', 'failure'),
  ConnectionLost: rule('resolve', 'failure'),
  VenueUnavailable: rule('queue', 'failure'),
  VenueRefused: rule('resolve', 'failure'),
  VenueError: rule('resolve', 'failure'),
  UnexpectedError: rule('resolve', 'failure'),
  SchemaMismatch: rule('failClosed', 'failure'),
  RateLimited: rule('slowDown'),
  RateBanned: rule('openBreaker'),
  CircuitOpen: rule('queue'),
  Overloaded: rule('queue'),
  InsufficientBalance: rule('alertFunds'),
  InsufficientMargin: rule('alertFunds'),
  SymbolSuspended: rule('blockSymbol'),
  InvalidLeverage: rule('reject'),
  WrongPositionMode: rule('reject'),
  OppositePosition: rule('reject'),
  OrderTooSmall: rule('reject'),
  OrderTooLarge: rule('reject'),
  BadPrecision: rule('reject'),
  BadSymbol: rule('reject'),
  NotSupported: rule('reject'),
  WouldTrigger: rule('reject'),
  NothingToReduce: rule('reject'),
  HistoryTooLong: rule('reject'),
  AlreadyClosed: rule('reject'),
  InvalidOrder: rule('reject'),
  PriceOutOfBand: rule('requote'),
  ValidationError: rule('reject'),
  DuplicateClientId: rule('adopt'),
  UnknownOrder: rule('resolve'),
  AmbiguousOrder: rule('resolve'),
  AuthFailed: rule('stopVenue'),
  PermissionDenied: rule('stopVenue'),
  IpNotAllowed: rule('stopVenue'),
  HostRefused: rule('stopVenue'),
  ClockSkew: rule('resync'),
};

/** The rule of an error; one that nobody has mapped is looked up and counted (EXE-85). */
export const ruleOf = (code: string): ErrorRule =>
  Object.hasOwn(ERROR_RULES, code)
    ? (ERROR_RULES[code] ?? rule('resolve', 'failure'))
    : rule('resolve', 'failure');
