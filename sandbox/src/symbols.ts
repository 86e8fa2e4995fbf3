import { marketKeyOf, type Instrument } from '@tradewind/core/instrument/instrument';
import { money, price, qty } from '@tradewind/core/lib/units';

/** Rules and a typical price of a market, as Binance spot has them. */
type Listing = {
  readonly tick: string;
  readonly lot: string;
  readonly minNotional: string;
  readonly anchor: number;
};

const usdt = (tick: string, lot: string, anchor: number): Listing => ({
  tick,
  lot,
  minNotional: '5',
  anchor,
});

/** Markets whose rules are known. The prices are only where the simulated market starts. */
const LISTINGS: Readonly<Record<string, Listing>> = {
  'BTC-USDT': usdt('0.01', '0.00001', 95_000),
  'ETH-USDT': usdt('0.01', '0.0001', 3_300),
  'SOL-USDT': usdt('0.01', '0.001', 180),
  'BNB-USDT': usdt('0.01', '0.001', 650),
  'XRP-USDT': usdt('0.0001', '0.1', 2.2),
  'ADA-USDT': usdt('0.0001', '0.1', 0.7),
  'DOGE-USDT': usdt('0.00001', '1', 0.2),
  'LINK-USDT': usdt('0.01', '0.01', 16),
  'LTC-USDT': usdt('0.01', '0.001', 95),
  'ETH-BTC': { tick: '0.00001', lot: '0.0001', minNotional: '0.0001', anchor: 0.035 },
  'LTC-BTC': { tick: '0.000001', lot: '0.001', minNotional: '0.0001', anchor: 0.001 },
  'XRP-ETH': { tick: '0.0000001', lot: '0.1', minNotional: '0.001', anchor: 0.0007 },
};

/** Quote currencies by which a venue's symbol is split, the longest first. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'TUSD', 'BUSD', 'USD', 'EUR', 'BTC', 'ETH', 'BNB', 'TRY'];

/** `BTC-USDT` as Binance writes it: `BTCUSDT`. */
export const venueSymbol = (symbol: string): string => symbol.replace('-', '');

/** `BTCUSDT` as we write it; `undefined` when no known quote currency ends it. */
export function fromVenueSymbol(text: string): string | undefined {
  const name = text.trim().toUpperCase();
  if (/^[A-Z0-9]+-[A-Z0-9]+$/.test(name)) return name;
  const bare = name.replace(/[/_]/, '');
  const quote = QUOTES.find((known) => bare.endsWith(known) && bare.length > known.length);
  return quote === undefined ? undefined : `${bare.slice(0, -quote.length)}-${quote}`;
}

/** Tick and lot as a file shows them: the most decimals that its prices and quantities have. */
export type Grid = { readonly tick: string; readonly lot: string };

const MIN_NOTIONAL: Readonly<Record<string, string>> = { BTC: '0.0001', ETH: '0.001', BNB: '0.01' };

/**
 * Instrument of a market: from the table where it is known, else on the grid of its data.
 *
 * @returns `undefined` for an unknown market without data to infer its grid from.
 */
export function instrumentOf(symbol: string, grid?: Grid): Instrument | undefined {
  const [base = '', quote = ''] = symbol.split('-');
  const known = LISTINGS[symbol];
  const minimum = known?.minNotional ?? MIN_NOTIONAL[quote] ?? '5';
  const steps = known ?? grid;
  if (steps === undefined) return undefined;
  return {
    marketKey: marketKeyOf('binance', 'spot', symbol),
    venue: 'binance',
    market: 'spot',
    symbol,
    base,
    quote,
    tickSize: price(steps.tick),
    lotSize: qty(steps.lot),
    minQty: qty(steps.lot),
    minNotional: money(minimum),
  };
}

/** Least value of a futures order, as Binance asks for most of them. */
const FUTURES_MIN_NOTIONAL = money('5');

/** The perpetuals of the spot markets that are quoted in USDT, on the same grid. */
export const futuresOf = (spot: readonly Instrument[]): Instrument[] =>
  spot
    .filter(({ quote }) => quote === 'USDT')
    .map((instrument) => ({
      ...instrument,
      market: 'futures',
      marketKey: marketKeyOf('binance', 'futures', instrument.symbol),
      minNotional: FUTURES_MIN_NOTIONAL,
    }));

/** Where the simulated market of a symbol starts; `undefined` when it is not in the table. */
export const anchorOf = (symbol: string): number | undefined => LISTINGS[symbol]?.anchor;

/** The markets that can be simulated. */
export const knownSymbols = (): readonly string[] => Object.keys(LISTINGS);
