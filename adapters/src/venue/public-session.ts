import { err, ok, type Result } from '@tradewind/core/lib/result';
import { retryableOnce, within } from './binance-client.ts';
import { openData, type CcxtMarket, type DataClient } from './ccxt-clients.ts';
import { classify } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';
import {
  assertPlayed,
  confineTo,
  DEADLINE_MS,
  findMarket,
  knowMarkets,
  optionsOf,
  type PublicSource,
} from './venue-markets.ts';
import type { VenueError } from './venue.ts';

/** Requests of one client under way at once; others wait outside their deadline. */
const AT_ONCE = 4;

/** At most `most` works at once, in the order in which they were asked for. */
export function createGate(most: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place goes to the next in line, if there is one.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

/**
 * Binance's trades by id are public, but ccxt would only ask for them with a key. The request is that
 * for the newest trades with another path.
 */
function openTradesById(client: DataClient): void {
  const sign = client.sign.bind(client);
  client.sign = (path, ...rest) => {
    if (path !== 'historicalTrades') return sign(path, ...rest);
    const signed = sign('trades', ...rest);
    return { ...signed, url: signed.url.replace('/trades?', '/historicalTrades?') };
  };
}

async function open(source: PublicSource): Promise<DataClient> {
  assertPlayed(source);
  const client = await openData(source.venue, {
    timeout: DEADLINE_MS,
    enableRateLimit: true,
    enableLastHttpResponse: false,
    enableLastJsonResponse: false,
    options: optionsOf(source),
  });
  if (client === undefined) throw new Error(`"${source.venue}" is not a venue that ccxt knows`);
  await confineTo(client, source);
  await knowMarkets(client, source);
  if (source.venue === 'binance') openTradesById(client);
  return client;
}

const noSuchMarket = ({ venue, market }: PublicSource, symbol: string): VenueError => ({
  code: 'BadSymbol',
  severity: 'MEDIUM',
  retryable: false,
  message: `${venue} has no ${market} market ${symbol}: check the symbol's spelling (BASE-QUOTE)`,
  retryAfterMs: null,
});

/** Calls of a venue's public interface: opened when first needed, throttled, failures as values. */
export type PublicSession = {
  readonly read: <T>(work: (client: DataClient) => Promise<T>) => Promise<Result<T, VenueError>>;
  /** The same about one market; `BadSymbol` where the venue does not list it. */
  readonly readMarket: <T>(
    symbol: string,
    work: (client: DataClient, market: CcxtMarket) => Promise<T>,
  ) => Promise<Result<T, VenueError>>;
  readonly close: () => Promise<void>;
};

/** Opens a session; nothing is connected until the first call. */
export function createPublicSession(source: PublicSource): PublicSession {
  const gate = createGate(AT_ONCE);
  let opened: DataClient | undefined;
  // A client whose start failed is dropped: ccxt remembers a failed loadMarkets for good.
  const ready = retryableOnce(async () => (opened = await open(source)));
  const read: PublicSession['read'] = (work) =>
    gate(async () => {
      let client: DataClient | undefined;
      try {
        client = await ready();
        // A bulk read may stand in ccxt's queue for a while before it is sent.
        return ok(await within(2 * DEADLINE_MS, work(client)));
      } catch (thrown) {
        const circumstances = {
          call: 'repeatable' as const,
          secrets: [],
          retryAfterMs: retryAfterMs(client),
        };
        return err(classify(thrown, circumstances).error);
      }
    });
  return {
    read,
    readMarket: async (symbol, work) => {
      const found = await read(async (client) => {
        const market = findMarket(client, source.market, symbol);
        return market === undefined
          ? err(noSuchMarket(source, symbol))
          : ok(await work(client, market));
      });
      return found.ok ? found.value : found;
    },
    close: async () => {
      await opened?.fetchDispatcher?.destroy();
    },
  };
}
