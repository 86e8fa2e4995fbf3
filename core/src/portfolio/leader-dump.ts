import { minutes, type EpochMs } from '../lib/time.ts';
import { assetClassOf } from '../instrument/asset.ts';

/** A leader's price at a time; floats, for a move in percent. */
export type LeaderPrice = { readonly at: EpochMs; readonly price: number };

/** How far back a leader's prices count, market time. */
export const LEADER_WINDOW_MS = minutes(5);
const MOVE_PCT = 1.5;
const EVERY = minutes(15);
const FOLLOWS = 0.7;

/** Assets whose moves drag others of their class (PF-75). */
export const CRYPTO_LEADERS = ['BTC-USDT', 'ETH-USDT'] as const;

/**
 * Which way a leader has run: `fall` or `rise` of 1.5 % or more from the highest or lowest price within five minutes
 * (PF-75); `null` for less, or where the time before is not known.
 */
export function leaderMove(prices: readonly LeaderPrice[], now: EpochMs): 'fall' | 'rise' | null {
  const recent = prices.filter(
    ({ at, price }) => now - at <= LEADER_WINDOW_MS && at <= now && price > 0,
  );
  const last = recent.at(-1);
  if (last === undefined || recent.length < 2) return null;
  const highest = Math.max(...recent.map(({ price }) => price));
  const lowest = Math.min(...recent.map(({ price }) => price));
  if ((100 * (highest - last.price)) / highest >= MOVE_PCT) return 'fall';
  return (100 * (last.price - lowest)) / lowest >= MOVE_PCT ? 'rise' : null;
}

/** Whether a leader's move may be acted on: once per leader in fifteen minutes (PF-75). */
export const mayAct = (actedAt: EpochMs | undefined, now: EpochMs): boolean =>
  actedAt === undefined || now - actedAt >= EVERY;

/** Correlation of a position with a leader; unknown counts as 1 for crypto that is LONG (PF-77). */
export function correlationWith(
  { side, marketKey }: { readonly side: 'LONG' | 'SHORT'; readonly marketKey: string },
  known: number | null,
): number {
  if (known !== null && Number.isFinite(known)) return known;
  return side === 'LONG' && assetClassOf(marketKey) === 'crypto' ? 1 : 0;
}

/** Whether a position loses from a leader's move (PF-76): what gains from it stays. */
export function losesFrom(
  move: 'fall' | 'rise',
  side: 'LONG' | 'SHORT',
  correlation: number,
): boolean {
  const along = move === 'fall' ? correlation : -correlation;
  return side === 'LONG' ? along >= FOLLOWS : along <= -FOLLOWS;
}

/** Share of gross exposure that follows a leader (PF-60, P4); `null` when nothing is held. */
export function correlatedShare(
  holdings: readonly { readonly value: number; readonly correlation: number }[],
): number | null {
  const gross = holdings.reduce((sum, { value }) => sum + Math.abs(value), 0);
  if (!(gross > 0)) return null;
  const following = holdings.filter(({ correlation }) => Math.abs(correlation) >= FOLLOWS);
  return following.reduce((sum, { value }) => sum + Math.abs(value), 0) / gross;
}
