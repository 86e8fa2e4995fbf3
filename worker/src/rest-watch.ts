import { judgeSkew } from '@tradewind/core/market/skew';
import { isEverythingDead } from '@tradewind/core/market/staleness';
import type { TellCondition } from './conditions.ts';
import type { Feed } from './feeds.ts';
import type { Line } from './line.ts';
import { feedName, type WorkerPorts } from './ports.ts';
import { createOutsidePrices } from './outside-prices.ts';
import { createRestPrices, type RestPricesParts } from './rest-prices.ts';

/** How often the venue's clock is compared with ours (MD-25). */
const CLOCK_MS = 60_000;

export type RestWatchParts = RestPricesParts & {
  readonly shard: string;
  readonly linesOf: (feed: Feed) => readonly Line[];
  readonly tell: TellCondition;
  /** Somebody looks at prices. */
  readonly isWatched: () => boolean;
};

/** Measures the venue's clock each minute: a second of difference warns, five refuse entries (MD-25). */
function createClockWatch(ports: WorkerPorts, { shard, tell }: RestWatchParts) {
  const { clock, log } = ports;
  const askedAt = new WeakMap<Feed, number>();
  const measure = async (feed: Feed): Promise<void> => {
    const read = await ports.marketData(feed.key).clock();
    if (!read.ok) return;
    feed.skewMs = Math.round(read.value.skewMs);
    const verdict = judgeSkew(feed.skewMs);
    const key = { rule: 'clock_skew', label: `${shard}_${feedName(feed.key)}` };
    const apart = `The clock of ${feed.key.venue} and ours are ${feed.skewMs} ms apart`;
    if (verdict === 'ok') tell(key, null);
    else if (verdict === 'warn') tell(key, { severity: 'WARNING', message: `${apart}.` });
    else
      tell(key, {
        severity: 'CRITICAL',
        message: `${apart}: entries and signed requests are refused. Set this machine's clock.`,
      });
  };
  return (feed: Feed): void => {
    const now = clock.wallNow();
    if (now - (askedAt.get(feed) ?? -Infinity) < CLOCK_MS) return;
    askedAt.set(feed, now);
    measure(feed).catch((error: unknown) => {
      log.warn("the venue's clock could not be read", { feed: feedName(feed.key), error });
    });
  };
}

/** Asks REST what the stream does not tell, and tells of prices that nobody should act on. */
export function createRestWatch(ports: WorkerPorts, parts: RestWatchParts) {
  const { clock } = ports;
  const { shard, linesOf, isHeld, tell } = parts;
  const startedAt = clock.wallNow();
  const askPrices = createRestPrices(ports, parts);
  const watchClock = createClockWatch(ports, parts);
  const askOutside = createOutsidePrices(ports, parts);
  /** MD-66. */
  const lookForDead = (feed: Feed, lines: readonly Line[]): void => {
    const held = lines.filter(({ market }) => isHeld(market.marketKey));
    const heardAt = Math.max(startedAt, ...held.map(({ price }) => price.heardAt() ?? startedAt));
    const isDead = isEverythingDead(heardAt, clock.wallNow(), held.length > 0);
    const symbols = held.map(({ market }) => market.symbol).join(', ');
    const message = `No source has told a price of ${symbols} for a minute. Only orders that rest at the venue protect these positions; the emergency stop can flatten the book.`;
    const key = { rule: 'market_data_dead', label: `${shard}_${feedName(feed.key)}` };
    tell(key, isDead ? { severity: 'CRITICAL', message } : null);
  };
  /** MD-12. */
  const lookForConflict = ({ market, price }: Line): void => {
    const { marketKey, symbol } = market;
    const message = `Stream and REST have disagreed about the price of ${symbol} for ten seconds: no entries.`;
    const trouble = price.isConflicting() ? { severity: 'WARNING' as const, message } : null;
    tell({ rule: 'price_conflict', label: marketKey, symbol }, trouble);
  };
  return {
    /** Called once a second. */
    tick: (feeds: readonly Feed[]): void => {
      for (const feed of feeds) {
        const lines = linesOf(feed);
        if (lines.length === 0) continue;
        lookForDead(feed, lines);
        lines.forEach(lookForConflict);
        askPrices(feed, lines);
        watchClock(feed);
      }
      askOutside(feeds.flatMap(linesOf));
    },
  };
}
