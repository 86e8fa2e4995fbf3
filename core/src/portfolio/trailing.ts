import { assetTypeOf, type AssetType } from '../instrument/asset.ts';
import type { Position, Protection } from './position.ts';
import { retrail, type ProtectionPcts } from './protection.ts';

/** Trailing distance of a type of asset in percent where nobody says another (06, section 5). */
export const TRAILING_PCT: Readonly<Record<AssetType, number>> = {
  regular: 0.5,
  forex: 0.5,
  meme: 17.5,
  stock: 1,
  option: 25,
};

const MEME_RANGE = { min: 15, max: 20 } as const;

/** The distance of a type of asset, as wished or as usual; that of a meme coin stays within 15 to 20 %. */
export function trailingPct(type: AssetType, wished: number | null): number {
  const pct = wished ?? TRAILING_PCT[type];
  return type === 'meme' ? Math.min(MEME_RANGE.max, Math.max(MEME_RANGE.min, pct)) : pct;
}

/** How a document wants positions protected, whatever they are in. */
export type ProtectionWish = Omit<ProtectionPcts, 'trailingStopPct'> & {
  /** `class` = what is usual for what is traded (PF-40); `null` = no trailing stop. */
  readonly trailingStopPct: number | 'class' | null;
};

/** What a wish comes to in one market. */
export function protectionPctsFor(
  { trailingStopPct, ...wish }: ProtectionWish,
  { marketKey, symbol }: Pick<Position, 'marketKey' | 'symbol'>,
): ProtectionPcts {
  if (trailingStopPct === null) return { ...wish, trailingStopPct };
  const wished = trailingStopPct === 'class' ? null : trailingStopPct;
  return { ...wish, trailingStopPct: trailingPct(assetTypeOf(marketKey, symbol), wished) };
}

const PROPORTION = 0.6;
const ABSOLUTE_PCT = 0.3;

/** Distance after a tightening (PF-47): three fifths, or 0.3 % for all; never wider than before. */
export const tightened = (pct: number, mode: 'proportional' | 'absolute'): number =>
  Math.min(pct, mode === 'proportional' ? pct * PROPORTION : ABSOLUTE_PCT);

/**
 * A protection whose trailing stop is nearer (PF-47); one without a trailing stop gets one at three fifths of its stop's
 * distance. Its stops only ever move in favour. Once for a position, whoever asks: asked twice it changes nothing.
 */
export function tighten(
  protection: Protection,
  side: Position['side'],
  mode: 'proportional' | 'absolute' = 'proportional',
): Protection {
  if (protection.tightened === true) return protection;
  const from = protection.trailingStopPct ?? protection.stopLossPct;
  return { ...retrail(protection, side, tightened(from, mode)), tightened: true };
}
