import {
  BINANCE_HOSTS,
  BINANCE_OPTIONS,
  FUTURES_HOSTS,
  FUTURES_OPTIONS,
  loadMarkets,
} from './binance-client.ts';
import type { CcxtClient, CcxtMarket } from './ccxt-clients.ts';
import { confine, hostsOf, type Redirect } from './redirect.ts';
import type { StreamedMarket } from './venue.ts';

/** Longest time for one request of public data. */
export const DEADLINE_MS = 10_000;
/** A venue's list of markets is asked for once in this time, however often we connect (MD-84). */
const MARKETS_AGE_MS = 3_600_000;

/** Where public data of a venue's markets is reached. */
export type PublicSource = StreamedMarket & {
  /** Port of the local sandbox, which then answers for the venue; only for Binance's spot markets. */
  readonly sandboxPort: number | undefined;
};

/** ccxt's options for clients of `market`: nothing of other kinds of markets is loaded or called. */
export function optionsOf({ venue, market }: StreamedMarket): Readonly<Record<string, unknown>> {
  const defaultType = market === 'spot' ? 'spot' : 'swap';
  if (venue !== 'binance') return { defaultType };
  return market === 'spot' ? BINANCE_OPTIONS : FUTURES_OPTIONS;
}

const hosts = (client: CcxtClient, { venue, market }: StreamedMarket): readonly string[] => {
  if (venue !== 'binance') return hostsOf(client);
  return market === 'spot' ? BINANCE_HOSTS : FUTURES_HOSTS;
};

/** @throws Error when the sandbox is to stand in for something that it does not play. */
export function assertPlayed({ venue, sandboxPort }: PublicSource): void {
  if (sandboxPort !== undefined && venue !== 'binance')
    throw new Error(`The sandbox speaks Binance's dialect: it cannot stand in for ${venue}`);
}

/** Confines a public client to its venue's hosts. */
export const confineTo = (
  client: CcxtClient,
  source: PublicSource,
  more: Pick<Redirect, 'onSocket'> = {},
): Promise<void> =>
  confine(client, {
    ...more,
    hosts: hosts(client, source),
    port: source.sandboxPort,
    deadlineMs: DEADLINE_MS,
  });

type Known = { readonly at: number; readonly markets: readonly CcxtMarket[] };
const known = new Map<string, Known>();
const keyOf = ({ venue, market, sandboxPort }: PublicSource): string =>
  `${venue} ${market} ${sandboxPort ?? ''}`;

/**
 * Gives `client` the venue's markets: those that were read within the hour, else anew. A stream that
 * comes back after an outage does not wait for megabytes of rules.
 *
 * @throws Error when they cannot be read.
 */
export async function knowMarkets(client: CcxtClient, source: PublicSource): Promise<void> {
  const now = Date.now();
  const kept = known.get(keyOf(source));
  if (kept !== undefined && now - kept.at >= 0 && now - kept.at < MARKETS_AGE_MS) {
    client.setMarkets(kept.markets);
    return;
  }
  await loadMarkets(client, 3 * DEADLINE_MS);
  known.set(keyOf(source), { at: now, markets: Object.values(client.markets ?? {}) });
}

/** Has the markets read anew by whoever connects next: one of them was missing. */
export const forgetMarkets = (source: PublicSource): void => {
  known.delete(keyOf(source));
};

/** The venue's record of `symbol`: of a future, the perpetual that is settled in the quote currency. */
export function findMarket(
  client: CcxtClient,
  market: StreamedMarket['market'],
  symbol: string,
): CcxtMarket | undefined {
  const [base = '', quote = ''] = symbol.split('-');
  const name = market === 'spot' ? `${base}/${quote}` : `${base}/${quote}:${quote}`;
  const markets = client.markets ?? {};
  return Object.hasOwn(markets, name) ? markets[name] : undefined;
}

/** Our spelling of ccxt's symbol: `BTC/USDT:USDT` is `BTC-USDT`. */
export const plainSymbol = (unified: string): string =>
  unified.replace(/:.*$/, '').replace('/', '-');
