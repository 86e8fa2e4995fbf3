/** What a column of a file can be, beside all that is left out. */
export type Role =
  | 'ts'
  | 'received'
  | 'id'
  | 'price'
  | 'size'
  | 'side'
  | 'buyerIsMaker'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'volume'
  | 'buyVolume'
  | 'quoteVolume'
  | 'trades';

/** Names that exchanges and data sellers give their columns, in lower case without `_`, `-` and spaces. */
const NAMES: Readonly<Record<Role, readonly string[]>> = {
  ts: [
    'ts',
    'time',
    'timestamp',
    'opentime',
    'datetime',
    'date',
    'tradetime',
    'transacttime',
    'start',
    'startat',
    'openat',
  ],
  received: ['received', 'receivedat', 'recvns', 'recvts', 'recvtime', 'localtimestamp'],
  id: ['id', 'tradeid', 'tid', 'aggtradeid', 'aggid'],
  price: ['price', 'p', 'px', 'rate'],
  size: ['qty', 'size', 'amount', 'volume', 'quantity', 'q', 'vol'],
  side: ['side', 'takerside', 'direction', 'aggressor', 'aggressorside'],
  buyerIsMaker: ['isbuyermaker', 'buyerismaker', 'wasthebuyerthemaker', 'm'],
  open: ['open', 'o', 'openprice'],
  high: ['high', 'h', 'highprice', 'max'],
  low: ['low', 'l', 'lowprice', 'min'],
  close: ['close', 'c', 'closeprice', 'last'],
  volume: ['volume', 'vol', 'v', 'amount', 'qty', 'size', 'basevolume'],
  buyVolume: ['buyvolume', 'takerbuybasevolume', 'takerbuyvolume', 'takerbuybaseassetvolume'],
  quoteVolume: ['quotevolume', 'quoteassetvolume', 'turnover'],
  trades: ['trades', 'count', 'numberoftrades', 'tradecount', 'n'],
};
const TICK_ROLES: readonly Role[] = [
  'ts',
  'received',
  'id',
  'price',
  'size',
  'side',
  'buyerIsMaker',
];
const BAR_ROLES: readonly Role[] = [
  'ts',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'buyVolume',
  'quoteVolume',
  'trades',
];

/** Binance's public files have no header: their columns by number. */
const HEADERLESS: readonly (readonly string[])[] = [
  // Trades of spot and of futures, aggregated trades, candles.
  ['id', 'price', 'qty', 'quote_qty', 'time', 'is_buyer_maker', 'best_match'],
  ['id', 'price', 'qty', 'quote_qty', 'time', 'is_buyer_maker'],
  ['agg_trade_id', 'price', 'qty', 'first_id', 'last_id', 'time', 'is_buyer_maker', 'best_match'],
  [
    'open_time',
    'open',
    'high',
    'low',
    'close',
    'volume',
    'close_time',
    'quote_volume',
    'count',
    'taker_buy_volume',
    'taker_buy_quote_volume',
    'ignore',
  ],
  ['open_time', 'open', 'high', 'low', 'close', 'volume'],
];

export type Roles = Partial<Readonly<Record<Role, string>>>;
export type Columns =
  | { readonly isFound: true; readonly table: 'ticks' | 'bars'; readonly roles: Roles }
  | { readonly isFound: false; readonly fault: string };

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

function pick(names: readonly string[], roles: readonly Role[]): Roles {
  const found: Partial<Record<Role, string>> = {};
  for (const role of roles)
    for (const wanted of NAMES[role]) {
      const name = names.find((candidate) => plain(candidate) === wanted);
      if (name === undefined || Object.values(found).includes(name)) continue;
      found[role] = name;
      break;
    }
  return found;
}

const missing = (roles: Roles, wanted: readonly Role[]): Role[] =>
  wanted.filter((role) => roles[role] === undefined);

/**
 * Finds out what the columns of a file are, by their names.
 *
 * @param table - What the file is known to hold; left out, candles where it has open, high, low and close.
 */
export function detectColumns(names: readonly string[], table?: 'ticks' | 'bars'): Columns {
  const bars = pick(names, BAR_ROLES);
  const ticks = pick(names, TICK_ROLES);
  const isBars =
    table ?? (missing(bars, ['open', 'high', 'low', 'close']).length === 0 ? 'bars' : 'ticks');
  const lacks =
    isBars === 'bars'
      ? missing(bars, ['ts', 'open', 'high', 'low', 'close'])
      : [
          ...missing(ticks, ['ts', 'price', 'size']),
          ...(missing(ticks, ['side', 'buyerIsMaker']).length === 2 ? ['side'] : []),
        ];
  if (lacks.length > 0)
    return {
      isFound: false,
      fault:
        `As ${isBars === 'bars' ? 'candles' : 'trades'} the file lacks a column for ${lacks.join(', ')}. ` +
        `It has: ${names.join(', ')}.`,
    };
  return { isFound: true, table: isBars, roles: isBars === 'bars' ? bars : ticks };
}

/** The names of a headerless file's columns, by their number; `undefined` where it is of no known kind. */
export function headerlessNames(first: readonly string[]): readonly string[] | undefined {
  const layouts = HEADERLESS.filter(({ length }) => length === first.length);
  // Six columns are trades of futures or bare candles: only trades end in true or false.
  const isTrades = /^(true|false)$/i.test(first.at(5) ?? '');
  return layouts.find(
    (names) => names.length !== 6 || names.includes('is_buyer_maker') === isTrades,
  );
}

/** True where a line holds names rather than values. */
export const isHeader = (cells: readonly string[]): boolean =>
  cells.some(
    (cell) =>
      /^[\s"']*[a-z_][a-z0-9 _./-]*[\s"']*$/i.test(cell) &&
      !/^(true|false|buy|sell|nan|null)$/i.test(cell.trim()),
  );
