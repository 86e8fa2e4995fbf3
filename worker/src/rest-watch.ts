import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import { POLL_MS } from '@tradewind/core/market/fallback';
import { judgeSkew } from '@tradewind/core/market/skew';
import { isEverythingDead } from '@tradewind/core/market/staleness';
import type { Feed } from './feeds.ts';
import type { Line } from './line.ts';
import { feedName, type WorkerPorts } from './ports.ts';

/** How often the stream's prices and the venue's clock are compared with what REST says. */
const VERIFY_MS = 60_000;
/** While two sources disagree they are compared at this pace (MD-12). */
const DISPUTE_MS = 3_000;

export type RestWatchParts = {
  readonly shard: string;
  readonly linesOf: (feed: Feed) => readonly Line[];
  readonly isHeld: (marketKey: string) => boolean;
  /** True while a feed is silent, gone, or not trusted again yet. */
  readonly needsPolling: (feed: Feed) => boolean;
  /** A price of REST that stands in for a silent stream: stops are judged by it (MD-62). */
  readonly onPrice: (marketKey: string, price: Price) => void;
};

type Turns = { polledAt: number; verifiedAt: number; clockAt: number; asking: boolean };

/** Asks REST what the stream does not tell: prices while it is silent, and whether it tells the truth. */
export function createRestWatch(ports: WorkerPorts, parts: RestWatchParts) {
  const { clock, log, store } = ports;
  const { shard, linesOf, isHeld, needsPolling } = parts;
  const turns = new Map<Feed, Turns>();
  const alerted = new Set<string>();
  const now = (): EpochMs => clock.wallNow();
  const startedAt = now();
  const turnsOf = (feed: Feed): Turns => {
    const known = turns.get(feed) ?? { polledAt: 0, verifiedAt: now(), clockAt: 0, asking: false };
    turns.set(feed, known);
    return known;
  };

  /** Raises an alert once, and resolves it once. */
  const tell = (
    condition: { readonly rule: string; readonly label: string; readonly symbol: string | null },
    trouble: { readonly severity: 'WARNING' | 'CRITICAL'; readonly message: string } | null,
  ): void => {
    const key = { ...condition, bookId: null, now: now() };
    const id = `${condition.rule} ${condition.label} ${trouble?.severity ?? ''}`;
    const kin = [...alerted].filter((each) =>
      each.startsWith(`${condition.rule} ${condition.label} `),
    );
    if (trouble === null ? kin.length === 0 : kin.includes(id)) return;
    for (const each of kin) alerted.delete(each);
    if (trouble !== null) alerted.add(id);
    const work: Promise<unknown> =
      trouble === null
        ? resolveAlert(store, key)
        : raiseAlert(store, { ...key, ...trouble, details: { label: condition.label } });
    work.catch((error: unknown) => {
      log.warn('an alert could not be written', { error });
    });
  };

  /** Asks for last prices, markets with open positions first. */
  const ask = async (feed: Feed, lines: readonly Line[], isStandIn: boolean): Promise<void> => {
    const [first] = lines;
    if (first === undefined) return;
    const ordered = [...lines].sort(
      (a, b) => Number(isHeld(b.market.marketKey)) - Number(isHeld(a.market.marketKey)),
    );
    const read = await first.data.lastPrices(ordered.map(({ market }) => market.symbol));
    if (!read.ok) {
      log.warn('prices could not be read over REST', {
        feed: feedName(feed.key),
        reason: read.error.message,
      });
      return;
    }
    const receivedAt = now();
    for (const line of ordered) {
      const told = read.value.get(line.market.symbol);
      if (told === undefined) continue;
      const counts = line.price.onRest({ ...told, receivedAt }, isStandIn);
      if (counts) parts.onPrice(line.market.marketKey, told.price);
      line.price.compare(receivedAt);
    }
  };
  const measureClock = async (feed: Feed, line: Line): Promise<void> => {
    const read = await line.data.clock();
    if (!read.ok) return;
    feed.skewMs = Math.round(read.value.skewMs);
    const verdict = judgeSkew(feed.skewMs);
    const where = { rule: 'clock_skew', label: `${shard}_${feedName(feed.key)}`, symbol: null };
    const message = `The clock of ${feed.key.venue} and ours are ${feed.skewMs} ms apart.`;
    if (verdict === 'ok') tell(where, null);
    else
      tell(where, {
        severity: verdict === 'block' ? 'CRITICAL' : 'WARNING',
        message:
          verdict === 'block'
            ? `${message} Entries and signed requests are refused: set this machine's clock.`
            : message,
      });
  };
  const lookForDead = (feed: Feed, lines: readonly Line[]): void => {
    const held = lines.filter(({ market }) => isHeld(market.marketKey));
    const heard = held.map(({ price }) => price.heardAt() ?? startedAt);
    const dead = held.length > 0 && isEverythingDead(Math.max(...heard), now(), true);
    const symbols = held.map(({ market }) => market.symbol).join(', ');
    tell(
      { rule: 'market_data_dead', label: `${shard}_${feedName(feed.key)}`, symbol: null },
      dead
        ? {
            severity: 'CRITICAL',
            message: `No source has told a price of ${symbols} for a minute. Only orders that rest at the venue protect these positions; the emergency stop can flatten the book.`,
          }
        : null,
    );
  };
  /** What is due of one feed; one request at a time. */
  const look = async (feed: Feed): Promise<void> => {
    const lines = linesOf(feed);
    const turn = turnsOf(feed);
    const [first] = lines;
    if (first === undefined || turn.asking) return;
    turn.asking = true;
    try {
      const at = now();
      const silent = needsPolling(feed)
        ? lines
        : lines.filter(
            (line) => line.price.status(at) === 'stale' && isHeld(line.market.marketKey),
          );
      const disputed = lines.filter((line) => line.price.isDisputed());
      if (silent.length > 0 && at - turn.polledAt >= POLL_MS) {
        turn.polledAt = at;
        await ask(feed, silent, true);
      } else if (at - turn.verifiedAt >= VERIFY_MS) {
        turn.verifiedAt = at;
        await ask(feed, lines, false);
      } else if (disputed.length > 0 && at - turn.verifiedAt >= DISPUTE_MS) {
        turn.verifiedAt = at;
        await ask(feed, disputed, false);
      }
      if (at - turn.clockAt >= VERIFY_MS) {
        turn.clockAt = at;
        await measureClock(feed, first);
      }
    } finally {
      turn.asking = false;
    }
  };
  return {
    /** Called once a second. */
    tick: (feeds: readonly Feed[]): void => {
      for (const feed of feeds) {
        lookForDead(feed, linesOf(feed));
        for (const { market, price } of linesOf(feed))
          tell(
            { rule: 'price_conflict', label: market.marketKey, symbol: market.symbol },
            price.isConflicting()
              ? {
                  severity: 'WARNING',
                  message: `Stream and REST have disagreed about the price of ${market.symbol} for ten seconds: no entries.`,
                }
              : null,
          );
        look(feed).catch((error: unknown) => {
          log.warn('REST could not be asked', { feed: feedName(feed.key), error });
        });
      }
    },
  };
}
