import {
  accountName,
  positionDoc,
  riskStateDoc,
  type BookDoc,
  type PositionDoc,
  type RiskStateDoc,
} from '@tradewind/contracts/documents/book';
import {
  intentDoc,
  signalDoc,
  type IntentDoc,
  type SignalDoc,
} from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { ageMs, type EpochMs } from '@tradewind/core/lib/time';
import { averagePrice, type Price } from '@tradewind/core/lib/units';
import type { GateContext } from '@tradewind/core/order/gate-context';
import type { VenueCondition } from '@tradewind/core/risk/venue-breaker';
import { bookValue } from '@tradewind/core/portfolio/valuation';
import { revalue } from '@tradewind/core/risk/day';
import type { StoreTx } from '../ledger/store.ts';
import { judgedPrices } from '../market/judge-price.ts';
import { readPricesTx, type Prices } from '../market/read-prices.ts';
import { readTraders, type Trader } from '../strategies/traders.ts';
import { readFigures, type Figures } from './gate-figures.ts';
import type { ExecutionPorts } from './ports.ts';
import { openPositions, workingIntents } from './ledger-queries.ts';
import { instrumentOf, isStop, requireBook } from './records.ts';
import { readVenueStates } from './venue-state.ts';

/** All that the verdicts of one batch are decided on, as the ledger holds it. */
export type GateLedger = {
  readonly book: BookDoc;
  readonly risk: RiskStateDoc;
  /** Of the status that was asked for, oldest first. */
  readonly signals: readonly SignalDoc[];
  readonly positions: readonly PositionDoc[];
  readonly intents: readonly IntentDoc[];
  readonly traders: ReadonlyMap<string, Trader>;
  readonly prices: Prices;
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Whether the venue takes orders in a symbol. */
  readonly breakerOf: (symbol: string) => VenueCondition;
  readonly figures: Figures;
};

const unique = (values: readonly string[]): string[] => [...new Set(values)];

const byKey = <T>(
  keys: readonly string[],
  values: readonly (T | undefined)[],
): ReadonlyMap<string, T> =>
  new Map(
    keys.flatMap((key, index) => {
      const value = values[index];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );

/** Intents that trade; a stop that is being placed protects a position and stands in no order's way. */
async function workingOnTrades(tx: StoreTx, query: Parameters<StoreTx['query']>[0]) {
  const intents = await tx.query(query, intentDoc);
  return intents.filter((intent) => !isStop(intent));
}

/** Signals as they were listed: whose they are, and in which markets, does not change; their status does. */
type Asked = {
  readonly bookId: string;
  readonly listed: readonly SignalDoc[];
  /** `EXECUTED` to judge one anew whose order still waits. */
  readonly status?: 'PENDING' | 'EXECUTED';
};

/**
 * Reads what a batch of signals is decided on. `risk/state` is read first: every opening fill
 * writes it, so a commit that succeeds has seen all positions and intents as they are. All else is read at once.
 */
export async function readGateLedger(
  { store, clock }: ExecutionPorts,
  tx: StoreTx,
  { bookId, listed, status = 'PENDING' }: Asked,
): Promise<GateLedger> {
  const [risk, book] = await Promise.all([
    tx.get(paths.riskState(bookId), riskStateDoc),
    requireBook(tx, bookId),
  ]);
  if (risk === undefined) throw new Error(`Book "${bookId}" has no risk state.`);
  const [wallNow, marketNow] = [clock.wallNow(), clock.marketNow()];
  const strategyIds = unique(listed.map(({ strategyId }) => strategyId));
  const marketKeys = unique(listed.map(({ marketKey }) => marketKey));
  const symbols = unique(listed.map(({ symbol }) => symbol));
  const board = readPricesTx(store, tx);
  const asked = { book, risk, signals: listed, prices: board, marketNow, wallNow };
  const [current, positions, intents, signers, prices, markets, breakerOf, figures] =
    await Promise.all([
      tx.getMany(
        listed.map(({ signalId }) => paths.signal(bookId, signalId)),
        signalDoc,
      ),
      tx.query(openPositions(store, bookId), positionDoc),
      workingOnTrades(tx, workingIntents(store, bookId)),
      readTraders(tx, strategyIds),
      board,
      tx.getMany(marketKeys.map(paths.market), marketDoc),
      readVenueStates(tx, { venue: accountName(book), symbols }, wallNow),
      readFigures(store, tx, asked),
    ]);
  // Whose entries are under way must be known as well: what their stops may lose counts (RSK-48).
  const others = unique(intents.map(({ strategyId }) => strategyId)).filter(
    (id) => !strategyIds.includes(id),
  );
  const traders =
    others.length === 0 ? signers : new Map([...signers, ...(await readTraders(tx, others))]);
  const valued = [...positions.map(({ marketKey }) => marketKey), ...Object.keys(book.dust)];
  const instruments = markets.map((market) =>
    market === undefined ? undefined : instrumentOf(market),
  );
  return {
    book,
    risk,
    signals: current
      .filter((signal) => signal !== undefined)
      .filter(({ executionStatus }) => executionStatus === status),
    positions,
    intents,
    traders,
    prices: judgedPrices(prices, unique([...marketKeys, ...valued]), wallNow),
    instruments: byKey(marketKeys, instruments),
    breakerOf,
    figures,
  };
}

/** What dust was bought at: its price where no board has its market, because nobody follows it any more. */
const atCost = (dust: BookDoc['dust'], held: ReadonlySet<string>): Record<string, Price> =>
  Object.fromEntries(
    Object.entries(dust)
      .filter(([key, { quantity }]) => quantity > 0n && !held.has(key))
      .map(([key, { cost, quantity }]) => [key, averagePrice(cost, quantity, 'floor')]),
  );

type ValuationTime = {
  readonly now: EpochMs;
  readonly wallNow: EpochMs;
  readonly priceMaxAgeMs: number;
};

/**
 * The risk state valued at live prices (RSK-33) and, past midnight UTC, of a new day. Where the price
 * of a position is missing or stale the last valuation stays, whose age then blocks entries (RSK-35).
 */
export function valuedRisk(
  { book, positions, prices, risk }: Pick<GateLedger, 'book' | 'positions' | 'prices' | 'risk'>,
  { now, wallNow, priceMaxAgeMs }: ValuationTime,
): RiskStateDoc {
  // Dust is worth less than one order: an old price of a market that nobody follows will do for it.
  const held = new Set(positions.map(({ marketKey }) => marketKey));
  const usable = [...prices].filter(
    ([key, { at }]) => !held.has(key) || ageMs(at, now) <= priceMaxAgeMs,
  );
  const value = bookValue({
    cash: book.cash,
    positions,
    dust: book.dust,
    prices: {
      ...atCost(book.dust, held),
      ...Object.fromEntries(usable.map(([key, { price }]) => [key, price])),
    },
  });
  if (value === undefined) return risk;
  const valued = revalue(risk, { equity: value.equity, now });
  return { ...valued, updatedAt: wallNow };
}

/** What one signal is decided on, with `state` as earlier verdicts of the batch have left it. */
export function contextOf(
  ledger: GateLedger,
  signal: SignalDoc,
  state: Pick<GateContext, 'now' | 'risk' | 'positions' | 'workingIntents' | 'priceMaxAgeMs'>,
): GateContext {
  const { book, figures, prices, traders } = ledger;
  return {
    ...state,
    book,
    priceGuard: book.priceGuard !== false,
    breaker: ledger.breakerOf(signal.symbol),
    priceOf: (marketKey) => prices.get(marketKey)?.price,
    stopLossPctOf: (strategyId) => traders.get(strategyId)?.protection.stopLossPct,
    figures: figures.markets.get(signal.marketKey) ?? null,
    results: figures.results.get(signal.strategyId) ?? null,
    allocated: figures.budgets.get(signal.strategyId) ?? null,
    cryptoPhase: figures.cryptoPhase,
    correlatedShare: figures.correlatedShare,
    clockSkewMs: figures.clockSkewMs,
    reconciledAgeMs: figures.reconciledAgeMs,
    outOfStep: figures.outOfStep,
    marginHealthOf: figures.marginHealthOf,
    maxVenueLeverage: ledger.instruments.get(signal.marketKey)?.maxLeverage ?? null,
    price: ledger.prices.get(signal.marketKey),
    instrument: ledger.instruments.get(signal.marketKey),
    strategy: ledger.traders.get(signal.strategyId),
    limits: figures.limits,
  };
}
