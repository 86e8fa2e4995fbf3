import type { CommandReply } from '@tradewind/contracts/callables';
import {
  dataSessionDoc,
  marketDoc,
  type DataSessionDoc,
} from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { durationMs, later } from '@tradewind/core/lib/time';
import type { Clock } from '../clock/clock.ts';
import type { Store } from '../ledger/store.ts';

// Cloud Functions run this too: nothing here may load DuckDB.

type Ports = { readonly store: Store; readonly clock: Clock };

/** What a recording is to hold. */
export type NewSession = Pick<
  DataSessionDoc,
  'sessionId' | 'name' | 'purpose' | 'marketKeys' | 'channels' | 'startedBy'
> & {
  /** Market milliseconds. */
  readonly durationMs: number;
};

/** Raised when what a session holds, or how it is counted, changes. */
export const COLLECTOR_VERSION = '1';
/** Candles that the stream builds and a recording therefore has. */
const STREAM_TIMEFRAMES = ['1s', '15s', '1m', '5m', '15m', '1h'];

const venueOf = (marketKey: string): string => marketKey.split('_', 1)[0] ?? marketKey;

/** A session without figures: it has just begun, or waits for its report. */
export function newSession(request: NewSession, { marketNow, wallNow }: Clock): DataSessionDoc {
  const { durationMs: length, marketKeys, channels, ...names } = request;
  const now = marketNow();
  const unique = [...new Set(marketKeys)].sort();
  return {
    ...names,
    marketKeys: unique,
    channels,
    venues: [...new Set(unique.map(venueOf))],
    timeframes: channels.includes('candles') ? STREAM_TIMEFRAMES : [],
    granularity: channels.includes('trades') ? 'ticks' : '1s',
    status: 'RECORDING',
    origin: 'recorded',
    startedAt: now,
    endsAt: later(now, durationMs(length)),
    endedAt: null,
    rowCounts: {},
    bytes: 0,
    gaps: [],
    coveragePct: {},
    checksums: {},
    collectorVersion: COLLECTOR_VERSION,
    planTier: 'basic',
    error: null,
    updatedAt: wallNow(),
  };
}

/**
 * Starts a recording (MD-91): a named span over the archive, which the worker fills from the feed that it has
 * anyway. A market that the desk does not know is refused. Started twice with one id, it is started once.
 */
export async function startSession(
  { store, clock }: Ports,
  request: NewSession,
): Promise<CommandReply> {
  const session = newSession(request, clock);
  return store.transact(async (tx) => {
    const known = await tx.get(paths.dataSession(session.sessionId), dataSessionDoc);
    if (known !== undefined)
      return {
        ok: true,
        code: 'unchanged',
        message: `${known.name} has started already.`,
        id: known.sessionId,
      };
    const markets = await tx.getMany(session.marketKeys.map(paths.market), marketDoc);
    const unknown = session.marketKeys.filter((_, index) => markets[index] === undefined);
    if (unknown.length > 0)
      return {
        ok: false,
        code: 'unknown_market',
        message: `This desk does not know ${unknown.join(', ')}. Write markets as venue_market_SYMBOL, such as binance_spot_BTC-USDT.`,
      };
    tx.set(paths.dataSession(session.sessionId), dataSessionDoc, session);
    const hours = Math.round((request.durationMs / 3_600_000) * 10) / 10;
    return {
      ok: true,
      code: 'recording',
      message: `${session.name} records ${session.marketKeys.join(', ')} for ${hours} h.`,
      id: session.sessionId,
    };
  });
}

/** Ends a recording now (MD-91); the worker then closes its files and writes its report. */
export async function stopSession(
  { store, clock }: Ports,
  sessionId: string,
): Promise<CommandReply> {
  return store.transact(async (tx) => {
    const session = await tx.get(paths.dataSession(sessionId), dataSessionDoc);
    if (session === undefined)
      return { ok: false, code: 'not_found', message: `There is no recording "${sessionId}".` };
    const done = { ok: true, id: sessionId } as const;
    if (session.status === 'COMPLETED' || session.status === 'FAILED')
      return { ...done, code: 'unchanged', message: `${session.name} has ended already.` };
    if (session.endedAt !== null)
      return { ...done, code: 'unchanged', message: `${session.name} is ending already.` };
    tx.set(paths.dataSession(sessionId), dataSessionDoc, {
      ...session,
      endedAt: clock.marketNow(),
      updatedAt: clock.wallNow(),
    });
    return {
      ...done,
      code: 'ending',
      message: `${session.name} ends; its report follows when the worker has closed its files.`,
    };
  });
}
