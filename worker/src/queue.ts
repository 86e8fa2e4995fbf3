import {
  lanesInit,
  lanesOffer,
  lanesPressure,
  lanesTake,
  type Dropped,
  type LaneItem,
  type Lanes,
} from '@tradewind/core/market/lanes';
import { slowInit, slowNext } from '@tradewind/core/market/slow-handlers';
import type { Tick } from '@tradewind/core/market/tick';
import type { TellCondition } from './conditions.ts';
import type { WorkerPorts } from './ports.ts';

/** Work goes on for so long before sockets and timers get their turn. */
const TURN_MS = 4;
/** How often the clock is looked at meanwhile: every so many trades. */
const LOOK_EVERY = 32;

/** Trades of a market, as they leave the queue. */
export type QueuedTrades = Exclude<LaneItem<never>, { readonly kind: 'event' }>;

export type QueueEvents = {
  readonly shard: string;
  readonly tell: TellCondition;
  readonly process: (item: QueuedTrades) => void;
  readonly onDropped: (dropped: Dropped) => void;
  readonly hasPosition: (marketKey: string) => boolean;
  /** Three slow calls within a minute: from now on it is offered as slow (MD-74). */
  readonly onSlow: (marketKey: string) => void;
};

/**
 * The bounded queue between the receipt of trades and their analytics (MD-70). Orders, positions and risk
 * never wait in it: stops are judged when a trade arrives (MD-71).
 */
export type Queue = {
  readonly offer: (marketKey: string, tick: Tick, isSlow: boolean) => void;
  /** Processes for a few milliseconds, and goes on when others had their turn. */
  readonly drain: () => void;
  /** True while trades wait. */
  readonly isBusy: () => boolean;
  readonly depth: () => number;
  /** Once a second. */
  readonly tick: () => void;
};

const PRESSURE =
  'More trades arrive than this worker can process: trades of markets without a position are dropped. Give it more shards or a larger machine.';

export function createQueue(ports: WorkerPorts, events: QueueEvents): Queue {
  const { clock, log, metrics, precise } = ports;
  const main = lanesInit<never>();
  const slow = lanesInit<never>();
  const slowness = slowInit();
  let scheduled = false;

  /** Processes one item. False when nothing waits. */
  const one = (): boolean => {
    const item = lanesTake(main) ?? lanesTake(slow);
    if (item === undefined || item.kind === 'event') return false;
    const startedAt = precise();
    events.process(item);
    const tookMs = precise() - startedAt;
    const handler = `analytics ${item.marketKey}`;
    const verdict = slowNext(slowness, { handler, tookMs, now: clock.wallNow() });
    if (verdict !== 'fine') log.warn('a handler is slow', { handler, tookMs: Math.round(tookMs) });
    if (verdict === 'isolate') events.onSlow(item.marketKey);
    return true;
  };
  const drain = (): void => {
    const until = precise() + TURN_MS;
    for (let n = 1; one(); n += 1) if (n % LOOK_EVERY === 0 && precise() >= until) break;
    if (main.depth + slow.depth === 0 || scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      drain();
    });
  };
  const offerTo = (lanes: Lanes<never>, marketKey: string, tick: Tick): void => {
    const { hasPosition } = events;
    const dropped = lanesOffer(lanes, { marketKey, tick, hasPosition, now: clock.wallNow() });
    if (dropped !== undefined) events.onDropped(dropped);
  };
  return {
    offer: (marketKey, tick, isSlow) => {
      offerTo(isSlow ? slow : main, marketKey, tick);
    },
    drain,
    isBusy: () => main.depth + slow.depth > 0,
    depth: () => main.depth + slow.depth,
    tick: () => {
      metrics.queue('main', main.depth);
      metrics.queue('slow', slow.depth);
      // MD-73.
      const { isCritical } = lanesPressure(main, clock.wallNow());
      const key = { rule: 'market_data_pressure', label: events.shard };
      events.tell(key, isCritical ? { severity: 'CRITICAL', message: PRESSURE } : null);
    },
  };
}
