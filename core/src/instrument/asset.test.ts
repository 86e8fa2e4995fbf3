import { assetClassOf, assetTypeOf, baseOf, sectorOf } from './asset.ts';

test.each([
  ['binance_spot_BTC-USDT', 'crypto', 'regular'],
  ['binance_futures_DOGE-USDT', 'crypto', 'meme'],
  ['broker_equity_ACME-USD', 'stocks', 'stock'],
  ['broker_option_ACME-USD', 'options', 'option'],
  ['broker_forex_EUR-USD', 'forex', 'forex'],
  ['dex_dex_PEPE-WETH', 'crypto', 'meme'],
  ['nonsense', 'crypto', 'regular'],
])('RSK-20 PF-40 %s is %s, and trails as %s', (marketKey, assetClass, type) => {
  expect(assetClassOf(marketKey)).toBe(assetClass);
  expect(assetTypeOf(marketKey, marketKey.split('_')[2] ?? 'X-Y')).toBe(type);
});

test('RSK-75 sectors are known by base, and what is not known has none', () => {
  expect(['BTC-USDT', 'ETH-BTC', 'SOL-USDT', 'NEW-USDT'].map(sectorOf)).toEqual([
    'majors',
    'majors',
    'platforms',
    null,
  ]);
  expect(baseOf('BRK-B-USD')).toBe('BRK-B');
});
