import type { PositionDoc } from '@tradewind/contracts/documents/book';
import { toNumber, type Price } from '@tradewind/core/lib/units';

/** Where entry and current price lie between stop (0) and target (100), in percent of the way. */
export type RangeView = { readonly entry: number; readonly now: number };

const clamp = (x: number): number => Math.min(100, Math.max(0, x));

/** `undefined` when stop and target do not enclose anything. The nearer stop counts. */
export function rangeView(
  position: PositionDoc,
  current: Price | undefined,
): RangeView | undefined {
  const { stopLoss, takeProfit, trailingStop } = position.protection;
  if (current === undefined) return undefined;
  const low = toNumber(trailingStop === null || trailingStop < stopLoss ? stopLoss : trailingStop);
  const high = toNumber(takeProfit);
  if (high === low) return undefined;
  const place = (px: Price): number => clamp(((toNumber(px) - low) / (high - low)) * 100);
  return { entry: place(position.averageEntry), now: place(current) };
}
