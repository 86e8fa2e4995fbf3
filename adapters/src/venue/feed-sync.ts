import { setTimeout as delay } from 'node:timers/promises';
import { partsOf, type Lines, type Wish } from './feed-lines.ts';
import type { VenueStream } from './stream-client.ts';
import type { FeedChannel } from './venue.ts';

/** Changes of what is wanted are gathered this long: venues count the messages that they get. */
const CHANGE_EVERY_MS = 250;

const symbolsOf = (wishes: readonly Wish[], channel: FeedChannel): string[] =>
  wishes.map(partsOf).flatMap(([of, symbol]) => (of === channel ? [symbol] : []));

/** Makes the venue send what is wanted and nothing else, one change at a time. */
export function createSync(parts: {
  readonly lines: Lines;
  readonly open: () => Promise<VenueStream>;
  readonly unlisted: (symbol: string) => void;
  readonly follow: (stream: VenueStream, symbols: readonly string[]) => void;
  readonly isOver: () => boolean;
}) {
  const { lines, unlisted } = parts;
  /** What the venue was asked for, or is known not to have. */
  const asked = new Set<Wish>();
  /** What it goes on sending although nobody wants it: it cannot be told. */
  const stuck = new Set<Wish>();
  const leave = async (stream: VenueStream): Promise<void> => {
    const wanted = lines.wanted();
    const gone = [...asked].filter((wish) => !wanted.has(wish) && !stuck.has(wish));
    for (const channel of ['trades', 'quotes'] as const) {
      const symbols = symbolsOf(gone, channel);
      if (symbols.length === 0) continue;
      const left = await stream.leave(channel, symbols);
      for (const symbol of symbols)
        if (left) asked.delete(`${channel} ${symbol}`);
        else stuck.add(`${channel} ${symbol}`);
    }
  };
  const join = (stream: VenueStream): void => {
    const added = [...lines.wanted()].filter((wish) => !asked.has(wish));
    for (const wish of added) asked.add(wish);
    for (const channel of ['trades', 'quotes'] as const) {
      const symbols = symbolsOf(added, channel);
      for (const symbol of symbols) if (stream.unified(symbol) === undefined) unlisted(symbol);
      const listed = symbols.filter((symbol) => stream.unified(symbol) !== undefined);
      parts.follow(stream, listed);
      if (listed.length > 0) stream.join(channel, listed);
    }
  };
  const isDone = (): boolean => {
    const wanted = lines.wanted();
    return (
      [...wanted].every((wish) => asked.has(wish)) &&
      [...asked].every((wish) => wanted.has(wish) || stuck.has(wish))
    );
  };
  return async (): Promise<void> => {
    while (!isDone() && !parts.isOver()) {
      const stream = await parts.open();
      if (parts.isOver()) return;
      await leave(stream);
      join(stream);
      await delay(CHANGE_EVERY_MS, undefined, { ref: false });
    }
  };
}
