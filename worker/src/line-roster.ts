import type { EpochMs } from '@tradewind/core/lib/time';
import { createChunkWriter } from './chunks.ts';
import type { TellCondition } from './conditions.ts';
import { newLine, type Line } from './line.ts';
import { createMarketPrice } from './market-price.ts';
import { feedName, feedOf, type FeedKey, type Followed, type WorkerPorts } from './ports.ts';

/** A market that nobody wants any more stays for this long: bots stop and start again. */
const KEPT_MS = 600_000;
/** Above this share of the memory limit no market is added (MD-86). */
const MEMORY_SHARE = 0.7;

export type RosterParts = {
  readonly shard: string;
  readonly tell: TellCondition;
  /** Market time up to which somebody watched a market's prices before this session. */
  readonly seenBefore: (marketKey: string) => EpochMs | null;
  readonly onAdded: (line: Line) => void;
  readonly onRemoved: (line: Line) => void;
};

/** Which markets a shard follows. */
export type Roster = ReturnType<typeof createRoster>;

function lineOf(ports: WorkerPorts, market: Followed, key: FeedKey): Line {
  const { store, origin, clock, metrics, marketData } = ports;
  const { marketKey, symbol } = market;
  return newLine({
    market,
    key,
    data: marketData(key),
    counters: metrics.market(key.venue, symbol),
    chunks: createChunkWriter(store, { marketKey, origin }, clock.wallNow),
    price: createMarketPrice(market, key),
  });
}

export function createRoster(ports: WorkerPorts, parts: RosterParts) {
  const { clock, metrics } = ports;
  const lines = new Map<string, Line>();
  const unwanted = new Map<Line, number>();
  const add = (market: Followed, key: FeedKey): void => {
    const line = lineOf(ports, market, key);
    line.seenBefore = parts.seenBefore(market.marketKey);
    line.interrupted = line.seenBefore !== null;
    lines.set(market.marketKey, line);
    parts.onAdded(line);
  };
  const remove = (line: Line): void => {
    line.turn += 1;
    lines.delete(line.market.marketKey);
    unwanted.delete(line);
    metrics.forget(line.key.venue, line.market.symbol);
    parts.onRemoved(line);
  };
  /** Adds what is wanted and new; what memory has no room for is told. */
  const admit = (markets: readonly Followed[]): void => {
    const refused: string[] = [];
    for (const market of markets) {
      const key = feedOf(market.marketKey);
      if (key === undefined || lines.has(market.marketKey)) continue;
      if (ports.memoryInUse() > MEMORY_SHARE) refused.push(market.symbol);
      else add(market, key);
    }
    const message = `This worker's memory is in use: ${refused.join(', ')} cannot be followed. Give it more memory, or more shards.`;
    const trouble = refused.length === 0 ? null : { severity: 'CRITICAL' as const, message };
    parts.tell({ rule: 'worker_memory', label: parts.shard }, trouble);
  };
  return {
    all: (): readonly Line[] => [...lines.values()],
    get: (marketKey: string): Line | undefined => lines.get(marketKey),
    of: (key: FeedKey): readonly Line[] =>
      [...lines.values()].filter((line) => feedName(line.key) === feedName(key)),
    /** Once a second: what is wanted is begun, what nobody has wanted for a while is given up. */
    follow: (markets: readonly Followed[]): void => {
      admit(markets);
      const now = clock.wallNow();
      const wanted = new Set(markets.map(({ marketKey }) => marketKey));
      for (const line of lines.values()) {
        const since = unwanted.get(line);
        if (wanted.has(line.market.marketKey)) unwanted.delete(line);
        else if (since === undefined) unwanted.set(line, now);
        else if (now - since >= KEPT_MS) remove(line);
      }
    },
  };
}
