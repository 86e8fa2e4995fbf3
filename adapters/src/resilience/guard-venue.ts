import { later, seconds, type EpochMs } from '@tradewind/core/lib/time';
import { err, type Result } from '@tradewind/core/lib/result';
import { ruleOf } from '@tradewind/core/order/error-actions';
import type { CallClass } from '@tradewind/core/order/rate-budget';
import type { BreakerEvent } from '@tradewind/core/risk/breaker';
import { bulkhead, isBulkheadRejectedError, type BulkheadPolicy } from 'cockatiel';
import type { Venue, VenueError } from '../venue/venue.ts';
import type { BreakerId } from './breaker-store.ts';
import type { Breakers } from './breakers.ts';
import type { Limiter } from './limiter.ts';
import { symbolGroup } from './symbol-group.ts';

/** What stands between the desk and one account of a venue. */
export type VenueGuard = {
  /** The venue's name, as books have it. */
  readonly venue: string;
  readonly breakers: Breakers;
  readonly limiter: Limiter;
  readonly clock: { readonly wallNow: () => EpochMs };
  /** What the clients behind it are for: on the urgent lane all that an exit needs goes with an exit's right. */
  readonly lane?: Lane;
};

/** `urgent`: exits, emergencies and protective stops alone. */
export type Lane = 'normal' | 'urgent';

/** Which part of the venue is called, how urgently, and how much of its budget that costs. */
type Call = {
  readonly group: 'trading' | 'account' | 'market';
  readonly kind: CallClass;
  /** In tokens; an order costs one, what the venue counts less, less. 0 = nothing. */
  readonly weight: number;
  /** From its first wait to its answer, in wall milliseconds; left out = as long as such calls may. */
  readonly withinMs?: number;
};

/** Calls in flight at once, and those that may wait for one to end, by group (bulkheads). */
const COMPARTMENTS = { trading: [16, 100], account: [8, 100], market: [4, 100] } as const;
/** A symbol that the venue has halted is tried again after this. */
const SYMBOL_PAUSE = seconds(300);
/** A ban that does not say how long it lasts (two minutes is the least that Binance documents). */
const BAN = seconds(120);

const isUrgent = ({ kind }: Call): boolean => kind === 'exit' || kind === 'emergency';

const notNow = (code: string, message: string, retryAfterMs: number | null): VenueError => ({
  code,
  severity: 'HIGH',
  retryable: false,
  message,
  retryAfterMs,
});

/** What an answer means for its service's breaker; `null` = nothing (RSK-87). */
function eventOf(error: VenueError | null, now: EpochMs): BreakerEvent | null {
  if (error === null) return { kind: 'success' };
  const { action, breaker } = ruleOf(error.code);
  if (action === 'openBreaker') {
    const banMs = Math.max(BAN, error.retryAfterMs ?? 0);
    return { kind: 'shut', code: error.code, until: later(now, seconds(Math.ceil(banMs / 1_000))) };
  }
  if (action === 'stopVenue') return { kind: 'shut', code: error.code, until: null };
  if (breaker === 'failure') return { kind: 'failure', code: error.code };
  // It answered in health, but for our own pace, which says nothing about it.
  return action === 'slowDown' || action === 'queue' ? null : { kind: 'success' };
}

type Shape<T> = {
  /** The answer of a call that was not made. */
  readonly refuse: (error: VenueError) => T;
  /** The error of an answer, `null` for a success. */
  readonly errorOf: (answer: T) => VenueError | null;
};

const outcome: Shape<Awaited<ReturnType<Venue['submit']>>> = {
  refuse: (error) => ({ kind: 'notSent', error }),
  errorOf: (answer) => (answer.kind === 'accepted' ? null : answer.error),
};
const lookup: Shape<Awaited<ReturnType<Venue['lookup']>>> = {
  refuse: (error) => ({ kind: 'failed', error }),
  errorOf: (answer) => (answer.kind === 'failed' ? answer.error : null),
};
function result<T>(): Shape<Result<T, VenueError>> {
  return { refuse: err, errorOf: (answer) => (answer.ok ? null : answer.error) };
}

/** Runs `body` within its compartment; urgent calls are never kept waiting by others. */
async function inCompartment<T>(
  compartment: BulkheadPolicy | null,
  body: () => Promise<T | undefined>,
): Promise<T | undefined> {
  if (compartment === null) return body();
  try {
    return await compartment.execute(body);
  } catch (error) {
    if (isBulkheadRejectedError(error)) return undefined;
    throw error;
  }
}

/** Makes calls that the breakers and the budget of `guard` allow, and tells them what came of each. */
function createCaller(guard: VenueGuard) {
  const { venue, breakers, limiter, clock } = guard;
  const compartments = {
    trading: bulkhead(...COMPARTMENTS.trading),
    account: bulkhead(...COMPARTMENTS.account),
    market: bulkhead(...COMPARTMENTS.market),
  };
  const idOf = (group: string): BreakerId => ({ venue, group });
  const crowded = {
    ...notNow('Overloaded', `too many calls to ${venue} wait`, null),
    retryable: true,
  };

  const settle = async (call: Call, error: VenueError | null): Promise<void> => {
    if (error !== null && ruleOf(error.code).action === 'slowDown')
      limiter.slowDown(call.kind, error.retryAfterMs);
    const event = eventOf(error, clock.wallNow());
    if (event === null) return;
    // A ban or a dead key shuts all that needs the account, whichever call met it.
    const groups = event.kind === 'shut' ? (['trading', 'account'] as const) : [call.group];
    await Promise.all(groups.map((group) => breakers.record(idOf(group), event)));
  };
  return {
    run: async <T>(
      call: Call,
      shape: Shape<T>,
      body: (withinMs?: number) => Promise<T>,
    ): Promise<T> => {
      const { withinMs } = call;
      const since = clock.wallNow();
      const left = () =>
        withinMs === undefined ? undefined : withinMs - (clock.wallNow() - since);
      const admitted = await breakers.admit(idOf(call.group), isUrgent(call));
      if (admitted.kind === 'refused') {
        const waitMs = admitted.retryAt === null ? null : admitted.retryAt - clock.wallNow();
        const message = `${venue} is not called: its ${call.group} breaker is open`;
        return shape.refuse(notNow(admitted.code, message, waitMs));
      }
      const mayGo = call.weight === 0 || (await limiter.take(call.kind, call.weight, left()));
      if (!mayGo) return shape.refuse(crowded);
      const compartment = isUrgent(call) ? null : compartments[call.group];
      const answer = await inCompartment(compartment, async () => {
        const rest = left();
        return rest === undefined || rest > 0 ? body(rest) : undefined;
      });
      if (answer === undefined) return shape.refuse(crowded);
      await settle(call, shape.errorOf(answer));
      return answer;
    },
    /** A symbol that the venue has halted gets no entries for a while. */
    judgeSymbol: async (symbol: string, error: VenueError | null): Promise<void> => {
      if (error === null || ruleOf(error.code).action !== 'blockSymbol') return;
      const until = later(clock.wallNow(), SYMBOL_PAUSE);
      await breakers.record(idOf(symbolGroup(symbol)), { kind: 'shut', code: error.code, until });
    },
  };
}

const account = (weight = 1): Call => ({ group: 'account', kind: 'sync', weight });
const trading = (kind: CallClass, weight = 1): Call => ({ group: 'trading', kind, weight });
/** Public data has clients of its own, which their library slows down. */
const MARKET: Call = { group: 'market', kind: 'history', weight: 0 };
/** Venues count orders far more strictly than they count taking them back or asking for one. */
const CANCEL = 0.1;
const LOOKUP = 0.4;

/**
 * The same venue behind breakers, a rate budget and bulkheads. Whoever repeats calls does so outside:
 * each attempt asks and is counted (RSK-88). What may not go is answered as not sent.
 */
export function guardVenue(venue: Venue, guard: VenueGuard): Venue {
  const { run, judgeSymbol } = createCaller(guard);
  const isFirst = guard.lane === 'urgent';
  // An exit that waits for the cancellation of its stop goes no sooner than that does.
  const cancel = trading(isFirst ? 'exit' : 'cancel', CANCEL);
  const look = (weight: number): Call => ({ ...account(weight), kind: isFirst ? 'exit' : 'sync' });
  return {
    capabilities: venue.capabilities,
    close: venue.close,
    submit: async (order, withinMs) => {
      const kind = trading(order.reduceOnly === true ? 'exit' : 'entry');
      const call = withinMs === undefined ? kind : { ...kind, withinMs };
      const answer = await run(call, outcome, (restMs) => venue.submit(order, restMs));
      await judgeSymbol(order.symbol, outcome.errorOf(answer));
      return answer;
    },
    cancel: (symbol, id) => run(cancel, lookup, () => venue.cancel(symbol, id)),
    cancelAll: (symbol) =>
      run(trading('emergency', CANCEL), result(), () => venue.cancelAll(symbol)),
    lookup: (symbol, id) => run(look(LOOKUP), lookup, () => venue.lookup(symbol, id)),
    fills: (order) => run(look(1), result(), () => venue.fills(order)),
    openOrders: () => run(look(2), result(), () => venue.openOrders()),
    ordersSince: (symbol, since) =>
      run(account(), result(), () => venue.ordersSince(symbol, since)),
    fillsSince: (symbol, since) => run(account(), result(), () => venue.fillsSince(symbol, since)),
    balances: () => run(account(), result(), () => venue.balances()),
    positions: () => run(account(), result(), () => venue.positions()),
    leverage: (symbol) => run(account(), result(), () => venue.leverage(symbol)),
    setLeverage: (symbol, wanted) =>
      run(trading('entry'), result(), () => venue.setLeverage(symbol, wanted)),
    positionMode: () => run(account(), result(), () => venue.positionMode()),
    liquidations: (symbol, since) =>
      run(account(), result(), () => venue.liquidations(symbol, since)),
    cashFlows: (since) => run(account(), result(), () => venue.cashFlows(since)),
    instruments: (symbols, options) =>
      run(MARKET, result(), () => venue.instruments(symbols, options)),
    candles: (symbol, range) => run(MARKET, result(), () => venue.candles(symbol, range)),
  };
}
