import type { Origin } from '@tradewind/core/market/market';

/** Every origin that an archive is kept for, the real one first. */
export const ORIGINS = ['live', 'recorded', 'synthetic'] as const satisfies readonly Origin[];

/**
 * Where the rows of an origin are kept: real ones at `location` itself, others below it in a folder named
 * after their origin, so that a simulated trade never passes for one that was paid for (ARC-26).
 *
 * @param location A folder, or `gs://bucket/prefix`.
 */
export const archiveAt = (location: string, origin: Origin): string =>
  origin === 'live' ? location : `${location.replace(/\/+$/, '')}/${origin}`;

/**
 * The origin by which a worker's rows are kept. A local desk's exchange gives real trades numbers of its own:
 * beside the venue's they would count twice, so that they are kept as recorded ones.
 */
export const keptAs = (origin: Origin, isRelayed: boolean): Origin =>
  origin === 'live' && isRelayed ? 'recorded' : origin;
