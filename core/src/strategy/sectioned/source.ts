import { conditionVariant } from '../../indicator/variant-name.ts';
import { toNumber } from '../../lib/units.ts';
import type { Context } from '../strategy.ts';

/** Profit of the open position in percent of its average entry; losses are negative. Known only while held. */
export const PROFIT = 'profit_pct';

/** Where a condition's value comes from. */
export type Source =
  | { readonly kind: 'variant'; readonly name: string; readonly needs: 'bar' | 'window' }
  /** The last trade up to the close: that of the bar. */
  | { readonly kind: 'price'; readonly name: 'price' }
  | { readonly kind: 'profit'; readonly name: typeof PROFIT };

/**
 * The source that a condition names (IND-40), its own numbers before the defaults (STR-38).
 *
 * @throws RangeError for a name that the schema refuses.
 */
export function sourceOf(condition: string, params: readonly number[]): Source {
  if (condition === PROFIT) return { kind: 'profit', name: PROFIT };
  const variant = conditionVariant(condition, params);
  if (!variant.ok) throw new RangeError(`Invariant: ${variant.error.message}`);
  const { id, kind } = variant.value;
  if (id === 'PRICE') return { kind: 'price', name: 'price' };
  return { kind: 'variant', name: id, needs: kind === 'bar' ? 'bar' : 'window' };
}

type Seen = Pick<Context<unknown, unknown>, 'bar' | 'facts' | 'value'>;

/** Its value as of the bar; `null` where it is not known, never a default (STR-33). */
export function readSource(source: Source, { bar, facts, value }: Seen): number | null {
  switch (source.kind) {
    case 'price':
      return bar.close;
    case 'variant':
      return value(source.name) ?? null;
    case 'profit': {
      if (facts.position === null) return null;
      const entry = toNumber(facts.position.averageEntry);
      const gain = (100 * (bar.close - entry)) / entry;
      return facts.position.side === 'LONG' ? gain : -gain;
    }
  }
}
