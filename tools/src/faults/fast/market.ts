import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { price, qty, type Price } from '@tradewind/core/lib/units';
import type { Exchange } from './exchange.ts';
import type { Data } from './memory-disk.ts';
import type { World } from './world.ts';

/** Prices that walk, a board that tells them, and whoever listens. */
export type Market = {
  readonly onTrade: (listener: (marketKey: string, price: Price) => void) => void;
  readonly start: () => void;
};

const FIRST_CENTS = 10_000;

const boardPrice = (symbol: string, text: string, now: Date): Data => ({
  symbol,
  // Decimal text has no zeros at its end.
  price: String(Number(text)),
  bid: null,
  ask: null,
  at: now,
  receivedAt: now,
  source: 'ws',
  stale: false,
  degraded: false,
  conflict: false,
  dataQuality: 1,
});

/**
 * Trades of others in some markets: most are small steps, and now and then there is a fall or a leap.
 * What is new stands on the board at once, as a worker that nothing happens to would write it.
 */
export function createMarket(
  world: World,
  exchange: Exchange,
  instruments: readonly Instrument[],
): Market {
  const { timeline, dice, disk } = world;
  const listeners: ((marketKey: string, price: Price) => void)[] = [];
  const prices: Record<string, Data> = {};
  /** Little trade makes orders fill in parts. */
  /** Percent. Where nothing stops it before, the larger ones liquidate a position that is leveraged enough. */
  const leaps: readonly [number, ...number[]] = exchange.market === 'spot' ? [-3, 5] : [-6, -3, 5];
  const lots = dice.pick([0.2, 2, 200, 200, 200]);
  const jumps = dice.pick([0, 0.04, 0.15]);
  const pace = dice.pick([1_000, 2_500, 4_000]);

  const trade = ({ marketKey, symbol }: Instrument, cents: number): number => {
    const text = (cents / 100).toFixed(2);
    const px = price(text);
    const size = qty((lots * (0.5 + dice.unit())).toFixed(4));
    exchange.trade(marketKey, { price: px, size });
    prices[marketKey] = boardPrice(symbol, text, new Date(timeline.now()));
    for (const listener of listeners) listener(marketKey, px);
    const pct = dice.chance(jumps) ? dice.pick(leaps) : (dice.unit() - 0.5) * 0.2;
    return Math.max(1_000, Math.round(cents * (1 + pct / 100)));
  };
  const tick = (cents: readonly number[]): void => {
    const next = instruments.map((instrument, index) =>
      trade(instrument, cents[index] ?? FIRST_CENTS),
    );
    const writtenAt = new Date(timeline.now());
    // Written as the schema would write it: this happens more often than all else together.
    disk.place(paths.board('worker-0'), {
      shard: 'worker-0',
      prices: { ...prices },
      origin: 'synthetic',
      writtenAt,
      maxAgeMs: 15_000,
    });
    // Nothing much happens once all harm is done.
    const wait = world.isCalm() ? 6_000 : pace;
    timeline.at(
      timeline.now() + dice.whole(wait / 2, wait * 1.5),
      () => {
        tick(next);
      },
      true,
    );
  };
  return {
    onTrade: (listener) => void listeners.push(listener),
    start: () => {
      tick([]);
    },
  };
}
