/**
 * What ccxt's handlers of any venue make of a frame ends in `client.trades[symbol].append(trade)` and
 * `client.bidsasks[symbol] = ticker`. Objects of ours in those places hear of each trade and quote the
 * moment it is read, once, and keep nothing: no cache to search, none that overflows.
 */

const SYMBOLS = /^[A-Z0-9$_.]{1,30}\//i;

/** What stands for every symbol's cache of trades: an empty list that passes on what is put into it. */
function tradeSink(heard: (raw: unknown) => void): readonly unknown[] {
  return Object.assign<unknown[], object>([], {
    append: heard,
    getLimit: (): number => 0,
    clear: (): void => undefined,
  });
}

/** In the place of `client.trades`. */
export function tradeCaches(heard: (raw: unknown) => void): object {
  const sink = tradeSink(heard);
  return new Proxy(
    {},
    {
      get: (_, symbol) => (typeof symbol === 'string' && SYMBOLS.test(symbol) ? sink : undefined),
      has: (_, symbol) => typeof symbol === 'string' && SYMBOLS.test(symbol),
      set: () => true,
      deleteProperty: () => true,
    },
  );
}

/** In the place of `client.bidsasks`: some venues' handlers read back what they put there. */
export function quoteCaches(heard: (symbol: string, raw: unknown) => void): object {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      set: (kept, symbol, raw: unknown) => {
        if (typeof symbol !== 'string') return true;
        kept[symbol] = raw;
        heard(symbol, raw);
        return true;
      },
    },
  );
}
