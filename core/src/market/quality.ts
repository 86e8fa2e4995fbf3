import type { MarketKind } from '../instrument/instrument.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { isWithin, TOLERANCES } from './freshness.ts';

/** What a source of prices is to a market, from the most trusted to the least (01, section 2). */
export type SourceRole = 'stream' | 'rest' | 'quotes' | 'history' | 'news';

type Rights = {
  readonly rank: number;
  /** Multiplies the confidence of signals (MD-11). */
  readonly dataQuality: number;
  /** `setting`: only where `entriesOnFallback` allows it (MD-63). */
  readonly opensPositions: 'yes' | 'setting' | 'no';
  /** `whenDead`: only while the venue itself has been silent for a minute. */
  readonly pricesExits: 'yes' | 'whenDead' | 'no';
};

/** What each source may do. */
export const SOURCES: Readonly<Record<SourceRole, Rights>> = {
  /** The stream of the venue that would execute the trade. */
  stream: { rank: 1, dataQuality: 1, opensPositions: 'yes', pricesExits: 'yes' },
  /** The same venue, asked every 5 s. */
  rest: { rank: 2, dataQuality: 0.6, opensPositions: 'setting', pricesExits: 'yes' },
  /** A free quote source of many markets. */
  quotes: { rank: 3, dataQuality: 0.3, opensPositions: 'no', pricesExits: 'whenDead' },
  /** Long history and daily figures. */
  history: { rank: 4, dataQuality: 0, opensPositions: 'no', pricesExits: 'no' },
  /** News and fundamentals. */
  news: { rank: 5, dataQuality: 0, opensPositions: 'no', pricesExits: 'no' },
};

/** Sources that price a market of each kind, best first; one that is not there is passed over (MD-10). */
export const HIERARCHY: Readonly<Record<MarketKind, readonly SourceRole[]>> = {
  spot: ['stream', 'rest', 'quotes'],
  futures: ['stream', 'rest', 'quotes'],
  equity: ['stream', 'rest', 'quotes'],
  option: ['stream', 'rest'],
  forex: ['stream', 'quotes'],
  dex: ['rest'],
};

/** Silence of the venue's own sources after which an external quote may price an exit. */
export const DEAD_MS = 60_000;

/** Quality of what a source says; 0 without one (MD-11). */
export const dataQualityOf = (role: SourceRole | undefined): number =>
  role === undefined ? 0 : SOURCES[role].dataQuality;

/** A position may be opened on what this source says (MD-63). */
export const mayOpen = (
  role: SourceRole | undefined,
  { entriesOnFallback }: { readonly entriesOnFallback: boolean },
): boolean => {
  if (role === undefined) return false;
  const { opensPositions } = SOURCES[role];
  return opensPositions === 'yes' || (opensPositions === 'setting' && entriesOnFallback);
};

/**
 * An exit may be priced by what this source says.
 *
 * @param quoteAgeMs Age of its quote.
 * @param venueSilentMs How long the venue's stream and REST have said nothing.
 */
export function mayPriceExit(
  role: SourceRole | undefined,
  { quoteAgeMs, venueSilentMs }: { readonly quoteAgeMs: number; readonly venueSilentMs: number },
): boolean {
  if (role === undefined) return false;
  const { pricesExits } = SOURCES[role];
  if (pricesExits !== 'whenDead') return pricesExits === 'yes';
  return venueSilentMs > DEAD_MS && isWithin(quoteAgeMs, TOLERANCES.externalExit.maxMs);
}

/** What one source last said of a price. */
export type Said = {
  readonly role: SourceRole;
  /** Quote per base; undefined where it has no price. */
  readonly price: number | undefined;
  readonly ageMs: number;
};

/** The price to use, and how much it is worth. */
export type BestPrice = {
  readonly role: SourceRole;
  readonly price: number;
  readonly dataQuality: number;
  /** Told by a source below the venue's stream (MD-62). */
  readonly degraded: boolean;
};

/**
 * The price of the best source that has one young enough. None is an error, never zero and never the last one
 * known (MD-05).
 *
 * @param maxAgeMs By source; one without a limit is not asked.
 */
export function bestPrice(
  kind: MarketKind,
  said: readonly Said[],
  maxAgeMs: Readonly<Partial<Record<SourceRole, number>>>,
): Result<BestPrice, string> {
  for (const role of HIERARCHY[kind]) {
    const found = said.find((each) => each.role === role);
    if (found?.price === undefined || !(found.price > 0)) continue;
    if (!isWithin(found.ageMs, maxAgeMs[role] ?? -Infinity)) continue;
    const dataQuality = dataQualityOf(role);
    return ok({ role, price: found.price, dataQuality, degraded: role !== 'stream' });
  }
  return err(`no source has a price that is young enough; asked: ${HIERARCHY[kind].join(', ')}`);
}
