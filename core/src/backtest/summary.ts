import { epochMs } from '../lib/time.ts';
import { notional, percentRatio, subMoney, type Money } from '../lib/units.ts';
import { valueNow } from './book.ts';
import { lastPrice } from './market.ts';
import { recorded } from './recorder.ts';
import type { BacktestResult, OpenPosition } from './result.ts';
import type { Lane, Run } from './state.ts';
import { countsOf } from './tally.ts';

function openOf({ position, market }: Lane): readonly OpenPosition[] {
  if (position === null) return [];
  const { positionId, strategyId, marketKey, side, quantity, averageEntry, openedAt } = position;
  const price = lastPrice(market);
  const value = notional(price, quantity, side === 'LONG' ? 'floor' : 'ceil');
  const gain = side === 'LONG' ? subMoney(value, position.cost) : subMoney(position.cost, value);
  const unrealizedPnl = subMoney(gain, position.entryFees);
  return [
    {
      positionId,
      strategyId,
      marketKey,
      side,
      quantity,
      averageEntry,
      lastPrice: price,
      unrealizedPnl,
      openedAt,
    },
  ];
}

const nameOf = ({ config }: Run): string =>
  [...new Set(config.strategies.map(({ strategyId }) => strategyId))].join(', ');

/** What a run that has ended came to. */
export function resultOf(run: Run): BacktestResult {
  const { config, book, markets, lanes, recorder, trades } = run;
  const finalBalance: Money = valueNow(run).equity;
  const totalPnl = subMoney(finalBalance, config.initialBalance);
  const start = Math.min(...markets.map(({ series }) => series.openAt[0] ?? NaN));
  return {
    schemaVersion: 1,
    sessionId: config.sessionId,
    strategyName: nameOf(run),
    symbols: [...new Set(markets.map(({ series }) => series.symbol))],
    dataSessionId: config.dataSessionId,
    start: epochMs(start),
    end: epochMs(recorder.last.at),
    initialBalance: config.initialBalance,
    finalBalance,
    cash: book.cash,
    totalPnl,
    totalReturnPct: percentRatio(totalPnl, config.initialBalance) ?? 0,
    fees: book.fees,
    funding: book.funding,
    ...recorded(recorder),
    trades,
    openPositions: lanes.flatMap(openOf),
    counts: countsOf(run.tally),
    parameters: config,
    codeVersion: config.codeVersion,
    seed: config.seed,
    createdAt: config.createdAt,
  };
}
