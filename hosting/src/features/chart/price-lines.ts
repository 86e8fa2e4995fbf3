import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { ChunkDoc } from '@tradewind/contracts/documents/market';
import { toNumber } from '@tradewind/core/lib/units';

export type PriceLine = {
  readonly price: number;
  readonly title: string;
  readonly kind: 'entry' | 'stop' | 'target' | 'profile';
};

/** Entry, stops and target of the open positions of one market (UI-23). */
export const priceLines = (
  positions: readonly PositionDoc[],
  marketKey: string,
): readonly PriceLine[] =>
  positions
    .filter((position) => position.marketKey === marketKey)
    .flatMap(({ averageEntry, protection, strategyId }) => [
      { price: toNumber(averageEntry), title: `${strategyId} entry`, kind: 'entry' as const },
      { price: toNumber(protection.stopLoss), title: 'stop', kind: 'stop' as const },
      ...(protection.trailingStop === null
        ? []
        : [{ price: toNumber(protection.trailingStop), title: 'trailing', kind: 'stop' as const }]),
      { price: toNumber(protection.takeProfit), title: 'target', kind: 'target' as const },
    ]);

/** Point of control and value area of the latest profile of `timeframe` (IND-61, IND-62). */
export function profileLines(chunks: readonly ChunkDoc[], timeframe: string): readonly PriceLine[] {
  const profile = chunks
    .flatMap(({ profiles }) => profiles)
    .filter((one) => one.timeframe === timeframe)
    .reduce<ChunkDoc['profiles'][number] | undefined>(
      (latest, one) => (latest === undefined || one.asOf > latest.asOf ? one : latest),
      undefined,
    );
  if (profile === undefined) return [];
  return [
    { price: toNumber(profile.valueAreaHigh), title: 'VAH', kind: 'profile' },
    { price: toNumber(profile.poc), title: 'POC', kind: 'profile' },
    { price: toNumber(profile.valueAreaLow), title: 'VAL', kind: 'profile' },
  ];
}
