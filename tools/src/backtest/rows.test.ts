import { barsOfTrades } from './rows.ts';

test('IND-52 candles of trades tell what aggressors bought, in base units and in trades', () => {
  const columns = {
    ts: Float64Array.of(0, 1_000, 2_000, 60_000),
    price: Float64Array.of(100, 101, 99, 100),
    size: Float64Array.of(1, 2, 4, 8),
    side: Float64Array.of(1, -1, 1, -1),
  };
  const { volume, buyVolume, trades, buyTrades } = barsOfTrades(columns);
  expect([volume, buyVolume, trades, buyTrades].map((column) => [...(column ?? [])])).toEqual([
    [7, 8],
    [5, 0],
    [3, 1],
    [2, 0],
  ]);
});
