import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '../backtest.ts';
import { candlesCsv } from '../testing.ts';
import { MAX_CANDLES } from './chart-data.ts';

let folder: string;
let page: string;
const before = { ...process.env };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-report-'));
  process.env['TRADEWIND_CWD'] = folder;
  process.env['TRADEWIND_BACKTESTS'] = join(folder, 'backtests');
  writeFileSync(join(folder, 'c.csv'), candlesCsv(3_100));
  const options = {
    balance: '10000',
    limits: 'paper',
    conventions: 'paper',
    seed: '1',
    allowGaps: false,
    strictCoverage: false,
    data: ['BTC-USDT=c.csv'],
    name: `</script><img src=x onerror="alert(1)">`,
    html: 'r.html',
  } as const;
  await backtest(options, 'sma-cross');
  page = readFileSync(join(folder, 'r.html'), 'utf8');
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
  process.env = { ...before };
});

test('the page loads nothing: no address in an attribute, a style or an import', () => {
  expect(page).not.toMatch(/\b(?:src|href|action|poster)\s*=\s*["']?\s*(?:https?:)?\/\//i);
  const [styles = ''] = /<style>[^]*?<\/style>/.exec(page) ?? [];
  expect(styles).toContain('--page:');
  expect(styles).not.toMatch(/url\(|@import/i);
  expect(page).not.toMatch(/<link|<iframe/i);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; script-src`);
});

test('text of the person’s is text, wherever it stands', () => {
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
});

test('every script ends where it is meant to', () => {
  const scripts = page.split('<script').length - 1;
  expect(scripts).toBe(4);
  expect(page.split('</script>')).toHaveLength(scripts + 1);
});

test('candles are joined until they fit, and the page says so', () => {
  const [, json = ''] =
    /<script type="application\/json" id="chart-data">([^<]*)</.exec(page) ?? [];
  const data = JSON.parse(json) as {
    readonly curve: readonly unknown[];
    readonly markets: readonly {
      readonly candles: readonly (readonly number[])[];
      readonly joined: number;
    }[];
  };
  const [market] = data.markets;
  expect(market?.joined).toBe(3);
  expect(market?.candles.length).toBeLessThanOrEqual(MAX_CANDLES);
  for (const [, open = 0, high = 0, low = 0, close = 0] of market?.candles ?? []) {
    expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
    expect(low).toBeLessThanOrEqual(Math.min(open, close));
  }
  expect(page).toContain('candles, each of 3 bars of the data, so that the page stays small');
});

test('tables have captions, and parts of the page names', () => {
  expect(page.match(/<table/g)?.length).toBe(page.match(/<caption/g)?.length);
  expect(page).toContain('<html lang="en"');
  for (const title of [
    'Monthly returns',
    'Returns of trades',
    'Statistics',
    'Trades',
    'Configuration',
  ])
    expect(page).toMatch(new RegExp(`<h2 id="[a-z]+-title">${title}</h2>`));
});
