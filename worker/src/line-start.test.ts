import type { MarketData } from '@tradewind/adapters/venue/venue';
import { at, lineBench } from './testing/line-bench.ts';
import { settle } from './testing/fake-ports.ts';

test('thirty markets that start at once ask REST for no more than four at a time, and all of them come to life', async () => {
  const { lines, market, state } = lineBench();
  state.now = at(0, 30);
  const busy = new Map<string, number>();
  let most = 0;
  const counted =
    <A extends readonly [string, ...unknown[]], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const [symbol] = args;
      busy.set(symbol, (busy.get(symbol) ?? 0) + 1);
      most = Math.max(most, [...busy.values()].filter((calls) => calls > 0).length);
      for (let turn = 0; turn < 3; turn += 1) await settle();
      busy.set(symbol, (busy.get(symbol) ?? 1) - 1);
      return call(...args);
    };
  const { candles, trades } = market.data;
  const slow: Pick<MarketData, 'candles' | 'trades'> = {
    candles: counted(candles),
    trades: counted(trades),
  };
  Object.assign(market.data, slow);
  const symbols = Array.from({ length: 30 }, (_, n) => `S${n}-USDT`);
  lines.follow(symbols.map((symbol) => ({ marketKey: `binance_spot_${symbol}`, symbol })));
  const isAllLive = (): boolean => lines.all().every(({ phase }) => phase === 'live');
  for (let n = 0; n < 5_000 && !isAllLive(); n += 1) await settle();
  expect(lines.all().length).toBe(30);
  expect(isAllLive()).toBe(true);
  expect(most).toBe(4);
}, 30_000);
