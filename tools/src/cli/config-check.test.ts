import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfig } from './config-check.ts';

const good = {
  name: 'Mine',
  timeframe: '1m',
  positionSizeQuote: '100',
  maxPositions: 1,
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
  tradeStepPct: 2,
  cooldownMinutes: 15,
  confirmationMinutes: 5,
  minTradeTemperature: 'HOT',
  minConfidence: 0.6,
  temperatureTable: 'production',
  signalConfig: {
    rsi: { enabled: true, weight: 0.5, period: 14, buyThreshold: 30, sellThreshold: 70 },
    movingAverage: null,
    macd: null,
  },
};

let folder: string;
const check = (content: string) => {
  const file = join(folder, 'bot.json');
  writeFileSync(file, content);
  return checkConfig(file);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tw-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a good file is named', () => {
  expect(check(JSON.stringify(good))).toMatchObject({ ok: true, data: { name: 'Mine' } });
});

test('STR-11 weights over 1 are refused with their sum', () => {
  const heavy = {
    ...good,
    signalConfig: {
      ...good.signalConfig,
      rsi: { ...good.signalConfig.rsi, weight: 0.7 },
      macd: { enabled: true, weight: 0.7, fast: 12, slow: 26, signal: 9 },
    },
  };
  const answer = check(JSON.stringify(heavy));
  expect(answer.ok).toBe(false);
  expect(answer.text).toContain('sum to 1.4');
});

test('every fault is printed, not only the first', () => {
  const answer = check(
    JSON.stringify({ ...good, stopLossPct: 0, cooldownMinutes: 'soon', extra: 1 }),
  );
  expect(answer.text).toContain('stopLossPct');
  expect(answer.text).toContain('cooldownMinutes');
  expect(answer.text).toContain('extra');
});

test('a file that is not JSON, or not there, is said so', () => {
  expect(check('{').ok).toBe(false);
  expect(checkConfig(join(folder, 'missing.json')).text).toContain('no such file');
});
