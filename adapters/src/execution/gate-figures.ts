import { bookMarket, type BookDoc, type RiskStateDoc } from '@tradewind/contracts/documents/book';
import type { SignalDoc } from '@tradewind/contracts/documents/execution';
import { chunkDoc, type ChunkDoc } from '@tradewind/contracts/documents/market';
import { performanceDoc, type PerformanceDoc } from '@tradewind/contracts/documents/performance';
import {
  budgetDoc,
  healthDoc,
  limitsDoc,
  marginDoc,
  type LimitsDoc,
  type MarginDoc,
} from '@tradewind/contracts/documents/risk';
import { heartbeatDoc } from '@tradewind/contracts/documents/system';
import { chunkId, paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { addMoney, percentRatio, subMoney, type Money } from '@tradewind/core/lib/units';
import { monthScope, recentWinRate, sizingWinRate } from '@tradewind/core/portfolio/performance';
import { limitsInForce, limitsOf } from '@tradewind/core/risk/limit-rules';
import type { Limits } from '@tradewind/core/risk/limits';
import { marketFigures, type MarketFigures } from '@tradewind/core/risk/market-figures';
import type { TraderResults } from '@tradewind/core/risk/sharpe';
import { carefulPhase, phaseOf, type CryptoPhase } from '@tradewind/core/risk/smart-allocation';
import type { Store, StoreTx } from '../ledger/store.ts';
import { judgedPrices } from '../market/judge-price.ts';
import type { Prices } from '../market/read-prices.ts';

/** What the gate compares beyond book, positions and prices, as the ledger tells it. */
export type Figures = {
  readonly limits: Limits;
  readonly markets: ReadonlyMap<string, MarketFigures>;
  readonly results: ReadonlyMap<string, TraderResults>;
  readonly budgets: ReadonlyMap<string, Money>;
  readonly cryptoPhase: CryptoPhase;
  readonly correlatedShare: number | null;
  readonly clockSkewMs: number | null;
  readonly reconciledAgeMs: number | null;
  readonly outOfStep: string | null;
  readonly marginHealthOf: (symbol: string) => number | null;
};

type Reader = Pick<StoreTx, 'get' | 'getMany' | 'query'>;
type Asked = {
  readonly book: BookDoc;
  readonly risk: RiskStateDoc;
  readonly signals: readonly SignalDoc[];
  /** On their way: nothing here waits for them but what needs them. */
  readonly prices: Promise<Prices>;
  readonly marketNow: EpochMs;
  readonly wallNow: EpochMs;
};

/** Limits of a book that hold now, and who set them; `set` is `null` while they are its mode's. */
export type LimitsNow = { readonly limits: Limits; readonly set: LimitsDoc | null };

/** Limits of a book that hold now: an admin's, or its mode's. @throws MalformedDocument for limits that may not be used. */
export async function readLimitsNow(
  reader: Pick<StoreTx, 'get'>,
  { bookId, mode }: Pick<BookDoc, 'bookId' | 'mode'>,
  wallNow: EpochMs,
): Promise<LimitsNow> {
  const { kept, set } = limitsOf(mode, await reader.get(paths.riskLimits(bookId), limitsDoc));
  return { limits: limitsInForce(kept, wallNow), set };
}

/** The same without who set them. */
export const readLimits = async (...asked: Parameters<typeof readLimitsNow>): Promise<Limits> =>
  (await readLimitsNow(...asked)).limits;

const HOUR_MS = 3_600_000;

async function readMarkets(
  tx: Reader,
  { signals, prices, marketNow, wallNow }: Asked,
): Promise<ReadonlyMap<string, MarketFigures>> {
  const keys = [...new Set(signals.map(({ marketKey }) => marketKey))];
  const ids = [chunkId(marketNow - HOUR_MS), chunkId(marketNow)];
  const [chunks, board] = await Promise.all([
    tx.getMany(
      keys.flatMap((key) => ids.map((hour) => paths.chunk(key, hour))),
      chunkDoc,
    ),
    prices,
  ]);
  const told = judgedPrices(board, keys, wallNow);
  const candlesOf = (index: number): ChunkDoc['candles'] =>
    chunks.slice(2 * index, 2 * index + 2).flatMap((chunk) => chunk?.candles ?? []);
  return new Map(
    keys.map((key, index) => {
      const { bid = null, ask = null } = told.get(key) ?? {};
      return [key, marketFigures(candlesOf(index), { bid, ask }, marketNow)] as const;
    }),
  );
}

/** Results of the book as smart allocation asks for them (RSK-72). */
export function bookResults(
  book: Pick<BookDoc, 'initialBalance'>,
  whole: PerformanceDoc | undefined,
  month: PerformanceDoc | undefined,
) {
  const [sums, of] = [whole?.sums, month?.sums];
  const opening =
    sums === undefined || of === undefined
      ? null
      : subMoney(addMoney(book.initialBalance, sums.net), of.net);
  return {
    closedTrades: sums?.trades ?? 0,
    winRate: sums === undefined ? null : recentWinRate(sums),
    monthPct: of === undefined || opening === null ? null : (percentRatio(of.net, opening) ?? null),
  };
}

/** The venue's clock less ours by the worker's feeds; `null` where nobody measures. */
async function readSkew(tx: Reader, store: Store): Promise<number | null> {
  const beats = await tx.query(store.firestore.collection(paths.heartbeats), heartbeatDoc);
  const skews = beats.flatMap(({ feeds }) => feeds ?? []).flatMap(({ skewMs }) => skewMs ?? []);
  const [first, ...rest] = skews;
  return first === undefined
    ? null
    : rest.reduce((worst, skew) => (Math.abs(skew) > Math.abs(worst) ? skew : worst), first);
}

/** Comparisons that fail in a row before entries are off (EXE-53). */
const FAILURES_ALLOWED = 2;

/** What speaks against the book's figures, and so against their agreeing with the venue. */
function outOfStep(
  { reconciliation }: RiskStateDoc,
  { frozen }: Pick<BookDoc, 'frozen'>,
): string | null {
  if (frozen !== undefined && frozen !== null)
    return `The book's figures are frozen: ${frozen.reason}.`;
  if (reconciliation === undefined) return null;
  const { criticals, failures, recovering } = reconciliation;
  if (criticals > 0) return `${criticals} critical differences to the venue are open.`;
  if (failures > FAILURES_ALLOWED)
    return `The comparison with the venue failed ${failures} times in a row.`;
  return recovering ? 'A worker has started and has not compared the book yet.' : null;
}

/** Wall milliseconds since the book was found to agree with its venue; `null` while it does not, or is not known to. */
function reconciledAge(risk: RiskStateDoc, book: BookDoc, wallNow: EpochMs): number | null {
  const at = risk.reconciliation?.at ?? null;
  return at === null || outOfStep(risk, book) !== null ? null : wallNow - at;
}

/** Results of one strategy; what it won lately is only told of enough trades (PF-85). */
const resultsOf = ({ sums, figures }: PerformanceDoc): TraderResults => ({
  trades: sums.trades,
  sharpe: figures.sharpe,
  recentWinRate: sizingWinRate(sums),
});

/** The worst of what is held of a symbol, as young as the gate may go by; `null` = not known. */
function marginHealthIn(
  margin: MarginDoc | undefined,
  symbol: string,
  wallNow: EpochMs,
): number | null {
  if (margin === undefined || wallNow - margin.at > margin.maxAgeMs) return null;
  const healths = Object.values(margin.positions)
    .filter((held) => held.symbol === symbol)
    .map(({ health }) => health ?? Number.NaN);
  const worst = Math.min(...healths);
  return healths.length === 0 || Number.isNaN(worst) ? null : worst;
}

/** Reads all of it for the entries among `signals`; of exits nothing is asked (RSK-53). */
export async function readFigures(store: Store, tx: Reader, asked: Asked): Promise<Figures> {
  const { book, risk, wallNow, marketNow } = asked;
  const { bookId, mode } = book;
  const entries = asked.signals.filter(({ action }) => action === 'ENTER' || action === 'ADD');
  const strategyIds = [...new Set(entries.map(({ strategyId }) => strategyId))];
  const isLive = mode !== 'paper';
  const hasEntries = entries.length > 0;
  const [limits, markets, budgets, own, scopes, health, clockSkewMs, margin] = await Promise.all([
    readLimits(tx, book, wallNow),
    readMarkets(tx, { ...asked, signals: entries }),
    tx.getMany(
      strategyIds.map((strategyId) => paths.budget(bookId, strategyId)),
      budgetDoc,
    ),
    tx.getMany(
      strategyIds.map((strategyId) => paths.performance(bookId, `strategy__${strategyId}`)),
      performanceDoc,
    ),
    tx.getMany(
      hasEntries
        ? ['book', monthScope(marketNow)].map((scope) => paths.performance(bookId, scope))
        : [],
      performanceDoc,
    ),
    hasEntries ? tx.get(paths.riskHealth(bookId), healthDoc) : undefined,
    isLive && hasEntries ? readSkew(tx, store) : null,
    hasEntries && bookMarket(book) === 'futures'
      ? tx.get(paths.riskMargin(bookId), marginDoc)
      : undefined,
  ]);
  const results = own.flatMap((doc, index) => {
    const strategyId = strategyIds[index];
    return doc === undefined || strategyId === undefined
      ? []
      : [[strategyId, resultsOf(doc)] as const];
  });
  const isYoung = health !== undefined && wallNow - health.at <= health.maxAgeMs;
  return {
    limits,
    markets,
    results: new Map(results),
    budgets: new Map(
      budgets.flatMap((doc) => (doc === undefined ? [] : [[doc.strategyId, doc.allocated]])),
    ),
    cryptoPhase: carefulPhase(
      risk.cryptoPhase?.phase ?? 'learning',
      phaseOf(bookResults(book, scopes[0], scopes[1])),
    ),
    correlatedShare: isYoung ? health.correlatedShare : null,
    clockSkewMs,
    reconciledAgeMs: reconciledAge(risk, book, wallNow),
    outOfStep: outOfStep(risk, book),
    marginHealthOf: (symbol) => marginHealthIn(margin, symbol, wallNow),
  };
}
