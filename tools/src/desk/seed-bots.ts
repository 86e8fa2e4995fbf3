import type { BotDoc } from '@tradewind/contracts/documents/bot';
import type { MarketDoc } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { SignalConfig } from '@tradewind/core/strategy/weighted/params';
import { botFromPreset, DEFAULT_SIGNALS } from '@tradewind/core/strategy/weighted/presets';

const { rsi, movingAverage, macd } = DEFAULT_SIGNALS;

/** `signal` alone, with all of the weight. */
const alone = <S extends { readonly weight: number } | null>(signal: S): S =>
  signal === null ? signal : { ...signal, weight: 1 };

/** The first desk's bots and what each listens to. */
const BOTS: readonly {
  readonly botId: string;
  readonly name: string;
  readonly signalConfig: SignalConfig;
}[] = [
  { botId: 'balanced', name: 'Balanced', signalConfig: { rsi, movingAverage, macd } },
  {
    botId: 'trend',
    name: 'Trend (moving averages)',
    signalConfig: { rsi: null, movingAverage: alone(movingAverage), macd: null },
  },
  {
    botId: 'momentum',
    name: 'Momentum (MACD)',
    signalConfig: { rsi: null, movingAverage: null, macd: alone(macd) },
  },
];

/**
 * The three bots of a new desk, spread over `markets` in turn; on futures they sell short as well.
 *
 * The sensitive temperature table, confirmation and cooldown of a minute and no trade step, so that
 * a newcomer sees trades soon; a bot that a person makes gets its preset's own numbers.
 */
export function seedBots(
  markets: readonly Pick<MarketDoc, 'marketKey' | 'market' | 'symbol'>[],
  now: EpochMs,
): readonly BotDoc[] {
  return BOTS.map(({ botId, name, signalConfig }, i) => {
    const traded = markets[i % markets.length];
    if (traded === undefined) throw new Error('Invariant: a desk has at least one market');
    const { marketKey, market, symbol } = traded;
    return {
      ...botFromPreset('balanced', name),
      botId,
      bookId: 'paper',
      symbol,
      marketKey,
      ...(market === 'futures' ? { allowShort: true } : {}),
      status: 'RUNNING',
      preset: 'balanced',
      tradeStepPct: 0,
      cooldownMinutes: 1,
      confirmationMinutes: 1,
      temperatureTable: 'sensitive',
      signalConfig,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
  });
}
