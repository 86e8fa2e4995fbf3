import type { BotDoc } from '@tradewind/contracts/documents/bot';
import type { EpochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import type { WeightedBot } from '@tradewind/core/strategy/weighted/config';

type SignalConfig = WeightedBot['signalConfig'];

const RSI = { enabled: true, weight: 0.4, period: 14, buyThreshold: 30, sellThreshold: 70 };
const MOVING_AVERAGE = {
  enabled: true,
  weight: 0.35,
  kind: 'EMA' as const,
  fast: 9,
  slow: 21,
};
const MACD = { enabled: true, weight: 0.25, fast: 12, slow: 26, signal: 9 };

/** The first desk's bots and what each listens to. */
const BOTS: readonly {
  readonly botId: string;
  readonly name: string;
  readonly config: SignalConfig;
}[] = [
  {
    botId: 'balanced',
    name: 'Balanced',
    config: { rsi: RSI, movingAverage: MOVING_AVERAGE, macd: MACD },
  },
  {
    botId: 'trend',
    name: 'Trend (moving averages)',
    config: { rsi: null, movingAverage: { ...MOVING_AVERAGE, weight: 1 }, macd: null },
  },
  {
    botId: 'momentum',
    name: 'Momentum (MACD)',
    config: { rsi: null, movingAverage: null, macd: { ...MACD, weight: 1 } },
  },
];

/**
 * The three bots of a new desk, spread over `symbols` in turn.
 *
 * The sensitive temperature table, confirmation and cooldown of a minute and no trade step, so that
 * a newcomer sees trades soon; a bot that a person makes gets its preset's own numbers.
 */
export function seedBots(symbols: readonly string[], now: EpochMs): readonly BotDoc[] {
  return BOTS.map(({ botId, name, config }, i) => {
    const symbol = symbols[i % symbols.length];
    if (symbol === undefined) throw new Error('Invariant: a desk has at least one symbol');
    return {
      botId,
      name,
      bookId: 'paper',
      symbol,
      marketKey: `binance_spot_${symbol}`,
      status: 'RUNNING',
      preset: 'balanced',
      timeframe: '1m',
      positionSizeQuote: money('100'),
      maxPositions: 1,
      stopLossPct: 5,
      takeProfitPct: 10,
      trailingStopPct: null,
      tradeStepPct: 0,
      cooldownMinutes: 1,
      confirmationMinutes: 1,
      minTradeTemperature: 'HOT',
      minConfidence: 0.6,
      temperatureTable: 'sensitive',
      signalConfig: config,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
  });
}
