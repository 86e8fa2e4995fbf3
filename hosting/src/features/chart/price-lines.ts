import type { PositionDoc } from '@tradewind/contracts/documents/book';
import { toNumber } from '@tradewind/core/lib/units';

export type PriceLine = {
  readonly price: number;
  readonly title: string;
  readonly kind: 'entry' | 'stop' | 'target';
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
