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
  final,
  follower,
  idle,
  run,
  type Around,
} from '../../../test/weighted-bot.ts';
import { signalIdOf } from '../../lib/ids.ts';
import { epochMs } from '../../lib/time.ts';
import { money, price } from '../../lib/units.ts';
import type { Decision } from '../decision.ts';
import type { WeightedBot } from './config.ts';
import {
  evaluateBar,
  weightedInit,
  weightedRestore,
  type BotView,
  type WeightedState,
} from './evaluate.ts';

describe('a confirmed wish', () => {
  test('STR-03 to buy is a signal that says what, how much and why', () => {
    const { decision, view } = final(follower, RISING);
    const at = epochMs(T0 + 3 * MINUTE);
    expect(decision).toEqual({
      kind: 'signal',
      signal: {
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
        ttlMs: 120_000,
        barCloseAt: at,
        decidedAt: at,
      },
    });
    expect(view).toMatchObject({
      action: 'BUY',
      temperature: 'HOT',
      progressPct: 100,
      confirmationStartedAt: T0 + 2 * MINUTE,
      confirmedAt: at,
      canTrade: true,
      block: null,
    });
  });

  test('STR-21 to sell closes what is held', () => {
    expect(final(follower, FALLING, { position: HELD }).decision).toMatchObject({
      kind: 'signal',
      signal: { signalType: 'ZE1', action: 'EXIT', direction: 'LONG', suggestedQuote: null },
    });
  });

  test('is asked for once: after a signal the confirmation starts anew', () => {
    const kinds = run(follower, [...RISING, 106, 108]).map(({ decision }) => decision.kind);
    expect(kinds).toEqual(['hold', 'hold', 'signal', 'hold', 'signal']);
  });

  test('ARC-28 evaluated again gives the same signal id, on the next bar another', () => {
    const idOf = (closes: readonly number[]): string => {
      const { decision } = final(follower, closes);
      return decision.kind === 'signal' ? decision.signal.signalId : 'none';
    };
    expect(idOf(RISING)).toBe(idOf(RISING));
    expect(idOf([...RISING, 106, 108])).not.toBe(idOf(RISING));
  });
});

describe('a series of bars', () => {
  const walks = fc
    .array(fc.integer({ min: -300, max: 300 }), { minLength: 40, maxLength: 90 })
    .map((steps) => {
      let close = 1_000;
      return steps.map((step) => (close *= 1 + step / 10_000));
    });
  /** Feeds a walk as a desk would: a signal fills at once, and what it bought is held. */
  function trade(closes: readonly number[], carry: (state: WeightedState) => WeightedState) {
    let state = weightedInit(balanced);
    let around: Around = {};
    return closes.map((close, minute): { view: BotView; decision: Decision } => {
      const candle = bar(minute, close);
      const step = evaluateBar({
        bot: balanced,
        state: carry(state),
        candle,
        context: { ...idle(candle), ...around },
      });
      state = step.state;
      if (step.decision.kind === 'signal') {
        const side = step.decision.signal.action === 'ENTER' ? 'BUY' : 'SELL';
        const lastFill = { side, price: candle.close, at: closeOf(candle) } as const;
        around = { lastFill, position: side === 'BUY' ? HELD : null };
      }
      return { view: step.view, decision: step.decision };
    });
  }
  const asIs = (state: WeightedState): WeightedState => state;

  test('STR-94 prop: no later bar changes an earlier decision', () => {
    fc.assert(
      fc.property(walks, walks, fc.nat(90), (closes, others, cut) => {
        const head = closes.slice(0, cut);
        expect(trade([...head, ...others], asIs).slice(0, head.length)).toEqual(
          trade(closes, asIs).slice(0, head.length),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('IND-06 prop: stored and restored between all bars, a bot decides the same', () => {
    const throughJson = (state: WeightedState): WeightedState => {
      const restored = weightedRestore(balanced, JSON.stringify(state));
      if (!restored.ok) throw new Error(restored.error);
      return restored.value;
    };
    fc.assert(
      fc.property(walks, (closes) => {
        expect(trade(closes, throughJson)).toEqual(trade(closes, asIs));
      }),
      { numRuns: 40 },
    );
  });

  test('the walks of these properties do trade', () => {
    const closes = Array.from({ length: 300 }, (_, i) => 1_000 + 40 * Math.sin(i / 15));
    const sides = trade(closes, asIs).flatMap(({ decision }) =>
      decision.kind === 'signal' ? [decision.signal.action] : [],
    );
    expect(sides.slice(0, 4)).toEqual(['ENTER', 'EXIT', 'ENTER', 'EXIT']);
  });

  test('STR-02 leaves the state it was given as it was', () => {
    const { state } = final(balanced, [100, 101, 102]);
    const before = JSON.stringify(state);
    const candle = bar(3, 103);
    const evaluation = { bot: balanced, state, candle, context: idle(candle) };
    const first = evaluateBar(evaluation);
    expect(JSON.stringify(state)).toBe(before);
    expect(evaluateBar(evaluation)).toEqual(first);
  });

  test('warms up for as long as its slowest indicator needs, and no bar longer', () => {
    const closes = Array.from({ length: 60 }, (_, i) => 100 + i);
    const ready = run(balanced, closes).map(({ view }) => view.score !== null);
    expect(ready.indexOf(true)).toBe(33);
  });

  test('IND-T15 that comes newest first is refused, and so is a bar that came before', () => {
    const { state } = final(follower, RISING);
    for (const minute of [2, 0]) {
      const candle = bar(minute, 100);
      expect(() => evaluateBar({ bot: follower, state, candle, context: idle(candle) })).toThrow(
        'bars come oldest first',
      );
    }
  });

  test('a bar of another length is refused', () => {
    const candle = bar(0, 100);
    const bot: WeightedBot = { ...follower, timeframe: '5m' };
    expect(() =>
      evaluateBar({ bot, state: weightedInit(bot), candle, context: idle(candle) }),
    ).toThrow('a 5m bar that opens at');
  });
});
