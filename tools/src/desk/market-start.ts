import { epochMs, type EpochMs, type MarketClock } from '@tradewind/core/lib/time';
import * as z from 'zod';
import { Fault } from '../lib/fault.ts';
import { callJson } from '../lib/http.ts';
import type { DeskRecord } from './desk-record.ts';
import type { Feed } from './feed.ts';

/** A replay begins this much after all is ready, so that functions and worker hear its first trade. */
const LEAD_MS = 8_000;

/** A clock that stands still (market time moves a second in eleven days) until the real one is set. */
export const standingClock = (now: EpochMs, marketAt: number): MarketClock => ({
  origin: epochMs(marketAt),
  startedAt: now,
  speed: 1e-6,
});

const state = z.looseObject({
  feed: z.looseObject({
    firstAt: z.number().nullable(),
    lastAt: z.number().nullable(),
    badRows: z.number().optional(),
  }),
});

/** What the sandbox's feed says of itself. */
export const readFeed = async (sandboxPort: number) =>
  state.parse(await callJson({ method: 'GET', port: sandboxPort, path: '/admin/state' })).feed;

/**
 * The market's clock of a desk that is about to run: the wall clock, or in a replay one that begins
 * at the first trade, or where the former desk was left. @throws Fault when the recording is over.
 */
export async function marketClock(
  feed: Feed,
  {
    sandboxPort,
    record,
  }: { readonly sandboxPort: number; readonly record: DeskRecord | undefined },
): Promise<MarketClock> {
  const now = Date.now();
  if (feed.kind !== 'file') return { origin: epochMs(now), startedAt: epochMs(now), speed: 1 };
  const { firstAt, lastAt } = await readFeed(sandboxPort);
  if (firstAt === null || lastAt === null)
    throw new Fault(`${feed.path} holds no trades to replay.`);
  const origin = record?.marketAt ?? firstAt;
  if (origin >= lastAt)
    throw new Fault(
      `The recording ${feed.path} ended where the former desk was left.\nPlay it again with --fresh.`,
    );
  return { origin: epochMs(origin), startedAt: epochMs(now + LEAD_MS), speed: feed.speed };
}

/** Sets the sandbox's clock. */
export const setSandboxClock = (port: number, clock: MarketClock): Promise<unknown> =>
  callJson({ method: 'POST', port, path: '/admin/clock', body: clock });
