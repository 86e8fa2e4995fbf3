import { createMetrics } from './metrics.ts';

/** The lines of the metric, as whoever scrapes it reads them. */
const linesOf = async ({ text }: ReturnType<typeof createMetrics>): Promise<readonly string[]> =>
  (await text()).split('\n').filter((line) => line.startsWith('trading_margin_health{'));

test('RSK-103 the worst margin health of each symbol is told, and nothing of what is held no more', async () => {
  const metrics = createMetrics();
  metrics.margin.tell(
    'one',
    new Map([
      ['BTC-USDT', 0.8],
      ['ETH-USDT', 0.4],
    ]),
  );
  metrics.margin.tell('two', new Map([['BTC-USDT', 0.5]]));
  expect(await linesOf(metrics)).toEqual([
    'trading_margin_health{symbol="BTC-USDT"} 0.5',
    'trading_margin_health{symbol="ETH-USDT"} 0.4',
  ]);
  metrics.margin.tell('two', new Map());
  expect(await linesOf(metrics)).toContain('trading_margin_health{symbol="BTC-USDT"} 0.8');
  metrics.margin.tell('one', new Map());
  expect(await linesOf(metrics)).toEqual([]);
});

test('ARC-03 a worker that acts no more tells of no margin', async () => {
  const metrics = createMetrics();
  metrics.margin.tell('one', new Map([['BTC-USDT', 0.2]]));
  metrics.margin.clear();
  expect(await linesOf(metrics)).toEqual([]);
});
