import {
  FALLING,
  HELD,
  MINUTE,
  RISING,
  T0,
  final,
  follower,
  reasonOf,
  type Around,
} from '../../../test/weighted-bot.ts';
import { epochMs, type EpochMs } from '../../lib/time.ts';
import { money, price } from '../../lib/units.ts';
import type { BlockingReason } from '../blocking.ts';
import type { WeightedBot } from './config.ts';

describe('STR-18 what keeps a bot from trading', () => {
  const bought = { side: 'BUY' as const, price: price('50') };
  const at = (minutes: number): EpochMs => epochMs(T0 + minutes * MINUTE);
  const cases: readonly [BlockingReason, WeightedBot, readonly number[], Around][] = [
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
    expect(step.view).toMatchObject({ canTrade: false, block: { reason } });
    expect(step.view.block?.detail).not.toBe('');
  });

  test('names the first reason of the closed list where several hold', () => {
    const all: Around = {
      lastFill: { side: 'BUY', price: price('104'), at: at(3) },
      pendingOrder: true,
      availableQuote: money('0'),
    };
    expect(reasonOf(final(follower, RISING, all))).toBe('trade_step');
    expect(reasonOf(final({ ...follower, minConfidence: 1.1 }, RISING, all))).toBe(
      'low_confidence',
    );
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
    expect(final(follower, FALLING, around).decision.kind).toBe('signal');
  });

  test('MD-11 poorer data make a bot less sure, and do not keep it in a position', () => {
    const sure = { ...follower, minConfidence: 0.7 };
    const entry = final(sure, RISING, { dataQuality: 0.6 });
    expect([entry.view.confidence, reasonOf(entry)]).toEqual([0.6, 'low_confidence']);
    const exit = final(sure, FALLING, { dataQuality: 0.6, position: HELD });
    expect([exit.view.confidence, exit.decision.kind]).toEqual([0.6, 'signal']);
  });

  test.each([
    ['stale', { stale: true }],
    ['of history', { warmup: true }],
    ['MD-73 incomplete', { incomplete: true }],
  ] as const)('STR-17 a bar that is %s breaks a confirmation', (_, around) => {
    expect(final(follower, RISING, around).state.confirmation).toBeNull();
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
    expect(over.decision.kind).toBe('signal');
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
