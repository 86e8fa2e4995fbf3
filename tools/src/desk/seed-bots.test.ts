import { botDoc } from '@tradewind/contracts/documents/bot';
import { epochMs } from '@tradewind/core/lib/time';
import { seedBots } from './seed-bots.ts';

const now = epochMs(1_700_000_000_000);

test('the three bots of a new desk are what their schema allows', () => {
  for (const bot of seedBots(['BTC-USDT'], now))
    expect(botDoc.decode(botDoc.encode(bot))).toEqual(bot);
});

test('one symbol: all bots on it; several: one after the other', () => {
  expect(seedBots(['BTC-USDT'], now).map((bot) => bot.symbol)).toEqual([
    'BTC-USDT',
    'BTC-USDT',
    'BTC-USDT',
  ]);
  expect(seedBots(['BTC-USDT', 'ETH-USDT', 'SOL-USDT'], now).map((bot) => bot.marketKey)).toEqual([
    'binance_spot_BTC-USDT',
    'binance_spot_ETH-USDT',
    'binance_spot_SOL-USDT',
  ]);
});

test('all of them use the sensitive table, and wait a minute to confirm and to cool down', () => {
  for (const bot of seedBots(['BTC-USDT'], now)) {
    expect(bot.temperatureTable).toBe('sensitive');
    expect([bot.confirmationMinutes, bot.cooldownMinutes]).toEqual([1, 1]);
  }
});
