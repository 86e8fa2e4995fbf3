import fc from 'fast-check';
import {
  FALLING,
  HELD,
  MINUTE,
  RISING,
  T0,
  balanced,
  bar,
  closeOf,
  engineOf,
  feed,
  final,
  follower,
  run,
  type Around,
} from '../../../test/weighted-bot.ts';
import type { EngineState } from '../../engine/engine.ts';
import { restore, stored } from '../../engine/restore.ts';
import { signalIdOf } from '../../lib/ids.ts';
import { epochMs } from '../../lib/time.ts';
import { money, price, priceFromFloat } from '../../lib/units.ts';

describe('a confirmed wish', () => {
  test('STR-03 to buy is a signal that says what, how much and why', () => {
    const { signal, view, audit } = final(follower, RISING);
    const at = epochMs(T0 + 3 * MINUTE);
    expect(signal).toEqual({
      signalId: signalIdOf({
        bookId: 'paper',
        strategyId: 'follower',
        marketKey: 'binance_spot_BTC-USDT',
        barCloseAt: at,
        action: 'ENTER',
      }),
      bookId: 'paper',
      strategyId: 'follower',
      marketKey: 'binance_spot_BTC-USDT',
      symbol: 'BTC-USDT',
      signalType: 'Z1',
      action: 'ENTER',
      direction: 'LONG',
      confidence: 1,
      score: Math.round(Math.tanh(100 / 103) * 1e12) / 1e12,
      reasons: [
        'fast MA 0.97 % above slow MA',
        'score 0.75 is HOT (acts from 0.3)',
        'BUY held for 1 min',
      ],
      indicatorValues: { fastMa: 104, slowMa: 103 },
      expectedPrice: price('104'),
      suggestedQuote: money('100'),
      suggestedStop: null,
      suggestedTarget: null,
      ttlMs: 120_000,
      barCloseAt: at,
      decidedAt: at,
    });
    expect(view).toMatchObject({
      action: 'BUY',
      temperature: 'HOT',
      progressPct: 100,
      confirmationStartedAt: T0 + 2 * MINUTE,
      confirmedAt: at,
    });
    expect(audit.failing).toBeNull();
  });

  test('STR-21 to sell closes what is held', () => {
    expect(final(follower, FALLING, { position: HELD }).signal).toMatchObject({
      signalType: 'ZE1',
      action: 'EXIT',
      direction: 'LONG',
      suggestedQuote: null,
    });
  });

  describe('a bot that may sell short', () => {
    const bear = { ...follower, allowShort: true };
    const SHORT = { ...HELD, side: 'SHORT' } as const;

    test('STR-21 sells short what it does not hold, and only if its document says so', () => {
      expect(final(bear, FALLING).signal).toMatchObject({
        ...{ signalType: 'Z1', action: 'ENTER', direction: 'SHORT' },
      });
      expect(final(follower, FALLING).signal).toBeNull();
    });

    test('buys back what it has sold short, and sells what it holds', () => {
      expect(final(bear, RISING, { position: SHORT }).signal).toMatchObject({
        ...{ signalType: 'ZE1', action: 'EXIT', direction: 'SHORT' },
      });
      expect(final(bear, FALLING, { position: HELD }).signal).toMatchObject({
        ...{ signalType: 'ZE1', action: 'EXIT', direction: 'LONG' },
      });
    });

    test('sells no more while it is short', () => {
      expect(final(bear, FALLING, { position: SHORT }).audit.failing?.reason).toBe('max_positions');
    });
  });

  const asked = (closes: readonly number[], around: Around = {}): boolean[] =>
    run(follower, closes, around).map(({ signal }) => signal !== null);

  test('is asked for once: after a signal the confirmation starts anew', () => {
    expect(asked([...RISING, 106, 108])).toEqual([false, false, true, false, true]);
  });

  test.each([
    ['a book that takes no entries', { entryBlock: { reason: 'halted', detail: 'stopped' } }],
    ['an order under way', { pendingOrder: true }],
    ['a book without money', { availableQuote: money('0') }],
  ] as const)('STR-17 stays confirmed while %s keeps it from leaving', (_, around) => {
    const engine = engineOf(follower);
    const state = engine.init();
    const signals = [100, 102, 104, 106].map(
      (close, minute) => feed(engine, state, [bar(minute, close), minute < 3 ? around : {}]).signal,
    );
    expect(signals.map((signal) => signal !== null)).toEqual([false, false, false, true]);
  });

  test('ARC-28 evaluated again gives the same signal id, on the next bar another', () => {
    const idOf = (closes: readonly number[]) => final(follower, closes).signal?.signalId ?? 'none';
    expect(idOf(RISING)).toBe(idOf(RISING));
    expect(idOf([...RISING, 106, 108])).not.toBe(idOf(RISING));
  });

  test('STR-17 a pause makes it start anew', () => {
    const engine = engineOf(follower);
    const state = engine.init();
    feed(engine, state, [bar(0, 100), {}]);
    feed(engine, state, [bar(1, 102), {}]);
    engine.decide(state, { kind: 'pause', reason: 'by hand' }, closeOf(bar(1, 102)));
    engine.decide(state, { kind: 'resume' }, closeOf(bar(1, 102)));
    expect(feed(engine, state, [bar(2, 104), {}]).audit.failing?.reason).toBe('not_confirmed');
  });
});

describe('a series of bars', () => {
  const walks = fc
    .array(fc.integer({ min: -300, max: 300 }), { minLength: 40, maxLength: 90 })
    .map((steps) => {
      let close = 1_000;
      return steps.map((step) => (close *= 1 + step / 10_000));
    });
  const engine = engineOf(balanced);
  /** Feeds a walk as a desk would: a signal fills at once, and what it bought is held. */
  function trade(closes: readonly number[], carry: (state: EngineState) => EngineState) {
    let state = engine.init();
    let around: Around = {};
    return closes.map((close, minute) => {
      const fed = bar(minute, close);
      const step = feed(engine, carry(state), [fed, around]);
      state = step.state;
      if (step.signal !== null) {
        const side = step.signal.action === 'ENTER' ? 'BUY' : 'SELL';
        const lastFill = { side, price: priceFromFloat(close, 'floor'), at: closeOf(fed) } as const;
        around = { lastFill, position: side === 'BUY' ? HELD : null };
      }
      return { view: step.view, signal: step.signal, failing: step.audit.failing };
    });
  }
  const asIs = (state: EngineState): EngineState => state;

  test('STR-94 prop: no later bar changes an earlier decision', () => {
    fc.assert(
      fc.property(walks, walks, fc.nat(90), (closes, others, cut) => {
        const head = closes.slice(0, cut);
        expect(trade([...head, ...others], asIs).slice(0, head.length)).toEqual(
          trade(closes, asIs).slice(0, head.length),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('IND-06 STR-02 prop: stored and restored between all bars, a bot decides the same', () => {
    const throughText = (state: EngineState): EngineState => {
      const restored = restore(engine, stored(engine, state));
      if (!restored.ok) throw new Error(restored.error);
      return restored.value;
    };
    fc.assert(
      fc.property(walks, (closes) => {
        expect(trade(closes, throughText)).toEqual(trade(closes, asIs));
      }),
      { numRuns: 20 },
    );
  });

  test('the walks of these properties do trade', () => {
    const closes = Array.from({ length: 300 }, (_, i) => 1_000 + 40 * Math.sin(i / 15));
    const actions = trade(closes, asIs).flatMap(({ signal }) =>
      signal === null ? [] : [signal.action],
    );
    expect(actions.slice(0, 4)).toEqual(['ENTER', 'EXIT', 'ENTER', 'EXIT']);
  });

  test('warms up for as long as its slowest indicator needs, and no bar longer', () => {
    const closes = Array.from({ length: 60 }, (_, i) => 100 + i);
    const steps = run(balanced, closes);
    expect(steps.findIndex(({ view }) => view.score !== null)).toBe(33);
    expect(steps.findIndex(({ audit }) => audit.failing?.reason !== 'warmup')).toBe(33);
  });

  test('IND-T15 that comes newest first is refused, and so is a bar that came before', () => {
    const state = final(follower, RISING).state;
    for (const minute of [2, 0])
      expect(() => feed(engineOf(follower), state, [bar(minute, 100), {}])).toThrow(
        'bars come oldest first',
      );
  });
});
