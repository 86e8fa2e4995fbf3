import { inDollars, splitSymbol } from '@tradewind/adapters/sources/parts';
import { toNumber, type Price } from '@tradewind/core/lib/units';
import { epochMs } from '@tradewind/core/lib/time';
import { outlierLimit } from '@tradewind/core/market/outlier';
import { DEAD_MS } from '@tradewind/core/market/quality';
import type { Line } from './line.ts';
import type { WorkerPorts } from './ports.ts';

/** A market is asked for again after this: external sources allow some dozens of calls a minute. */
const EVERY_MS = 30_000;
/** Without a position REST is asked once a minute, and takes its time: this much more is no death. */
const UNHELD_MORE_MS = 15_000;

export type OutsidePricesParts = {
  readonly isHeld: (marketKey: string) => boolean;
  readonly isWatched: () => boolean;
  /** A price that an exit may be decided on. */
  readonly onPrice: (marketKey: string, price: Price) => void;
};

type Quoted = { readonly price: Price; readonly currency: string | null };

/**
 * Why a quote is not believed; `null` where it may be the market's. Sources know coins by names that several
 * share: a price far from the venue's last one is another coin's, or too grave to act on unseen.
 */
function doubt({ market, key, price }: Line, quoted: Quoted): string | null {
  const [, quote] = splitSymbol(market.symbol);
  if (quoted.currency !== null && inDollars(quoted.currency) !== inDollars(quote))
    return `it is in ${quoted.currency}`;
  const known = price.price();
  if (known === undefined) return 'there is nothing to compare it with';
  const apart = Math.abs(toNumber(quoted.price) / toNumber(known) - 1);
  return apart <= outlierLimit(key.market) ? null : 'it is too far from the last one of the venue';
}

/**
 * Asks external sources for markets whose venue has told no price for a minute, by stream or REST, while a
 * position is open there or somebody looks (MD-10, rank 3). Only on a real market: a simulated book must not
 * be priced by what happens today. What is told may price exits while it is young, and never an entry.
 */
export function createOutsidePrices(ports: WorkerPorts, parts: OutsidePricesParts) {
  const { clock, log, origin, sources } = ports;
  const { isHeld, isWatched, onPrice } = parts;
  const askedAt = new WeakMap<Line, number>();
  let isAsking = false;

  const isDead = ({ market, price }: Line): boolean => {
    const heardAt = price.heardAt();
    const more = isHeld(market.marketKey) ? 0 : UNHELD_MORE_MS;
    return heardAt !== undefined && clock.wallNow() - heardAt > DEAD_MS + more;
  };
  const isDue = (line: Line): boolean =>
    (isHeld(line.market.marketKey) || isWatched()) &&
    isDead(line) &&
    clock.wallNow() - (askedAt.get(line) ?? -Infinity) >= EVERY_MS;
  const ask = async (line: Line, from: NonNullable<typeof sources>): Promise<void> => {
    const { market, key, price } = line;
    const { marketKey, symbol } = market;
    askedAt.set(line, clock.wallNow());
    const answer = await from.lastPrice({ market: key.market, symbol });
    if (!answer.ok) {
      log.warn('no external source has a price', { marketKey, reason: answer.error.message });
      return;
    }
    const { source, value } = answer.value;
    const reason = doubt(line, value);
    if (reason !== null) {
      log.warn('an external price is not believed', { marketKey, source, reason });
      return;
    }
    const now = clock.wallNow();
    const seen = { price: value.price, at: value.at, receivedAt: now };
    if (price.onExternal(seen, epochMs(now))) onPrice(marketKey, value.price);
  };
  const askAll = async (lines: readonly Line[], from: NonNullable<typeof sources>) => {
    for (const line of lines) await ask(line, from);
  };
  /** Called once a second; markets with positions first, one question at a time. */
  return (lines: readonly Line[]): void => {
    if (isAsking || origin !== 'live' || sources === null) return;
    const due = lines.filter(isDue);
    if (due.length === 0) return;
    const urgency = ({ market }: Line): number => Number(isHeld(market.marketKey));
    isAsking = true;
    askAll(
      [...due].sort((a, b) => urgency(b) - urgency(a)),
      sources,
    )
      .catch((error: unknown) => {
        log.warn('external sources could not be asked', { error });
      })
      .finally(() => {
        isAsking = false;
      });
  };
}
