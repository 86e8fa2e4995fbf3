import { money } from '../../lib/units.ts';
import { botFromPreset, PRESETS, type PresetName } from './presets.ts';

test.each([
  ['conservative', 10, 30, 'HOT', 0.7, '50'],
  ['balanced', 5, 15, 'HOT', 0.6, '100'],
  ['aggressive-balanced', 5, 15, 'WARM', 0.75, '100'],
  ['aggressive', 2, 10, 'WARM', 0.5, '100'],
] as const)(
  "STR-20 a new %s bot has its preset's numbers",
  (preset, confirm, cool, temperature, confidence, size) => {
    expect(botFromPreset(preset, 'mine')).toMatchObject({
      name: 'mine',
      confirmationMinutes: confirm,
      cooldownMinutes: cool,
      minTradeTemperature: temperature,
      minConfidence: confidence,
      positionSizeQuote: money(size),
      temperatureTable: 'production',
    });
  },
);

test('STR-10 the rest are the defaults', () => {
  expect(botFromPreset('balanced', 'mine', money('40'))).toMatchObject({
    positionSizeQuote: money('40'),
    maxPositions: 1,
    stopLossPct: 5,
    takeProfitPct: 10,
    tradeStepPct: 2,
  });
  expect(botFromPreset('conservative', 'mine', money('40')).positionSizeQuote).toBe(money('20'));
});

test('STR-11 the weights of a new bot sum to 1', () => {
  const names = Object.keys(PRESETS) as PresetName[];
  for (const name of names) {
    const { rsi, movingAverage, macd } = botFromPreset(name, 'mine').signalConfig;
    const total = (rsi?.weight ?? 0) + (movingAverage?.weight ?? 0) + (macd?.weight ?? 0);
    expect(total).toBeCloseTo(1, 12);
  }
});
