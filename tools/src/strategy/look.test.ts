import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStrategyFile } from './look.ts';

const good = {
  name: 'Mine',
  strategy: { id: 'sma-cross', params: { fast: 5, slow: 20 } },
  marketKeys: ['binance_spot_BTC-USDT'],
  positionSizeQuote: '100',
  maxPositions: 1,
  protection: { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tw-check-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const checkText = (text: string, live = false) => {
  const file = join(folder, 'mine.json');
  writeFileSync(file, text);
  return checkStrategyFile(file, { live });
};
const check = (document: object, live = false) => checkText(JSON.stringify(document), live);

test('a good document is named', () => {
  expect(check(good)).toMatchObject({ ok: true, data: { name: 'Mine', id: 'sma-cross' } });
});

test('every fault is listed, of the document and of its parameters', () => {
  const { ok, text } = check({
    ...good,
    strategy: { id: 'sma-cross', params: { fast: 1, slow: 'far' } },
    maxPositions: 0,
    more: 1,
  });
  expect(ok).toBe(false);
  for (const field of ['maxPositions', 'strategy.params.fast', 'strategy.params.slow', 'more'])
    expect(text).toContain(field);
});

test('a strategy that nobody knows is answered with those there are', () => {
  const { text } = check({ ...good, strategy: { id: 'no-such', params: {} } });
  expect(text).toMatch(/strategy.id: there is no strategy "no-such".*sma-cross/);
});

test('STR-14 for real money more is refused than on paper', () => {
  const strategy = { id: 'weighted', params: { temperatureTable: 'sensitive' } };
  expect(check({ ...good, strategy }).ok).toBe(true);
  expect(check({ ...good, strategy }, true)).toMatchObject({ ok: false });
});

test.each(['{', 'null', '[]', '"text"'])('%s is no document', (text) => {
  expect(checkText(text).ok).toBe(false);
});

test('a file that is not there is said so', () => {
  expect(checkStrategyFile(join(folder, 'missing.json'), { live: false }).text).toContain(
    'no such file',
  );
});
