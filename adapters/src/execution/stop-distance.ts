import { chunkDoc } from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { ageMs, minutes, type EpochMs } from '@tradewind/core/lib/time';
import { priceFromFloat, type Price } from '@tradewind/core/lib/units';
import type { StoreTx } from '../ledger/store.ts';

/** The reading that stops at a venue keep away by (PF-46). */
const READING = 'ATR_14@15m';
/** What is told every minute and is older than this is not known. */
const MAX_AGE_MS = minutes(20);
const HOUR_MS = 3_600_000;

/**
 * ATR(15m) of a market in quote, as the worker's analytics last told it; `null` where nobody tells, which leaves a stop
 * at the nearer distance of twice the trailing one.
 *
 * @param now Market time.
 */
export async function readAtr(
  tx: Pick<StoreTx, 'getMany'>,
  marketKey: string,
  now: EpochMs,
): Promise<Price | null> {
  const chunks = await tx.getMany(
    [now, now - HOUR_MS].map((at) => paths.chunk(marketKey, chunkId(at))),
    chunkDoc,
  );
  const told = chunks.find((chunk) => chunk !== undefined && chunk.analytics !== null)?.analytics;
  if (told === undefined || told === null || ageMs(told.asOf, now) > MAX_AGE_MS) return null;
  const value = told.readings[READING] ?? null;
  return value === null || !(value > 0) ? null : priceFromFloat(value, 'floor');
}
