import type { AssetClass } from '../instrument/asset.ts';

/** Profit in percent at which a position of a class is sold, and while its class is over its cap (PF-81). */
const PROFIT_EXITS: Readonly<
  Record<AssetClass, { readonly normal: number; readonly over: number }>
> = {
  crypto: { normal: 25, over: 2 },
  stocks: { normal: 10, over: 1.5 },
  options: { normal: 100, over: 25 },
  forex: { normal: 10, over: 1.5 },
};

/** A position as allocation sees it; floats, for shares in percent. */
export type Allocated = {
  readonly positionId: string;
  readonly assetClass: AssetClass;
  readonly value: number;
  /** Unrealised result in percent of its cost; `null` = not known. */
  readonly pnlPct: number | null;
  /** Its own target in percent; `null` = none. */
  readonly targetPct: number | null;
};

/** Points of percent above its cap down to which a class is brought back. */
const SLACK_POINTS = 1;
/** So far above its cap a class is brought back by force (RSK-74). */
const FORCED = 1.25;

const byProfit = (a: Allocated, b: Allocated): number =>
  (b.pnlPct ?? -Infinity) - (a.pnlPct ?? -Infinity);

/**
 * Positions to sell because their profit is large enough for their class, or because their class has outgrown its cap
 * (PF-81, PF-82, RSK-74). Of a class over its cap the most profitable go first, until it is back under cap + 1 %; what
 * makes no profit is sold only where the class is beyond 1.25 times its cap. A position's own tighter target stays its own.
 *
 * @param capPct - cap of a class in percent of equity; `null` = none.
 */
export function allocationExits(
  positions: readonly Allocated[],
  equity: number,
  capPct: (assetClass: AssetClass) => number | null,
): readonly string[] {
  const exits: string[] = [];
  const classes = new Set(positions.map(({ assetClass }) => assetClass));
  for (const assetClass of classes) {
    const own = positions.filter((one) => one.assetClass === assetClass).toSorted(byProfit);
    const cap = capPct(assetClass);
    let held = own.reduce((sum, { value }) => sum + value, 0);
    const share = (): number => (equity > 0 ? (100 * held) / equity : Infinity);
    const { normal, over } = PROFIT_EXITS[assetClass];
    for (const one of own) {
      const isOver = cap !== null && share() > cap + SLACK_POINTS;
      const isForced = cap !== null && share() > FORCED * cap;
      const from = isOver ? over : normal;
      const isRipe = one.pnlPct !== null && one.pnlPct >= from;
      const keepsOwn = !isOver && one.targetPct !== null && one.targetPct < from;
      if (!isForced && (!isRipe || keepsOwn)) continue;
      exits.push(one.positionId);
      held -= one.value;
    }
  }
  return exits;
}
