/** The moment of every test, wall clock. */
export const T0 = 1_795_000_000_000;

/** Yahoo's answer for one market: three minutes, one of them without trades. */
export const yahooChart = {
  chart: {
    result: [
      {
        meta: {
          currency: 'USD',
          symbol: 'BTC-USD',
          regularMarketPrice: 95_000.12,
          regularMarketTime: T0 / 1_000 - 5,
        },
        timestamp: [T0 / 1_000 - 120, T0 / 1_000 - 60, T0 / 1_000],
        indicators: {
          quote: [
            {
              open: [1, null, 2],
              high: [3, null, 4],
              low: [0.5, null, 1.5],
              close: [2, null, 2.5],
              volume: [10, null, 0],
            },
          ],
        },
      },
    ],
    error: null,
  },
};
