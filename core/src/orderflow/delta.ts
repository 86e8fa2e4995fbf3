import type { FlowSums } from './tick-window-read.ts';

/** What aggressors bought less what they sold (IND-45). Lots. */
export const deltaOf = ({ volume, buyVolume }: Pick<FlowSums, 'volume' | 'buyVolume'>): number =>
  2 * buyVolume - volume;

/** Mean sizes of aggressors' trades (IND-49). Lots; `null` for a side without trades. */
export type AverageSizes = { readonly buy: number | null; readonly sell: number | null };

/** Mean trade size of each side (IND-49). */
export function averageSizes({ volume, buyVolume, trades, buys }: FlowSums): AverageSizes {
  const sells = trades - buys;
  return {
    buy: buys > 0 ? buyVolume / buys : null,
    sell: sells > 0 ? (volume - buyVolume) / sells : null,
  };
}
