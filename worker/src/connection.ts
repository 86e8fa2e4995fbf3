import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import type { FeedRecord } from '@tradewind/contracts/documents/system';
import { FEED_SILENT_MS } from '@tradewind/core/market/staleness';
import { STABLE_AFTER_MS } from './reconnect.ts';

/** MD-22: no frame of any kind, not even a pong, for this long. */
const NO_FRAME_MS = 30_000;
/** A connection that answers pings and sends no trade has perhaps lost its subscriptions. */
const NO_DATA_MS = 60_000;

export type ConnectionState = FeedRecord['state'];

/** What is known of one connection to a venue (MD-20); wall times. */
export type Connection = {
  readonly phase: 'idle' | 'connecting' | 'subscribing' | 'up' | 'down' | 'failed';
  /** Since when it is in this phase. */
  readonly since: EpochMs;
  readonly lastDataAt: EpochMs | null;
  /** Since when data has come without a pause; 0 where there never was one. */
  readonly freshSince: EpochMs;
  /** Failed attempts since the last connection that held. */
  readonly failures: number;
  readonly reconnects: number;
};

export const idle = (now: EpochMs): Connection => ({
  phase: 'idle',
  since: now,
  lastDataAt: null,
  freshSince: epochMs(0),
  failures: 0,
  reconnects: 0,
});

/** An attempt begins. What was down stays so, in the eyes of others, until data comes. */
export const connecting = (connection: Connection, now: EpochMs): Connection =>
  connection.phase === 'down' ? connection : { ...connection, phase: 'connecting', since: now };

/** The venue answered; subscriptions are on their way. */
export const subscribing = (connection: Connection, now: EpochMs): Connection =>
  connection.phase === 'connecting'
    ? { ...connection, phase: 'subscribing', since: now }
    : connection;

/** Data came: the connection stands; one that held for a minute forgives the failures before it (MD-21). */
export function received(connection: Connection, now: EpochMs): Connection {
  const { phase, lastDataAt, freshSince, reconnects } = connection;
  const stood = phase === 'up';
  const since = stood ? connection.since : now;
  const paused = lastDataAt !== null && (!stood || now - lastDataAt > FEED_SILENT_MS);
  return {
    phase: 'up',
    since,
    lastDataAt: now,
    freshSince: paused ? now : freshSince,
    failures: now - since >= STABLE_AFTER_MS ? 0 : connection.failures,
    reconnects: lastDataAt !== null && !stood ? reconnects + 1 : reconnects,
  };
}

/** It failed, or an attempt to make one did. */
export const failed = (connection: Connection, now: EpochMs): Connection => ({
  ...connection,
  phase: 'down',
  since: connection.phase === 'down' ? connection.since : now,
  failures: connection.failures + 1,
});

/** What is wanted cannot be had, however often it is asked for: no more attempts (MD-20). */
export const refused = (connection: Connection, now: EpochMs): Connection => ({
  ...connection,
  phase: 'failed',
  since: now,
});

/** Nobody wants anything of it any more. */
export const released = (connection: Connection, now: EpochMs): Connection =>
  connection.phase === 'idle' ? connection : { ...idle(now), reconnects: connection.reconnects };

export function stateOf(connection: Connection, now: EpochMs): ConnectionState {
  const { phase, lastDataAt, since, failures } = connection;
  switch (phase) {
    case 'idle':
      return 'IDLE';
    case 'failed':
      return 'FAILED';
    case 'down':
      return 'RECONNECTING';
    case 'connecting':
      return lastDataAt === null && failures === 0 ? 'CONNECTING' : 'RECONNECTING';
    case 'subscribing':
      return 'SUBSCRIBING';
    case 'up':
      return now - (lastDataAt ?? since) > FEED_SILENT_MS ? 'STALE' : 'LIVE';
  }
}

/** Milliseconds without data on a connection that stands. */
export const silenceOf = ({ lastDataAt, since }: Connection, now: EpochMs): number =>
  now - (lastDataAt ?? since);

/**
 * True when a connection that was tried at `triedAt` has said nothing for so long that it is to be
 * replaced: half-open connections look alive for ever (MD-22).
 */
export function isSilent(
  heard: { readonly frameAt: EpochMs | null; readonly dataAt: EpochMs | null },
  triedAt: EpochMs,
  now: EpochMs,
): boolean {
  const since = (at: EpochMs | null): number => now - Math.max(at ?? triedAt, triedAt);
  const silence = Math.min(since(heard.frameAt), since(heard.dataAt));
  return silence > NO_FRAME_MS || since(heard.dataAt) > NO_DATA_MS;
}
