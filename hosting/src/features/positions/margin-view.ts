import { marginKey, type MarginDoc } from '@tradewind/contracts/documents/risk';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import { toNumber } from '@tradewind/core/lib/units';
import { freshness } from '../../lib/freshness.ts';

type Held = MarginDoc['positions'][string];

/** How far a position on margin is from its liquidation. */
export type MarginView = {
  /** 1 = fresh, 0 = liquidation. */
  readonly health: number;
  readonly tone: 'positive' | 'neutral' | 'warning' | 'negative';
  /** What the desk does about it, in words; `null` = nothing. */
  readonly consequence: string | null;
  readonly liquidation: { readonly price: Price; readonly distancePct: number } | null;
};

/** By what the monitor made of it: it knows more than the health, how near the liquidation is above all. */
const ACTIONS: Readonly<Record<Held['action'], Pick<MarginView, 'tone' | 'consequence'>>> = {
  none: { tone: 'positive', consequence: null },
  notice: { tone: 'neutral', consequence: null },
  warn: { tone: 'warning', consequence: 'Nothing is added.' },
  reduce: { tone: 'negative', consequence: 'Half of it is being sold.' },
  close: { tone: 'negative', consequence: 'It is being closed before the venue does it.' },
};

/** The margin of one position as the venue told it last; `null` = nothing is known that is young enough. */
export function marginView(
  margin: MarginDoc | undefined,
  position: Pick<Held, 'symbol' | 'side'>,
  now: EpochMs,
): MarginView | null {
  const held = margin?.positions[marginKey(position)];
  if (margin === undefined || held === undefined || held.health === null) return null;
  if (freshness(margin, now).kind !== 'fresh') return null;
  const { liquidationPrice, markPrice } = held;
  return {
    health: held.health,
    ...ACTIONS[held.action],
    liquidation:
      liquidationPrice === null || markPrice === 0n
        ? null
        : {
            price: liquidationPrice,
            distancePct: 100 * (toNumber(liquidationPrice) / toNumber(markPrice) - 1),
          },
  };
}
