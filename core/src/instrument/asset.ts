import { marketKindOf } from './instrument.ts';

/** What allocation counts together (RSK-20). */
export type AssetClass = 'crypto' | 'stocks' | 'options' | 'forex';

/** What trailing distances go by (06, section 5). */
export type AssetType = 'regular' | 'meme' | 'forex' | 'stock' | 'option';

const MOST_NAMES = 10_000;

/** What is worked out of a name is asked for again and again; there are only so many names. */
function remembered<V>(workOut: (name: string) => V): (name: string) => V {
  const known = new Map<string, V>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const value = workOut(name);
    if (known.size < MOST_NAMES) known.set(name, value);
    return value;
  };
}

/** Class of a market by its key; what names no kind counts as crypto, whose caps are the tightest. */
export const assetClassOf: (marketKey: string) => AssetClass = remembered(classByKind);

function classByKind(marketKey: string): AssetClass {
  switch (marketKindOf(marketKey)) {
    case 'equity':
      return 'stocks';
    case 'option':
      return 'options';
    case 'forex':
      return 'forex';
    default:
      return 'crypto';
  }
}

/** What a symbol `BASE-QUOTE` trades. */
export const baseOf = (symbol: string): string => symbol.slice(0, symbol.lastIndexOf('-'));

const SECTORS: Readonly<Record<string, readonly string[]>> = {
  majors: ['BTC', 'ETH'],
  platforms: ['SOL', 'BNB', 'ADA', 'AVAX', 'DOT', 'TRX', 'NEAR', 'APT', 'SUI', 'TON', 'ATOM'],
  payments: ['XRP', 'XLM', 'LTC', 'BCH', 'DASH', 'XMR', 'ZEC'],
  defi: ['UNI', 'AAVE', 'MKR', 'CRV', 'LDO', 'COMP', 'SNX', 'LINK'],
  meme: ['DOGE', 'SHIB', 'PEPE', 'WIF', 'BONK', 'FLOKI', 'MEME', 'TRUMP', 'BRETT', 'POPCAT'],
};

const SECTOR_OF = new Map(
  Object.entries(SECTORS).flatMap(([sector, bases]) =>
    bases.map((base) => [base, sector] as const),
  ),
);

/** Sector of what a symbol trades; `null` when it is not known, which all such symbols share (RSK-75). */
export const sectorOf: (symbol: string) => string | null = remembered(
  (symbol) => SECTOR_OF.get(baseOf(symbol)) ?? null,
);

/** Type of what is traded. */
export function assetTypeOf(marketKey: string, symbol: string): AssetType {
  switch (assetClassOf(marketKey)) {
    case 'stocks':
      return 'stock';
    case 'options':
      return 'option';
    case 'forex':
      return 'forex';
    case 'crypto':
      return sectorOf(symbol) === 'meme' ? 'meme' : 'regular';
  }
}
