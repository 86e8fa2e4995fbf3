import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import { POLL_MS } from '@tradewind/core/market/fallback';
import type { Feed } from './feeds.ts';
import type { Line } from './line.ts';
import { feedName, type WorkerPorts } from './ports.ts';

/** How often the stream's prices are compared with what REST says. */
const VERIFY_MS = 60_000;
/** While two sources disagree they are compared at this pace (MD-12). */
const DISPUTE_MS = 3_000;

export type RestPricesParts = {
  readonly isHeld: (marketKey: string) => boolean;
  /** True while a feed is silent or gone. */
  readonly needsPolling: (feed: Feed) => boolean;
  /** A price of REST that stands in for a silent stream: stops are judged by it (MD-62). */
  readonly onPrice: (marketKey: string, price: Price) => void;
};

/** What is to be asked now, and whether it stands in for the stream. */
type Question = { readonly lines: readonly Line[]; readonly isStandIn: boolean };

/** Asks REST for prices: while the stream is silent, and now and then whether it tells the truth. */
export function createRestPrices(ports: WorkerPorts, parts: RestPricesParts) {
  const { clock, log } = ports;
  const { isHeld, needsPolling, onPrice } = parts;
  const isUrgent = ({ market }: Line): number => Number(isHeld(market.marketKey));
  const turns = new WeakMap<Feed, { polledAt: number; verifiedAt: number; asking: boolean }>();
  const turnOf = (feed: Feed) => {
    const turn = turns.get(feed) ?? { polledAt: 0, verifiedAt: clock.wallNow(), asking: false };
    turns.set(feed, turn);
    return turn;
  };
  /** Markets that REST stands in for: all of a silent feed, and a silent one with a position (MD-61). */
  const silentOf = (feed: Feed, lines: readonly Line[], now: EpochMs): readonly Line[] =>
    needsPolling(feed)
      ? lines
      : lines.filter((line) => line.price.status(now) === 'stale' && isUrgent(line) === 1);
  const due = (feed: Feed, lines: readonly Line[]): Question | undefined => {
    const now = clock.wallNow();
    const turn = turnOf(feed);
    const silent = silentOf(feed, lines, now);
    if (silent.length > 0 && now - turn.polledAt >= POLL_MS) {
      turn.polledAt = now;
      return { lines: silent, isStandIn: true };
    }
    const disputed = lines.filter(({ price }) => price.isDisputed());
    const isDue = now - turn.verifiedAt >= VERIFY_MS;
    if (!isDue && (disputed.length === 0 || now - turn.verifiedAt < DISPUTE_MS)) return undefined;
    turn.verifiedAt = now;
    return { lines: isDue ? lines : disputed, isStandIn: false };
  };
  const ask = async (feed: Feed, { lines, isStandIn }: Question): Promise<void> => {
    // Where the venue tells one price at a time, markets with positions come first.
    const ordered = [...lines].sort((a, b) => isUrgent(b) - isUrgent(a));
    const data = ports.marketData(feed.key);
    const read = await data.lastPrices(ordered.map(({ market }) => market.symbol));
    if (!read.ok) {
      const reason = read.error.message;
      log.warn('prices could not be read over REST', { feed: feedName(feed.key), reason });
      return;
    }
    const receivedAt = clock.wallNow();
    for (const { market, price } of ordered) {
      const told = read.value.get(market.symbol);
      if (told === undefined) continue;
      if (price.onRest({ ...told, receivedAt }, isStandIn)) onPrice(market.marketKey, told.price);
      price.compare(receivedAt);
    }
  };
  /** Called once a second; one question at a time. */
  return (feed: Feed, lines: readonly Line[]): void => {
    const turn = turnOf(feed);
    if (turn.asking || lines.length === 0) return;
    const question = due(feed, lines);
    if (question === undefined) return;
    turn.asking = true;
    ask(feed, question)
      .catch((error: unknown) => {
        log.warn('REST could not be asked for prices', { feed: feedName(feed.key), error });
      })
      .finally(() => {
        turn.asking = false;
      });
  };
}
