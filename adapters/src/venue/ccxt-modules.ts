/**
 * ccxt's classes by venue. From sources all of ccxt is loaded when the first is asked for; a bundler
 * puts a map in the place of this module, which loads one venue's own code (see bundle-ccxt.ts).
 */

type Classes = Readonly<Record<string, unknown>>;
const pick = (exchanges: readonly string[], classes: unknown, venue: string): unknown =>
  exchanges.includes(venue) ? (classes as Classes)[venue] : undefined;

/** The class of ccxt.pro that streams `venue`; `undefined` when it has none. */
export async function streamClass(venue: string): Promise<unknown> {
  const { pro } = await import('ccxt');
  return pick(Object.keys(pro), pro, venue);
}

/** The class of ccxt that calls `venue`'s REST interface; `undefined` when it has none. */
export async function restClass(venue: string): Promise<unknown> {
  const { default: ccxt } = await import('ccxt');
  return pick(ccxt.exchanges, ccxt, venue);
}
