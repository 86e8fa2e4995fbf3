import { livePriceDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import type { Trade } from '@tradewind/core/market/market';
import { createCoalescer } from './coalescer.ts';
import type { Followed, WorkerPorts } from './ports.ts';

const EVERY_MS = 1_000;
/** An unchanged price is written again after this, so that it does not look abandoned. */
const REFRESH_MS = 10_000;
/** Three times that (ARC-40). */
export const PRICE_MAX_AGE_MS = 30_000;

type Last = { readonly price: Price; readonly at: EpochMs };

/** The last price of each market, in memory and, at most once a second, in `livePrices/*`. */
export function createLivePrices(ports: WorkerPorts) {
  const { store, clock, log, origin } = ports;
  const last = new Map<string, Last>();
  const offered = new Map<string, { readonly price: Price; readonly wallAt: EpochMs }>();
  const symbols = new Map<string, string>();
  const writes = createCoalescer<Last>({
    everyMs: EVERY_MS,
    wallNow: clock.wallNow,
    write: (marketKey, { price, at }) =>
      store.set(paths.livePrice(marketKey), livePriceDoc, {
        marketKey,
        symbol: symbols.get(marketKey) ?? '',
        price,
        at,
        writtenAt: clock.wallNow(),
        maxAgeMs: PRICE_MAX_AGE_MS,
        source: 'ws',
        origin,
      }),
    onError: (marketKey, error) => {
      log.warn('a live price could not be written', { marketKey, error });
    },
  });
  const offer = (marketKey: string, value: Last): void => {
    offered.set(marketKey, { price: value.price, wallAt: clock.wallNow() });
    writes.offer(marketKey, value);
  };
  return {
    follow: ({ marketKey, symbol }: Followed): void => void symbols.set(marketKey, symbol),
    add: (trade: Trade): void => {
      const { marketKey, price, at } = trade;
      const known = last.get(marketKey);
      if (known !== undefined && at < known.at) return;
      last.set(marketKey, { price, at });
      const before = offered.get(marketKey);
      if (before === undefined || before.price !== price) offer(marketKey, { price, at });
    },
    /** Once a second: what waits, and what stood unchanged on a stream that lives. */
    tick: (isLive: boolean): void => {
      const now = clock.wallNow();
      if (isLive)
        for (const [marketKey, value] of last)
          if (now - (offered.get(marketKey)?.wallAt ?? 0) >= REFRESH_MS) offer(marketKey, value);
      writes.flush();
    },
    prices: (): ReadonlyMap<string, Price> =>
      new Map([...last].map(([marketKey, { price }]) => [marketKey, price])),
    /** Market time of the last trade. */
    lastAt: (marketKey: string): EpochMs | undefined => last.get(marketKey)?.at,
    drain: writes.drain,
  };
}
