import {
  botFromPreset,
  DEFAULT_SIGNALS,
  PRESETS,
  type BotSettings,
  type PresetName,
} from '@tradewind/core/strategy/weighted/presets';
import * as z from 'zod';
import { signalConfig } from '@tradewind/core/strategy/weighted/params';
import { botSettings } from './bot.ts';

const presets = Object.keys(PRESETS) as PresetName[];

test.each(presets)('STR-20 a new %s bot is stored and read back as it was', (preset) => {
  const settings: BotSettings = botFromPreset(preset, 'mine');
  const read: BotSettings = z.decode(botSettings, z.encode(botSettings, settings));
  expect(read).toEqual(settings);
});

describe('IND-T04 STR-11 weights', () => {
  const weighing = (rsi: number, macd: number): unknown => ({
    rsi: { ...DEFAULT_SIGNALS.rsi, weight: rsi },
    movingAverage: null,
    macd: { ...DEFAULT_SIGNALS.macd, weight: macd },
  });
  const faultOf = (config: unknown): string | undefined =>
    signalConfig.safeParse(config).error?.issues[0]?.message;

  test('that sum to 1 are taken, and a signal that is null does not count', () => {
    expect(faultOf(weighing(0.7, 0.3))).toBeUndefined();
  });

  test('that sum to more are refused with their sum', () => {
    expect(faultOf(weighing(0.71, 0.3))).toBe(
      'weights of enabled signals sum to 1.01, at most 1 is allowed',
    );
  });

  test('that sum to nothing are refused: such a bot could never trade', () => {
    expect(faultOf(weighing(0, 0))).toBe(
      'no enabled signal has a weight above 0, so the bot could never trade',
    );
  });
});

test('averages and thresholds that are the wrong way round are refused', () => {
  const config = {
    rsi: { ...DEFAULT_SIGNALS.rsi, buyThreshold: 70, sellThreshold: 30 },
    movingAverage: { ...DEFAULT_SIGNALS.movingAverage, fast: 30, slow: 10 },
    macd: { ...DEFAULT_SIGNALS.macd, fast: 26, slow: 26 },
  };
  const messages = signalConfig.safeParse(config).error?.issues.map((issue) => issue.message);
  expect(messages).toEqual([
    'fast (30) must be below slow (10)',
    'fast (26) must be below slow (26)',
    'buyThreshold must be below sellThreshold',
  ]);
});
