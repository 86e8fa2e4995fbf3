import { loadMarkets, openClient, retryableOnce, within } from './binance-client.ts';
import type { CcxtMarket, RestClient } from './ccxt-clients.ts';
import { classify, isClockSkew, type Fate } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';
import type { VenueError } from './venue.ts';

/** A call's outcome: what it returned, or what its failure means. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly thrown: unknown;
      readonly fate: Fate;
      readonly error: VenueError;
    };

/** Clients of one account, opened when first needed and opened anew when that failed. */
export type Session = {
  /**
   * Signed calls: never waits in ccxt's queue; a clock that drifted is set once, and the call repeated.
   *
   * @param withinMs - all of it takes no longer; left out, each request has its deadline.
   */
  readonly signed: <T>(
    call: 'submit' | 'repeatable',
    work: (client: RestClient) => Promise<T>,
    withinMs?: number,
  ) => Promise<Attempt<T>>;
  /** Bulk reads that need no key. */
  readonly unsigned: <T>(work: (client: RestClient) => T | Promise<T>) => Promise<Attempt<T>>;
  /** Reads the venue's list of markets anew into a client. */
  readonly reload: (client: RestClient) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type SessionConfig = {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly market: 'spot' | 'futures';
  readonly sandboxPort: number | undefined;
  readonly deadlineMs: number;
};

type Work<T> = {
  readonly call: 'submit' | 'repeatable';
  readonly work: (client: RestClient) => T | Promise<T>;
  readonly withinMs: number;
};

/** Measures the venue's clock anew; false when that failed too. */
const resynced = (client: RestClient, deadlineMs: number): Promise<boolean> =>
  within(deadlineMs, client.loadTimeDifference()).then(
    () => true,
    () => false,
  );

/** Makes one call, through a client that `ready` opens, and says what its failure means. */
async function attempt<T>(
  config: Pick<SessionConfig, 'apiKey' | 'apiSecret' | 'deadlineMs'>,
  ready: () => Promise<RestClient>,
  { call, work, withinMs }: Work<T>,
): Promise<Attempt<T>> {
  const { apiKey, apiSecret, deadlineMs } = config;
  const until = performance.now() + withinMs;
  const left = (most: number): number => Math.max(0, Math.min(most, until - performance.now()));
  let client: RestClient | undefined;
  const failed = (thrown: unknown): Attempt<T> => {
    const circumstances = {
      // Before there is a client nothing of ours was sent, however the start failed.
      call: client === undefined ? ('repeatable' as const) : call,
      secrets: [apiKey, apiSecret],
      retryAfterMs: retryAfterMs(client),
    };
    const { fate, error } = classify(thrown, circumstances);
    return { ok: false, thrown, fate: client === undefined ? 'notSent' : fate, error };
  };
  const once = (using: RestClient) => within(left(deadlineMs + 500), Promise.resolve(work(using)));
  try {
    client = await (withinMs === Infinity ? ready() : within(left(withinMs), ready()));
    return { ok: true, value: await once(client) };
  } catch (thrown) {
    if (client === undefined || !isClockSkew(thrown) || !(await resynced(client, left(deadlineMs))))
      return failed(thrown);
    try {
      return { ok: true, value: await once(client) };
    } catch (again) {
      return failed(again);
    }
  }
}

/** Opens a session; nothing is connected until the first call. */
export function createSession(config: SessionConfig): Session {
  const { apiKey, apiSecret, deadlineMs } = config;
  const opened: RestClient[] = [];
  const open = async (keys: { apiKey: string; apiSecret: string }, throttled: boolean) => {
    const client = await openClient({ ...config, ...keys, throttled });
    opened.push(client);
    return client;
  };
  // A client whose start failed is dropped: ccxt remembers a failed loadMarkets for good.
  const data = retryableOnce(async () => {
    const client = await open({ apiKey: '', apiSecret: '' }, true);
    await loadMarkets(client, deadlineMs);
    return client;
  });
  const account = retryableOnce(async () => {
    const client = await open({ apiKey, apiSecret }, false);
    const [source] = await Promise.all([data(), within(deadlineMs, client.loadTimeDifference())]);
    client.setMarkets(Object.values(source.markets ?? {}));
    return client;
  });

  return {
    signed: (call, work, withinMs = Infinity) => attempt(config, account, { call, work, withinMs }),
    unsigned: (work) => attempt(config, data, { call: 'repeatable', work, withinMs: Infinity }),
    reload: (client) => loadMarkets(client, deadlineMs),
    close: async () => {
      const closing = opened.flatMap(({ fetchDispatcher: sockets }) => sockets ?? []);
      opened.length = 0;
      await Promise.all(closing.map((sockets) => sockets.destroy()));
    },
  };
}

type Kind = SessionConfig['market'];

/** `BTC-USDT` as ccxt calls it: a future is the perpetual that is settled in the quote currency. */
export function ccxtSymbol(symbol: string, market: Kind = 'spot'): string {
  const [base = '', quote = ''] = symbol.split('-');
  return market === 'spot' ? `${base}/${quote}` : `${base}/${quote}:${quote}`;
}

/** The venue's record of `symbol`, if it lists one. */
export function marketOf(
  client: RestClient,
  symbol: string,
  market: Kind = 'spot',
): CcxtMarket | undefined {
  const name = ccxtSymbol(symbol, market);
  return Object.hasOwn(client.markets ?? {}, name) ? client.markets?.[name] : undefined;
}
