import { barVariant, type BarVariantState } from '../indicator/variants.ts';
import type { BarValues } from '../market/bar.ts';
import { INDICATOR_SERIES, type AnalyticsConfig, type IndicatorSeries } from './config.ts';

/** A further variant on the closed bars of one series. JSON-able. */
export type Extra = {
  /** As parsed: variants of the same parameters share one (IND-09). */
  readonly name: string;
  readonly state: BarVariantState;
  /** As of the last closed bar; `null` until ready and where not defined. */
  value: number | null;
};

/** The further variants of each series. @throws RangeError for a name that is none, saying what is wrong. */
export function extrasInit({
  variants,
}: Pick<AnalyticsConfig, 'variants'>): Record<IndicatorSeries, Extra[]> {
  const extras: Record<IndicatorSeries, Extra[]> = {
    '15s': [],
    '1m': [],
    '5m': [],
    '15m': [],
    '1h': [],
  };
  for (const series of INDICATOR_SERIES)
    for (const { series: wanted, name } of variants) {
      if (wanted !== series) continue;
      const { variant, init } = barVariant(name);
      if (extras[series].some((known) => known.name === variant.id)) continue;
      extras[series].push({ name: variant.id, state: init(), value: null });
    }
  return extras;
}

/** Feeds one closed bar to the further variants of its series, in place. */
export function extrasNext(extras: readonly Extra[], bar: BarValues): void {
  for (const extra of extras) extra.value = barVariant(extra.name).next(extra.state, bar) ?? null;
}
