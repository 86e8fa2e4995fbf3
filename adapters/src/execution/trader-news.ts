import type { RiskStateDoc } from '@tradewind/contracts/documents/book';
import type { SignalDoc } from '@tradewind/contracts/documents/execution';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { RiskState } from '@tradewind/core/risk/risk-state';
import {
  disable,
  orderApproved,
  orderFailed,
  signalStorms,
  traderInit,
  type Judged,
  type TraderHistory,
} from '@tradewind/core/risk/trader-history';
import { raiseAlert, resolveAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from './ports.ts';

/** What a strategy did that somebody must know of; most of it has disabled the strategy. */
export type TraderNews = { readonly strategyId: string } & NonNullable<Judged['told']>;

/** A pattern of fills has blocked a symbol (RSK-63). */
type PatternNews = { readonly symbol: string; readonly pattern: string };
/** The venue answers submissions slowly: 95 % of the last ones took up to so long (EXE-31). */
type LatencyNews = { readonly slowMs: number };
/** A position was closed: nobody has to wonder about its emergency exit any more (STR-33). */
type ClosedNews = { readonly closed: string; readonly symbol: string };
export type RiskNews = TraderNews | PatternNews | LatencyNews | ClosedNews;

export const patternNews = (symbol: string, pattern: string): PatternNews => ({ symbol, pattern });

export const closedNews = ({
  positionId,
  symbol,
}: {
  readonly positionId: string;
  readonly symbol: string;
}): ClosedNews => ({ closed: positionId, symbol });

/** A copy that may be written: the ledger's arrays are its own. */
const storedTrader = (trader: TraderHistory): RiskStateDoc['traders'][string] => ({
  ...trader,
  slippages: [...trader.slippages],
  days: [...trader.days],
});

/** The risk state as it is written, after the core has changed it. */
export function storedRisk(
  risk: Omit<RiskStateDoc, 'symbolEntries' | 'symbols'> &
    Pick<RiskState, 'symbolEntries' | 'symbols'>,
  { now, trader }: { readonly now: EpochMs; readonly trader?: readonly [string, TraderHistory] },
): RiskStateDoc {
  const { traders } = risk;
  return {
    ...risk,
    symbolEntries: Object.fromEntries(
      Object.entries(risk.symbolEntries).map(([symbol, times]) => [symbol, [...times]]),
    ),
    symbols: Object.fromEntries(
      Object.entries(risk.symbols).map(([symbol, history]) => [
        symbol,
        { ...history, fills: [...history.fills] },
      ]),
    ),
    traders: trader === undefined ? traders : { ...traders, [trader[0]]: storedTrader(trader[1]) },
    updatedAt: now,
  };
}

/** Changes what is remembered of strategies, one after the other. */
function judgeEach(
  risk: RiskStateDoc,
  strategyIds: readonly string[],
  judge: (known: TraderHistory | undefined, strategyId: string) => Judged,
): { readonly risk: RiskStateDoc; readonly told: readonly TraderNews[] } {
  if (strategyIds.length === 0) return { risk, told: [] };
  const traders = { ...risk.traders };
  const told: TraderNews[] = [];
  for (const strategyId of strategyIds) {
    const judged = judge(traders[strategyId], strategyId);
    traders[strategyId] = storedTrader(judged.trader);
    if (judged.told !== null) told.push({ strategyId, ...judged.told });
  }
  return { risk: { ...risk, traders }, told };
}

/** Disables strategies that fire more than fifty signals within a second (RSK-67); each signal still gets its verdict. */
export function stopStorms(risk: RiskStateDoc, signals: readonly SignalDoc[], now: EpochMs) {
  const storms = signalStorms(
    signals.map(({ strategyId, createdAt }) => ({ strategyId, at: createdAt })),
  );
  return judgeEach(risk, [...storms.keys()], (known, strategyId) =>
    disable(known ?? traderInit, {
      at: now,
      reason: 'signal_storm',
      detail: `${storms.get(strategyId) ?? 0} signals within a second`,
    }),
  );
}

/** Counts approved entries towards each strategy's rate (RSK-65). */
export const countOrders = (risk: RiskStateDoc, strategyIds: readonly string[], now: EpochMs) =>
  judgeEach(risk, strategyIds, (known) => orderApproved(known, now));

/** Codes of failures that are not a strategy's doing: an open breaker sends nothing (RSK-66). */
const BLAMELESS: ReadonlySet<string> = new Set(['breaker_open', 'breakerOpen']);

/** Counts an order that came to nothing against its strategy (RSK-66); `null` when nothing changes. */
export function countFailure(
  risk: RiskStateDoc | undefined,
  failed: { readonly strategyId: string; readonly code: string; readonly at: EpochMs },
) {
  const { strategyId, code, at } = failed;
  if (risk === undefined || BLAMELESS.has(code)) return null;
  return judgeEach(risk, [strategyId], (known) => orderFailed(known, at));
}

/** Raises an alert for each piece of news (RSK-63, RSK-65 to RSK-67, RSK-100). */
export async function tellNews(
  { store, clock, log }: Pick<ExecutionPorts, 'store' | 'clock' | 'log'>,
  bookId: string,
  news: readonly RiskNews[],
): Promise<void> {
  for (const item of news) {
    const now = clock.wallNow();
    if ('pattern' in item) {
      const { symbol, pattern } = item;
      log.warn('symbol blocked', { bookId, symbol, pattern });
      await raiseAlert(store, {
        rule: 'pattern_block',
        severity: 'CRITICAL',
        message: `${symbol} is blocked for an hour: ${pattern}.`,
        details: { symbol, pattern },
        ...{ bookId, symbol, now },
      });
      continue;
    }
    if ('closed' in item) {
      const { closed: label, symbol } = item;
      await resolveAlert(store, { rule: 'exit_unknown', bookId, symbol, label, now });
      continue;
    }
    if ('slowMs' in item) {
      const ms = String(item.slowMs);
      await raiseAlert(store, {
        rule: 'submit_slow',
        severity: 'WARNING',
        message: `The venue answers orders slowly: one in twenty takes ${ms} ms or more. Look at its status page and the network.`,
        details: { p95Ms: ms },
        ...{ bookId, symbol: null, now },
      });
      continue;
    }
    const { strategyId, severity, reason, detail } = item;
    log.warn('strategy conspicuous', { bookId, strategyId, reason, detail });
    await raiseAlert(store, {
      rule: `strategy_${reason}`,
      severity,
      message:
        severity === 'CRITICAL'
          ? `${strategyId} may enter nothing until an admin enables it: ${detail}.`
          : `${strategyId}: ${detail}.`,
      details: { strategyId, reason, detail },
      ...{ bookId, symbol: null, label: strategyId, now },
    });
  }
}
