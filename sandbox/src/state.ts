import { readFile, rename, writeFile } from 'node:fs/promises';
import { money, price, qty } from '@tradewind/contracts/wire';
import { epochMs } from '@tradewind/core/lib/time';
import { ZERO_MONEY } from '@tradewind/core/lib/units';
import { simInit } from '@tradewind/core/simulation/state';
import * as z from 'zod';
import type { SavedExchange } from './exchange/exchange.ts';

const at = z.codec(z.int().nonnegative(), z.custom<ReturnType<typeof epochMs>>(), {
  decode: (ms) => epochMs(ms),
  encode: (ms) => ms,
});

const positionSide = z.enum(['BOTH', 'LONG', 'SHORT']);

const order = z.strictObject({
  orderId: z.int(),
  clientOrderId: z.string(),
  marketKey: z.string(),
  side: z.enum(['BUY', 'SELL']),
  type: z.enum([
    'MARKET',
    'LIMIT',
    'LIMIT_MAKER',
    'STOP_LOSS',
    'STOP_LOSS_LIMIT',
    'TAKE_PROFIT',
    'TAKE_PROFIT_LIMIT',
  ]),
  timeInForce: z.enum(['GTC', 'IOC', 'FOK']),
  quantity: qty.nullable(),
  quote: money.nullable(),
  price: price.nullable(),
  // Absent in files from before there were stop orders and futures.
  stopPrice: price.nullable().default(null),
  reduceOnly: z.boolean().default(false),
  positionSide: positionSide.default('BOTH'),
  status: z.enum(['NEW', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'EXPIRED']),
  filled: qty,
  filledQuote: money,
  locked: qty,
  placedAt: at,
  updatedAt: at,
  dueAt: at.nullable(),
  triggeredAt: at.nullable().default(null),
});

const fill = z.strictObject({
  fillId: z.int(),
  orderId: z.int(),
  clientOrderId: z.string(),
  marketKey: z.string(),
  side: z.enum(['BUY', 'SELL']),
  price,
  quantity: qty,
  quote: money,
  fee: qty,
  feeAsset: z.string(),
  liquidity: z.enum(['maker', 'taker']),
  realized: money.default(ZERO_MONEY),
  at,
});

const futures = z.strictObject({
  wallet: money,
  hedge: z.boolean(),
  setups: z.record(
    z.string(),
    z.strictObject({ leverage: z.int().positive(), marginMode: z.enum(['isolated', 'cross']) }),
  ),
  positions: z.record(
    z.string(),
    z.strictObject({
      marketKey: z.string(),
      positionSide,
      side: z.enum(['LONG', 'SHORT']),
      quantity: qty,
      cost: money,
      margin: money,
      updatedAt: at,
    }),
  ),
  interval: z.int().nullable(),
  nextIncomeId: z.int(),
});

const income = z.strictObject({
  incomeId: z.int(),
  type: z.enum(['REALIZED_PNL', 'COMMISSION', 'FUNDING_FEE', 'INSURANCE_CLEAR', 'TRANSFER']),
  amount: money,
  marketKey: z.string().nullable(),
  fillId: z.int().nullable(),
  at,
});

const candle = z.strictObject({
  openAt: at,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: qty,
  quoteVolume: money,
  trades: z.int(),
  buyVolume: qty,
  buyQuoteVolume: money,
});

const market = z.strictObject({
  lastPrice: price,
  lastAt: at,
  slots: z.array(z.strictObject({ at, volume: qty })),
});

const engine = z.strictObject({
  balances: z.record(z.string(), z.strictObject({ free: qty, locked: qty })),
  orders: z.record(z.string(), order),
  markets: z.record(z.string(), market),
  nextOrderId: z.int(),
  nextFillId: z.int(),
  seed: z.int(),
  futures: futures.default(simInit({}, 0).futures),
});

/** The state file: balances, orders, fills, candles and where the feed stands. */
export const stateFile = z.strictObject({
  version: z.literal(1),
  feedKind: z.string(),
  feed: z.unknown(),
  openingValue: money.nullable(),
  engine,
  orders: z.array(order),
  fills: z.array(fill),
  incomes: z.array(income).default([]),
  tapes: z.record(
    z.string(),
    z.strictObject({ count: z.int(), firstAt: at.nullable(), candles: z.array(candle) }),
  ),
});
export type StateFile = z.output<typeof stateFile>;

/** One day and an hour of minutes is enough for every warm-up. */
const SAVED_CANDLES = 1_500;

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/** The saved state; `undefined` when there is no such file. @throws Error when the file is not one of ours. */
export async function loadState(path: string): Promise<StateFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    return stateFile.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `The state file ${path} cannot be read. Delete it to start over. (${String(error).slice(0, 300)})`,
      { cause: error },
    );
  }
}

/** Writes beside the file and renames, so that a crash leaves the old or the new state, never half. */
export async function saveState(path: string, state: StateFile): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  await writeFile(temporary, JSON.stringify(stateFile.encode(state)));
  await rename(temporary, path);
}

/** What a running exchange has to remember. */
export const exchangeState = (exchange: {
  readonly engine: () => SavedExchange['engine'];
  readonly orders: () => SavedExchange['orders'];
  readonly fills: () => SavedExchange['fills'];
  readonly incomes: () => SavedExchange['incomes'];
  readonly instruments: ReadonlyMap<string, unknown>;
  readonly tape: (symbol: string) => {
    readonly count: () => number;
    readonly firstAt: () => SavedExchange['tapes'][string]['firstAt'];
    readonly candles: () => SavedExchange['tapes'][string]['candles'];
  };
}) => ({
  engine: {
    ...exchange.engine(),
    balances: { ...exchange.engine().balances },
    orders: { ...exchange.engine().orders },
    futures: {
      ...exchange.engine().futures,
      setups: { ...exchange.engine().futures.setups },
      positions: { ...exchange.engine().futures.positions },
    },
    markets: Object.fromEntries(
      Object.entries(exchange.engine().markets).map(([key, { slots, ...rest }]) => [
        key,
        { ...rest, slots: [...slots] },
      ]),
    ),
  },
  orders: [...exchange.orders()],
  fills: [...exchange.fills()],
  incomes: [...exchange.incomes()],
  tapes: Object.fromEntries(
    [...exchange.instruments.keys()].map((symbol) => {
      const tape = exchange.tape(symbol);
      const candles = tape.candles().slice(-SAVED_CANDLES);
      return [symbol, { count: tape.count(), firstAt: tape.firstAt(), candles }];
    }),
  ),
});
