/**
 * What executed a fill: `live` a venue with real money, `paper` a simulation on live prices, `recorded` and `synthetic`
 * one on recorded or made-up ones (ARC-26).
 */
export const FILL_ORIGINS = ['live', 'paper', 'recorded', 'synthetic'] as const;
export type FillOrigin = (typeof FILL_ORIGINS)[number];

/**
 * The origin of what an account executes for a book.
 *
 * @param simulated The account is a simulation: nothing there is real money.
 */
export const originOf = (
  book: { readonly origin: 'live' | 'recorded' | 'synthetic' },
  simulated: boolean,
): FillOrigin => {
  if (!simulated) return 'live';
  return book.origin === 'live' ? 'paper' : book.origin;
};

/** What no real venue executed is foreign to a live book (PF-35). */
export const isForeignTo = (
  { mode }: { readonly mode: string },
  { origin }: { readonly origin?: FillOrigin | undefined },
): boolean => mode !== 'paper' && origin !== undefined && origin !== 'live';

/** How many fills there are of each origin; `unmarked`: from before it was kept (PF-35). */
export type OriginCounts = Readonly<Record<FillOrigin | 'unmarked', number>>;

export function countOrigins(
  fills: readonly { readonly origin?: FillOrigin | undefined }[],
): OriginCounts {
  const counts = { live: 0, paper: 0, recorded: 0, synthetic: 0, unmarked: 0 };
  for (const { origin } of fills) counts[origin ?? 'unmarked'] += 1;
  return counts;
}
