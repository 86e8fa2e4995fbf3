import { evaluationsDoc, type EvaluationsDoc } from '@tradewind/contracts/documents/evaluation';
import { chunkDoc } from '@tradewind/contracts/documents/market';
import { chunkId, evaluationId, paths } from '@tradewind/contracts/paths';
import { bucketStart, epochMs, minutes, type EpochMs } from '@tradewind/core/lib/time';
import type { Candle } from '@tradewind/core/market/market';
import type { Recording } from '@tradewind/core/parity/recording';
import type { Store } from '../ledger/store.ts';
import { loadLedger, loadSignals, type Period } from './load-ledger.ts';

const MINUTE = 60_000;
const HOUR = minutes(60);

/** The hours that hold `[from, to)`. */
function hoursOf(from: number, to: number): EpochMs[] {
  const first = bucketStart(epochMs(from), HOUR);
  const count = Math.max(0, Math.ceil((to - first) / HOUR));
  return Array.from({ length: count }, (_, index) => epochMs(first + index * HOUR));
}

async function candlesOf(
  store: Store,
  { marketKey }: Period,
  hours: readonly EpochMs[],
): Promise<readonly Candle[]> {
  const chunks = await Promise.all(
    hours.map((hour) => store.get(paths.chunk(marketKey, chunkId(hour)), chunkDoc)),
  );
  return chunks.flatMap((chunk) => chunk?.candles ?? []).sort((a, b) => a.openAt - b.openAt);
}

async function evaluationsOf(
  store: Store,
  { bookId, strategyId, marketKey, from, to }: Period,
): Promise<readonly EvaluationsDoc[]> {
  const hours = hoursOf(from, to);
  const docs = await Promise.all(
    hours.map((hour) =>
      store.get(
        paths.evaluationHour(bookId, evaluationId(strategyId, marketKey, hour)),
        evaluationsDoc,
      ),
    ),
  );
  return docs.filter((doc) => doc !== undefined);
}

/**
 * All that is on record of a strategy on one market; `null` where it judged nothing. Whole hours, since each hour's
 * evaluations begin with all that a replay needs; bars that closed after the period are left out.
 */
export async function loadRecording(store: Store, period: Period): Promise<Recording | null> {
  const docs = await evaluationsOf(store, period);
  const [doc] = docs;
  const bars = docs.flatMap(({ entries }) => entries).filter(({ at }) => at <= period.to);
  const [first] = bars;
  const last = bars.at(-1);
  if (doc === undefined || first === undefined || last === undefined) return null;
  const hours = hoursOf(Math.max(0, first.at - first.fed * MINUTE), last.at);
  // What was under way when the period began had begun before.
  const from = epochMs(Math.max(0, first.now - HOUR));
  const [candles, ledger, { signals, underWay }] = await Promise.all([
    candlesOf(store, period, hours),
    loadLedger(store, period),
    loadSignals(store, { ...period, from, to: last.now }),
  ]);
  const { bookId, strategyId: bot, marketKey: market } = period;
  return { bookId, bot, market, symbol: doc.symbol, bars, candles, signals, underWay, ledger };
}
