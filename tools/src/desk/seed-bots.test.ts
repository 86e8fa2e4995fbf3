import { botDoc } from '@tradewind/contracts/documents/bot';
import { marketKeyOf } from '@tradewind/core/instrument/instrument';
import { epochMs } from '@tradewind/core/lib/time';
import { seedBots } from './seed-bots.ts';

const markets = (kind: 'spot' | 'futures', ...symbols: readonly string[]) =>
  symbols.map((symbol) => ({
    ...{ symbol, market: kind },
    marketKey: marketKeyOf('binance', kind, symbol),
  }));
const now = epochMs(1_700_000_000_000);

test('the three bots of a new desk are what their schema allows', () => {
  for (const bot of seedBots(markets('spot', 'BTC-USDT'), now))
    expect(botDoc.decode(botDoc.encode(bot))).toEqual(bot);
});

test('one symbol: all bots on it; several: one after the other', () => {
  expect(seedBots(markets('spot', 'BTC-USDT'), now).map((bot) => bot.symbol)).toEqual([
    'BTC-USDT',
    'BTC-USDT',
    'BTC-USDT',
  ]);
  expect(
    seedBots(markets('spot', 'BTC-USDT', 'ETH-USDT', 'SOL-USDT'), now).map((bot) => bot.marketKey),
  ).toEqual(['binance_spot_BTC-USDT', 'binance_spot_ETH-USDT', 'binance_spot_SOL-USDT']);
});

test('all of them use the sensitive table, and wait a minute to confirm and to cool down', () => {
  for (const bot of seedBots(markets('spot', 'BTC-USDT'), now)) {
    expect(bot.temperatureTable).toBe('sensitive');
    expect([bot.confirmationMinutes, bot.cooldownMinutes]).toEqual([1, 1]);
  }
});

test('STR-21 on futures they sell short as well, on spot never', () => {
  const shorts = (kind: 'spot' | 'futures') =>
    seedBots(markets(kind, 'BTC-USDT'), now).map(({ allowShort }) => allowShort);
  expect(shorts('futures')).toEqual([true, true, true]);
  expect(shorts('spot')).toEqual([undefined, undefined, undefined]);
});
