import { marketKeyOf } from '@tradewind/core/instrument/instrument';
import { createNamer, recentIds, type Namer } from './trade-reader.ts';
import type { FeedChannel, StreamedMarket } from './venue.ts';

/** Ids of one market that are remembered: a venue repeats, if at all, its newest. */
const REMEMBERED = 2_000;

/** One market of a feed: who wants it, and which of its trades came already. */
export type Line = {
  readonly symbol: string;
  readonly marketKey: string;
  readonly wants: Readonly<Record<FeedChannel, number>>;
  /** False for an id that this connection has delivered. */
  readonly isNew: (tradeId: string) => boolean;
  /** Names its trades where the venue does not. */
  readonly name: Namer;
};

/** One channel of one symbol, as text that sorts and compares. */
export type Wish = `${FeedChannel} ${string}`;
export const wishOf = (channel: FeedChannel, symbol: string): Wish => `${channel} ${symbol}`;
export function partsOf(wish: Wish): readonly [channel: FeedChannel, symbol: string] {
  const at = wish.indexOf(' ');
  return [wish.slice(0, at) as FeedChannel, wish.slice(at + 1)];
}

/** The markets of a feed with the number of those who want each channel of them (MD-24). */
export function createLines({ venue, market }: StreamedMarket, changed: () => void) {
  const lines = new Map<string, Line & { readonly wants: Record<FeedChannel, number> }>();
  const lineOf = (symbol: string) => {
    let line = lines.get(symbol);
    if (line === undefined) {
      const marketKey = marketKeyOf(venue, market, symbol);
      const { isNew } = recentIds(REMEMBERED);
      const wants = { trades: 0, quotes: 0 };
      line = { symbol, marketKey, wants, isNew, name: createNamer() };
      lines.set(symbol, line);
    }
    return line;
  };
  return {
    get: (symbol: string): Line | undefined => lines.get(symbol),
    subscribe: (symbol: string, channel: FeedChannel): (() => void) => {
      const { wants } = lineOf(symbol);
      wants[channel] += 1;
      if (wants[channel] === 1) changed();
      let released = false;
      return () => {
        if (released) return;
        released = true;
        wants[channel] -= 1;
        if (wants[channel] === 0) changed();
      };
    },
    wanted: (): Set<Wish> => {
      const wanted = new Set<Wish>();
      for (const { symbol, wants } of lines.values())
        for (const channel of ['trades', 'quotes'] as const)
          if (wants[channel] > 0) wanted.add(wishOf(channel, symbol));
      return wanted;
    },
  };
}
export type Lines = ReturnType<typeof createLines>;
