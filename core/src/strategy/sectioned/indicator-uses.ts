import { durationMs, type EpochMs } from '../../lib/time.ts';
import type { Timeframe } from '../../market/market.ts';
import type { Needs } from '../strategy.ts';

/** How long a variant that nobody uses any more is kept (STR-40). */
const KEEP_UNUSED = durationMs(60_000);

/** A variant that somebody uses in one session and market. */
export type IndicatorUse = {
  /** Canonical name: equal parameters are one variant (IND-09). */
  readonly variant: string;
  readonly marketKey: string;
  /** Timeframe of its bars; `window` for one on trades. */
  readonly series: Timeframe | 'window';
  /** How it is listed for people. */
  readonly name: `${string}_auto`;
  readonly createdBy: 'strategyLoader';
  /** Ids of the strategies that read it, each once. */
  readonly users: readonly string[];
  /** When the last user left; `null` while there is one. */
  readonly unusedSince: EpochMs | null;
};

/** Variants in use by `{session}/{market}/{timeframe or window}/{variant}`. Plain data; functions return a new one. */
export type IndicatorUses = Readonly<Record<string, IndicatorUse>>;

/** Who uses what where. */
export type Usage = {
  readonly sessionId: string;
  readonly marketKey: string;
  /** Of the strategy's document. */
  readonly user: string;
  readonly needs: Pick<Needs, 'variants' | 'windows'>;
};

type Place = Pick<IndicatorUse, 'variant' | 'series'> & { readonly key: string };

function placesOf({ sessionId, marketKey, needs }: Usage): Place[] {
  const place = (series: Place['series'], variant: string): Place => ({
    key: `${sessionId}/${marketKey}/${series}/${variant}`,
    variant,
    series,
  });
  const timeframes = Object.keys(needs.variants) as Timeframe[];
  return [
    ...timeframes.flatMap((timeframe) =>
      (needs.variants[timeframe] ?? []).map((name) => place(timeframe, name)),
    ),
    ...needs.windows.map((name) => place('window', name)),
  ];
}

/** Registers all that a strategy reads (STR-38). What is there already is reused; twice changes nothing. */
export function register(uses: IndicatorUses, usage: Usage): IndicatorUses {
  const next = { ...uses };
  for (const { key, variant, series } of placesOf(usage)) {
    const users = next[key]?.users ?? [];
    next[key] = {
      variant,
      marketKey: usage.marketKey,
      series,
      name: `${variant}_auto`,
      createdBy: 'strategyLoader',
      users: users.includes(usage.user) ? users : [...users, usage.user],
      unusedSince: null,
    };
  }
  return next;
}

/** Takes a strategy off all that it reads (STR-40). What nobody else uses is kept for a minute. */
export function release(uses: IndicatorUses, usage: Usage, at: EpochMs): IndicatorUses {
  const next = { ...uses };
  for (const { key } of placesOf(usage)) {
    const use = next[key];
    if (use?.users.includes(usage.user) !== true) continue;
    const users = use.users.filter((user) => user !== usage.user);
    next[key] = { ...use, users, unusedSince: users.length === 0 ? at : null };
  }
  return next;
}

/** Removes what nobody has used for a minute. */
export const sweep = (uses: IndicatorUses, at: EpochMs): IndicatorUses =>
  Object.fromEntries(
    Object.entries(uses).filter(
      ([, { unusedSince }]) => unusedSince === null || at - unusedSince < KEEP_UNUSED,
    ),
  );

/** Variants on trades that are in use, or were within the last minute, by market, each once and in order. */
export function windowsInUse(uses: IndicatorUses): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { marketKey, series, variant } of Object.values(uses)) {
    if (series !== 'window') continue;
    const names = found.get(marketKey) ?? new Set();
    found.set(marketKey, names.add(variant));
  }
  return new Map([...found].map(([marketKey, names]) => [marketKey, [...names].sort()]));
}
