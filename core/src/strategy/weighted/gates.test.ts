import {
  FALLING,
  HELD,
  MINUTE,
  RISING,
  T0,
  final,
  follower,
  type Around,
  type Step,
} from '../../../test/weighted-bot.ts';
import { epochMs, type EpochMs } from '../../lib/time.ts';
import { money, price } from '../../lib/units.ts';
import type { BlockingReason } from '../blocking.ts';
import type { WeightedParams } from './params.ts';
import { weighted } from './weighted.ts';

const reasonOf = ({ audit }: Step): BlockingReason | null => audit.failing?.reason ?? null;

describe('STR-18 what keeps a bot from trading', () => {
  const bought = { side: 'BUY' as const, price: price('50') };
  const at = (minutes: number): EpochMs => epochMs(T0 + minutes * MINUTE);
  const cases: readonly [BlockingReason, WeightedParams, readonly number[], Around][] = [
    ['warmup', follower, [100], {}],
    ['warmup', follower, RISING, { warmup: true }],
    ['stale_data', follower, RISING, { stale: true }],
    ['low_data_quality', follower, RISING, { incomplete: true }],
    ['clock_skew', follower, RISING, { now: epochMs(T0 + 3 * MINUTE - 5_001) }],
    [
      'low_confidence',
      { ...follower, minTradeTemperature: 'WARM', minConfidence: 0.7 },
      [100, 100.4, 100.8],
      {},
    ],
    ['not_confirmed', follower, [100, 102], {}],
    ['temperature_too_low', follower, [100, 100, 100.1], {}],
    ['trade_step', follower, RISING, { lastFill: { ...bought, price: price('103'), at: at(0) } }],
    ['cooldown', follower, RISING, { lastFill: { ...bought, at: at(2.5) } }],
    ['pending_order', follower, RISING, { pendingOrder: true }],
    ['max_positions', follower, RISING, { position: HELD }],
    ['insufficient_balance', follower, RISING, { availableQuote: money('99.99') }],
    [
      'emergency_stop',
      follower,
      RISING,
      { entryBlock: { reason: 'emergency_stop', detail: 'stopped by a person' } },
    ],
    ['nothing_to_sell', follower, FALLING, {}],
  ];

  test.each(cases)('%s', (reason, bot, closes, around) => {
    const step = final(bot, closes, around);
    expect(reasonOf(step)).toBe(reason);
    expect(step.effects).toEqual([]);
  });

  test('names the first reason of the closed list where several hold', () => {
    const all: Around = {
      lastFill: { side: 'BUY', price: price('104'), at: at(3) },
      pendingOrder: true,
      availableQuote: money('0'),
    };
    expect(reasonOf(final(follower, RISING, all))).toBe('trade_step');
    const unsure = { ...all, dataQuality: 0.5 };
    expect(reasonOf(final(follower, RISING, unsure))).toBe('low_confidence');
    expect(reasonOf(final(follower, RISING, { ...all, lastFill: null }))).toBe('pending_order');
  });

  test('STR-21 what cannot be done is HOLD, and confirms nothing', () => {
    for (const [closes, around] of [
      [RISING, { position: HELD }],
      [FALLING, {}],
    ] as const)
      expect(final(follower, closes, around).view).toMatchObject({
        action: 'HOLD',
        confirmationStartedAt: null,
      });
  });

  test('what stops entries lets exits go', () => {
    const around: Around = {
      position: HELD,
      entryBlock: { reason: 'emergency_stop', detail: 'stopped by a person' },
      availableQuote: money('0'),
    };
    expect(final(follower, FALLING, around).signal).not.toBeNull();
  });

  test('MD-11 poorer data make a bot less sure, and do not keep it in a position', () => {
    const sure = { ...follower, minConfidence: 0.7 };
    const entry = final(sure, RISING, { dataQuality: 0.6 });
    expect([entry.view.confidence, reasonOf(entry)]).toEqual([0.6, 'low_confidence']);
    const exit = final(sure, FALLING, { dataQuality: 0.6, position: HELD });
    expect([exit.view.confidence, reasonOf(exit)]).toEqual([0.6, null]);
  });

  test.each([
    ['stale', { stale: true }],
    ['of history', { warmup: true }],
    ['MD-73 incomplete', { incomplete: true }],
  ] as const)('STR-17 a bar that is %s breaks a confirmation', (_, around) => {
    expect(final(follower, RISING, around).state.memory).toEqual({ confirmation: null });
  });
});

describe('the cooldown', () => {
  const filled = (ms: number): Around => ({
    lastFill: { side: 'SELL', price: price('50'), at: epochMs(T0 + 3 * MINUTE - ms) },
  });

  test('STR-T03 counts from the time of the last fill, to the millisecond', () => {
    const early = final(follower, RISING, filled(MINUTE - 1));
    expect(reasonOf(early)).toBe('cooldown');
    expect(early.view.cooldownUntil).toBe(T0 + 3 * MINUTE + 1);
    const over = final(follower, RISING, filled(MINUTE));
    expect(over.signal).not.toBeNull();
    expect(over.view.cooldownUntil).toBeNull();
  });

  test('STR-T03 an unfilled order does not start it and blocks by pending_order', () => {
    const step = final(follower, RISING, { pendingOrder: true });
    expect(reasonOf(step)).toBe('pending_order');
    expect(step.view.cooldownUntil).toBeNull();
  });

  test('STR-18 holds back exits as well', () => {
    expect(reasonOf(final(follower, FALLING, { ...filled(1_000), position: HELD }))).toBe(
      'cooldown',
    );
  });
});

describe('STR-19 the trade step', () => {
  const last = (side: 'BUY' | 'SELL', px: string): Around => ({
    lastFill: { side, price: price(px), at: epochMs(T0) },
  });

  test.each([
    ['BUY', '102', 'trade_step'],
    ['BUY', '106.1', 'trade_step'],
    ['BUY', '101.96', null],
    ['BUY', '106.2', null],
    ['SELL', '104', null],
  ] as const)('a buy at 104 after a %s at %s is blocked by %p', (side, px, reason) => {
    expect(reasonOf(final(follower, RISING, last(side, px)))).toBe(reason);
  });
});

describe('STR-04 in words, on a bot’s card', () => {
  const at = (minutes: number): EpochMs => epochMs(T0 + minutes * MINUTE);
  const last = { side: 'BUY' as const, price: price('103') };
  test.each<[string, readonly number[], Around]>([
    ['a score of 0.100 either way is COOL; HOT starts at 0.3', [100, 100, 100.2], {}],
    ['held for 0 min of 1 min', [100, 102], {}],
    ['confidence 0.50, at least 0.6 is needed', RISING, { dataQuality: 0.5 }],
    [
      'the price moved 0.97 % since the last fill on this side, 2 % is needed',
      RISING,
      { lastFill: { ...last, at: at(0) } },
    ],
    [
      '0.5 min left since the last fill',
      RISING,
      { lastFill: { ...last, side: 'SELL', at: at(2.5) } },
    ],
    ['an order of this strategy is still under way', RISING, { pendingOrder: true }],
    ['99.99 available, 100 needed', RISING, { availableQuote: money('99.99') }],
    ['the score says more of what the bot already holds', RISING, { position: HELD }],
    ['the score says sell and nothing is held; this bot does not sell short', FALLING, {}],
    [
      'stopped by a person',
      RISING,
      { entryBlock: { reason: 'halted', detail: 'stopped by a person' } },
    ],
    ['paused for data: they are too old to act on', RISING, { stale: true }],
    ['an indicator has not seen enough bars yet: 1 of 2', [100], {}],
  ])('%s', (words, closes, around) => {
    const prepared = weighted.prepare(follower);
    const { failing } = final(follower, closes, around).audit;
    expect(prepared.ok && failing !== null && prepared.value.describe(failing)).toBe(words);
  });
});
