import * as z from 'zod';
import { epochMs } from '../lib/time.ts';
import { money, price, qty } from '../lib/units.ts';
import { measure, require } from '../strategy/gate.ts';
import {
  defineStrategy,
  type Context,
  type StateRecord,
  type Verdict,
  type Wish,
} from '../strategy/strategy.ts';
import type { EngineBar } from './bar.ts';
import { createEngine, type Engine } from './decide.ts';
import type { EngineState, Step } from './engine.ts';
import type { Facts } from './facts.ts';

const MINUTE = 60_000;

const facts: Facts = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  entryBlock: null,
  stale: false,
  dataQuality: 1,
  warmup: false,
};

const bar = (minute: number, close: number): EngineBar => ({
  openAt: minute * MINUTE,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
  buyVolume: null,
  trades: 1,
  incomplete: false,
});

const moved: StateRecord = {
  at: epochMs(0),
  from: 'A',
  to: 'B',
  cause: 'test',
  detail: null,
  confidence: null,
  indicatorValues: {},
  actionTaken: 'NO_ACTION',
};

const held: Partial<Facts> = {
  position: {
    side: 'LONG',
    quantity: qty('1'),
    averageEntry: price('10'),
    openedAt: epochMs(0),
    lastFillAt: epochMs(0),
  },
};

type Evaluate = (context: Context<object, { seen: number }>) => Verdict;

/** Buys whenever the close is above its average of two bars, unless told otherwise. */
const above: Evaluate = ({ value, bar: { close } }) => {
  const gate = measure({ gate: 'above', reason: 'no_signal' }, close - (value('SMA_2') ?? NaN), [
    '>',
    0,
  ]);
  return {
    wish: !gate.passes
      ? null
      : {
          action: 'ENTER',
          direction: 'LONG',
          signalType: 'Z1',
          confidence: 1,
          score: 1,
          reasons: ['above'],
          indicatorValues: {},
          suggestedStop: null,
          suggestedTarget: null,
          suggestedQuote: null,
          ttlMs: 1_000,
        },
    gates: [gate],
    view: null,
  };
};

/** Always wishes for this. */
const wishing =
  (wish: Pick<Wish, 'action' | 'signalType'>): Evaluate =>
  () => ({
    wish: {
      direction: 'LONG',
      confidence: 1,
      score: 0,
      reasons: ['wished'],
      indicatorValues: {},
      suggestedStop: null,
      suggestedTarget: null,
      suggestedQuote: null,
      ttlMs: 1_000,
      ...wish,
    },
    gates: [],
    view: null,
  });

function engineOf(evaluate: Evaluate): Engine {
  const definition = defineStrategy<object, { seen: number }>({
    id: 'test',
    kind: 'module',
    version: '1',
    title: 'Test',
    paramsSchema: z.strictObject({}),
    needs: () => ({
      timeframe: '1m',
      variants: { '1m': ['SMA_2'] },
      windows: ['TRADE_RATE_60_0'],
      structure: [],
      warmupBars: 0,
    }),
    takeRecords: ({ seen }) => (seen === 100 ? [moved] : []),
    onFailed: (memory) => {
      memory.seen = 100;
    },
    init: () => ({ seen: 0 }),
    evaluate: (context) => {
      context.memory.seen += 1;
      return evaluate(context);
    },
    onPause: (memory) => {
      memory.seen = 0;
    },
  });
  const strategy = definition.prepare({});
  if (!strategy.ok) throw new Error(strategy.error);
  return createEngine({
    bookId: 'book',
    strategyId: 'one',
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    grid: { tickSize: 0.01, lotSize: 0.0001 },
    base: '1m',
    strategy: strategy.value,
    positionSizeQuote: money('100'),
  });
}

const feed = (
  engine: Engine,
  state: EngineState,
  [minute, close]: [number, number],
  with_: Partial<Facts> = {},
): Step =>
  engine.decide(
    state,
    { kind: 'bar', bar: bar(minute, close), facts: { ...facts, ...with_ } },
    epochMs((minute + 1) * MINUTE),
  );

describe('the engine', () => {
  test('STR-02 gives the same decision for the same state, event and time, also from a stored state', () => {
    const engine = engineOf(above);
    const state = engine.init();
    feed(engine, state, [1, 10]);
    const stored = JSON.parse(JSON.stringify(state)) as EngineState;
    const first = feed(engine, state, [2, 11]);
    const again = feed(engine, stored, [2, 11]);
    expect(first.effects).toHaveLength(1);
    expect(again).toEqual(first);
  });

  test('STR-04 says why it holds: the first gate that failed', () => {
    const engine = engineOf(above);
    const state = engine.init();
    expect(feed(engine, state, [1, 10]).audit.failing?.reason).toBe('warmup');
    expect(feed(engine, state, [2, 9]).audit.failing?.gate).toBe('above');
    expect(feed(engine, state, [3, 11], { pendingOrder: true }).audit.failing?.reason).toBe(
      'pending_order',
    );
  });

  test('STR-06 isolates a strategy that throws, and stops it after three failures in a row', () => {
    const engine = engineOf(() => {
      throw new Error('no luck');
    });
    const state = engine.init();
    for (const minute of [1, 2, 3]) {
      const { audit, effects } = feed(engine, state, [minute, 10]);
      expect(audit.fault).toBe('no luck');
      expect(audit.failing?.reason).toBe('strategy_error');
      expect(effects).toEqual([]);
    }
    expect(state.status).toBe('ERROR');
    expect(feed(engine, state, [4, 10]).audit.fault).toBeNull();
  });

  test.each([
    ['a confidence that is no number', { confidence: NaN }],
    ['a score beyond 1', { score: 2 }],
    ['a stop above the price of a long', { suggestedStop: 1_000 }],
    ['a size of nothing', { suggestedQuote: money('0') }],
    ['a value that is no number', { indicatorValues: { rsi: Infinity } }],
  ])('acts on nothing of an answer with %s', (_, wrong) => {
    const engine = engineOf((context) => {
      const verdict = above(context);
      return verdict.wish === null ? verdict : { ...verdict, wish: { ...verdict.wish, ...wrong } };
    });
    const state = engine.init();
    feed(engine, state, [1, 10]);
    const { effects, audit } = feed(engine, state, [2, 11]);
    expect(effects).toEqual([]);
    expect(audit.fault).not.toBeNull();
  });

  test('STR-08 a name that was not asked for is a fault, never a default', () => {
    const engine = engineOf((context) => {
      context.value('RSI_14');
      return above(context);
    });
    expect(feed(engine, engine.init(), [1, 10]).audit.fault).toMatch('RSI_14 is not among');
  });

  test.each([
    // On the grid of 0.01: a stop is rounded to be tighter, a target to be nearer.
    ['LONG', 10.123, 12.345, '10.13', '12.34'],
    ['SHORT', 12.345, 10.123, '12.34', '10.13'],
    // 0.1 + 10.2 is 10.299999999999999 in floats: noise is no reason to move by a step.
    ['LONG', 0.1 + 10.2, 11.1, '10.3', '11.1'],
  ] as const)(
    'STR-03 a %s leaves with its stop %d and target %d on the grid',
    (direction, suggestedStop, suggestedTarget, stop, target) => {
      const engine = engineOf((context) => {
        const verdict = above(context);
        if (verdict.wish === null) return verdict;
        return { ...verdict, wish: { ...verdict.wish, direction, suggestedStop, suggestedTarget } };
      });
      const state = engine.init();
      feed(engine, state, [1, 10]);
      expect(feed(engine, state, [2, 11]).effects).toMatchObject([
        { signal: { suggestedStop: price(stop), suggestedTarget: price(target) } },
      ]);
    },
  );

  test('a paused strategy enters nothing, cancels its entries, and goes on when resumed', () => {
    const engine = engineOf(above);
    const state = engine.init();
    feed(engine, state, [1, 10]);
    const pause = engine.decide(state, { kind: 'pause', reason: 'by hand' }, epochMs(MINUTE));
    expect(pause.effects).toEqual([{ kind: 'cancelEntries', reason: 'by hand' }]);
    expect(state.memory).toEqual({ seen: 0 });
    expect(feed(engine, state, [2, 11]).audit.failing?.reason).toBe('paused');
    engine.decide(state, { kind: 'resume' }, epochMs(2 * MINUTE));
    expect(feed(engine, state, [3, 12]).effects).toHaveLength(1);
  });

  test('an answer that neither wishes nor says why not is a fault', () => {
    const engine = engineOf(() => ({
      wish: null,
      gates: [require({ gate: 'fine', reason: 'no_signal' }, true, true)],
      view: null,
    }));
    const state = engine.init();
    // Of a bar that cannot be acted on nothing has to be said.
    expect(feed(engine, state, [1, 10]).audit.fault).toBeNull();
    expect(feed(engine, state, [2, 10]).audit.fault).toMatch('neither');
  });

  test('STR-33 a window that the event leaves out is not known, whatever it was before', () => {
    const seen: (number | undefined)[] = [];
    const engine = engineOf((context) => {
      seen.push(context.value('TRADE_RATE_60_0'));
      return above(context);
    });
    const state = engine.init();
    const event = { kind: 'bar', facts } as const;
    const windows = { TRADE_RATE_60_0: 2 };
    engine.decide(state, { ...event, bar: bar(1, 10), windows }, epochMs(2 * MINUTE));
    engine.decide(state, { ...event, bar: bar(2, 10) }, epochMs(3 * MINUTE));
    expect(seen).toEqual([2, undefined]);
  });

  test('STR-30 an emergency exit waits neither for an order under way, which is cancelled, nor for better data', () => {
    const engine = engineOf(wishing({ action: 'EXIT', signalType: 'E1' }));
    const state = engine.init();
    feed(engine, state, [1, 10]);
    const kinds = (with_: Partial<Facts>, minute: number) =>
      feed(engine, state, [minute, 10], with_).effects.map(({ kind }) => kind);
    expect(kinds({ ...held, pendingOrder: true }, 2)).toEqual(['cancelEntries', 'signal']);
    expect(kinds({ ...held, stale: true }, 3)).toEqual(['signal']);
    expect(kinds({ ...held, warmup: true }, 4)).toEqual([]);
    expect(kinds({}, 5)).toEqual([]);
  });

  test('entries are cancelled on stale data as well; an exit that is no emergency waits', () => {
    const stale: Partial<Facts> = { ...held, stale: true };
    for (const [wish, effects] of [
      [{ action: 'CANCEL', signalType: 'O1' }, 1],
      [{ action: 'EXIT', signalType: 'ZE1' }, 0],
    ] as const) {
      const engine = engineOf(wishing(wish));
      const state = engine.init();
      feed(engine, state, [1, 10]);
      expect(feed(engine, state, [2, 10], stale).effects).toHaveLength(effects);
    }
  });

  test('STR-34 hands out what moved, and STR-06 tells a strategy that it was given up', () => {
    const engine = engineOf(() => {
      throw new Error('no luck');
    });
    const state = engine.init();
    expect(feed(engine, state, [1, 10]).audit.records).toEqual([]);
    feed(engine, state, [2, 10]);
    expect(feed(engine, state, [3, 10]).audit.records).toEqual([moved]);
  });
});
