import fc from 'fast-check';
import { money, notional, price, qty } from '../lib/units.ts';
import { seconds } from '../lib/time.ts';
import type { Signal } from '../strategy/decision.ts';
import { decideSignal, reserve, type SignalDecision } from './decide-signal.ts';
import {
  aContext,
  aLivePrice,
  anInstrument,
  aPosition,
  aRiskState,
  aSignal,
  at,
  aWorkingIntent,
  NOON,
} from './fixtures.ts';
import type { GateContext } from './gate-context.ts';

const decide = (signal: Partial<Signal> = {}, context: Partial<GateContext> = {}): SignalDecision =>
  decideSignal(aSignal(signal), aContext(context));

const reasons = (decision: SignalDecision): string[] =>
  decision.approved ? [] : decision.reasons.map(({ reason }) => reason);

const eth = { marketKey: 'binance_spot_ETH-USDT', symbol: 'ETH-USDT' };
const exit = { action: 'EXIT', signalType: 'ZE1', suggestedQuote: null } as const;

describe('an entry that is approved', () => {
  test('becomes a market order for what the amount buys at the live price', () => {
    const decision = decide({}, { price: aLivePrice({ price: price('50100') }) });
    expect(decision).toMatchObject({
      approved: true,
      instruction: {
        bookId: 'paper',
        signalId: 'signal-1',
        positionId: null,
        action: 'ENTER',
        side: 'BUY',
        type: 'MARKET',
        quantity: qty('0.00199'),
        limitPrice: null,
        reduceOnly: false,
        closeReason: null,
        expectedPrice: price('50000'),
        expectedAt: NOON,
        expiresAt: NOON + seconds(60),
      },
    });
  });

  test('STR-03 keeps the levels that the strategy named', () => {
    const levels = { suggestedStop: price('49850'), suggestedTarget: price('50400') };
    expect(decide(levels)).toMatchObject({ approved: true, instruction: levels });
  });

  test('EXE-15 has the same intent id whenever it is decided, and another one for another signal', () => {
    const idOf = (decision: SignalDecision) =>
      decision.approved ? decision.instruction.intentId : undefined;
    const id = idOf(decide());
    expect(id).toBeDefined();
    expect(idOf(decide({}, { now: at(1_000) }))).toBe(id);
    expect(idOf(decide({ signalId: 'signal-2' }))).not.toBe(id);
  });
});

describe('an entry that is refused', () => {
  test.each([
    [60_000, 'approved'],
    [60_001, 'expired'],
    [86_400_000, 'expired'],
  ])('a signal good for 60 s that is %i ms old is %s', (age, outcome) => {
    const context = { now: at(age), price: aLivePrice({ at: at(age) }) };
    expect(decide({}, context).outcome).toBe(outcome);
  });

  test('expiry says by how much', () => {
    const decision = decide({}, { now: at(61_000) });
    expect(decision.approved ? [] : decision.reasons).toEqual([
      {
        reason: 'stale_data',
        detail: 'The signal was good for 60000 ms and came 1000 ms too late.',
      },
    ]);
  });

  test('RSK-51 gives every reason, in the order of the gate', () => {
    const decision = decide(
      // The loss halves it, and it is too large even so.
      { suggestedQuote: money('4000') },
      {
        risk: aRiskState({ emergencyStop: true, equity: money('9000') }),
        positions: [
          aPosition(eth),
          aPosition({ ...eth, strategyId: 'trend' }),
          aPosition({ strategyId: 'momentum' }),
        ],
        price: aLivePrice({ at: at(-400_000), price: price('51000') }),
        book: { bookId: 'paper', mode: 'paper', status: 'RUNNING', cash: money('100') },
      },
    );
    expect(reasons(decision)).toEqual([
      'emergency_stop',
      'stale_data',
      'allocation',
      'max_positions',
      'concentration',
      'daily_loss',
      'daily_loss',
      'allocation',
      'concentration',
      'insufficient_balance',
      'slippage',
      'portfolio_health',
    ]);
    expect(decision.checks.at(-1)).toMatchObject({
      check: 'handler:positionLimit',
      verdict: 'block',
    });
  });

  test('a second one in a symbol that the strategy holds: and its document lets nothing be added', () => {
    const context = { positions: [aPosition()] };
    expect(reasons(decide({}, context))).toEqual(['max_positions']);
    expect(reasons(decide({ action: 'ADD' }, context))).toEqual(['trade_step']);
    expect(reasons(decide({ strategyId: 'trend' }, context))).not.toContain('max_positions');
  });

  test('RSK-61 while an order of the strategy and symbol has not ended', () => {
    const context = { workingIntents: [aWorkingIntent()] };
    expect(reasons(decide({}, context))).toEqual(['pending_order']);
  });

  test.each([
    ['without an amount', { suggestedQuote: null }, 'strategy_error'],
    ['of nothing', { suggestedQuote: money('0') }, 'strategy_error'],
    ['without an expected price', { expectedPrice: price('0') }, 'strategy_error'],
    ['that adds to nothing', { action: 'ADD' }, 'nothing_to_sell'],
    ['that reduces', { action: 'REDUCE' }, 'strategy_error'],
    ['to the short side', { direction: 'SHORT' }, 'nothing_to_sell'],
  ] as const)('STR-21 one %s', (_, signal, reason) => {
    expect(reasons(decide(signal))).toEqual([reason]);
  });

  test.each([
    ['unknown', undefined],
    ['those of another market', anInstrument(eth)],
  ])('when the rules of its market are %s', (_, instrument) => {
    expect(reasons(decide({}, { instrument }))).toEqual(['stale_data']);
  });

  test('a signal of another book is a bug of the caller', () => {
    expect(() => decide({ bookId: 'other' })).toThrow('Invariant');
  });
});

describe('an exit', () => {
  test('EXE-06 sells the whole position, cut to the grid, and passes no entry check', () => {
    const decision = decide(exit, {
      positions: [aPosition({ quantity: qty('0.001998') })],
      price: undefined,
      strategy: undefined,
      risk: aRiskState({ equity: money('1') }),
      book: { bookId: 'paper', mode: 'paper', status: 'PAUSED', cash: money('0') },
    });
    expect(decision).toMatchObject({
      approved: true,
      instruction: {
        action: 'EXIT',
        side: 'SELL',
        quantity: qty('0.00199'),
        reduceOnly: true,
        positionId: 'position-1',
        closeReason: 'ZE1',
        expiresAt: null,
      },
    });
  });

  test('without a position there is nothing to sell', () => {
    expect(reasons(decide(exit))).toEqual(['nothing_to_sell']);
    const others = { positions: [aPosition({ strategyId: 'trend' }), aPosition(eth)] };
    expect(reasons(decide(exit, others))).toEqual(['nothing_to_sell']);
    const closed = { positions: [aPosition({ status: 'CLOSED' })] };
    expect(reasons(decide(exit, closed))).toEqual(['nothing_to_sell']);
  });

  test('while another exit is under way it waits', () => {
    const positions = [aPosition({ closeIntentId: 'intent-9' })];
    expect(reasons(decide(exit, { positions }))).toEqual(['pending_order']);
  });

  test('without the rules of its market it cannot be sized', () => {
    const context = { positions: [aPosition()], instrument: undefined };
    expect(reasons(decide(exit, context))).toEqual(['stale_data']);
  });
});

test('EXE-T17 an entry against the open position closes it and opens nothing (policy flatten)', () => {
  const decision = decide({ direction: 'SHORT' }, { positions: [aPosition()] });
  expect(decision).toMatchObject({
    approved: true,
    instruction: { action: 'EXIT', side: 'SELL', closeReason: 'reversal', reduceOnly: true },
  });
  expect(decision.checks.map(({ check }) => check)).not.toContain('positionSize');
});

describe('reserve', () => {
  const approvedOf = (decision: SignalDecision) => {
    if (!decision.approved) throw new Error('approved');
    return decision.instruction;
  };

  test('RSK-T01 two signals, one free slot: exactly one is approved', () => {
    const context = aContext({
      positions: [aPosition(eth), aPosition({ ...eth, strategyId: 'trend' })],
    });
    const first = decideSignal(aSignal({ suggestedQuote: money('50') }), context);
    const second = decideSignal(aSignal({ signalId: 'signal-2', strategyId: 'momentum' }), {
      ...context,
      ...reserve(context, approvedOf(first)),
      strategy: { strategyId: 'momentum', enabled: true, maxPositions: 3 },
    });
    expect([first.approved, second.approved]).toEqual([true, false]);
    expect(reasons(second)).toEqual(['max_positions']);
  });

  test('the same strategy cannot have two entries of one symbol approved', () => {
    const context = aContext();
    const next = {
      ...context,
      ...reserve(context, approvedOf(decideSignal(aSignal(), context))),
    };
    expect(reasons(decideSignal(aSignal({ signalId: 'signal-2' }), next))).toEqual([
      'pending_order',
    ]);
    expect(next.risk.recentOrders).toEqual([{ strategyId: 'balanced', at: NOON }]);
  });

  test('an approved exit locks its position', () => {
    const context = aContext({ positions: [aPosition(), aPosition({ ...eth, positionId: 'p2' })] });
    const instruction = approvedOf(decideSignal(aSignal(exit), context));
    const next = { ...context, ...reserve(context, instruction) };
    expect(next.positions.map(({ closeIntentId }) => closeIntentId)).toEqual([
      instruction.intentId,
      null,
    ]);
    const again = decideSignal(aSignal({ ...exit, signalId: 'signal-2' }), next);
    expect(reasons(again)).toEqual(['pending_order']);
  });

  test('prop: whatever is asked in one batch, slots, shares, rates and cash hold', () => {
    const wish = fc.record({
      strategyId: fc.integer({ min: 1, max: 15 }).map((n) => `s${n}`),
      symbol: fc.constantFrom('BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'ADA-USDT'),
      quote: fc.integer({ min: 1, max: 1_200 }),
    });
    const size = fc.integer({ min: 1, max: 25 });
    const cash = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 60 }), size, cash, (wishes, slots, free) => {
        let context = aContext({
          book: { bookId: 'paper', mode: 'paper', status: 'RUNNING', cash: money(String(free)) },
          limits: { ...aContext().limits, maxOpenPositions: slots },
        });
        for (const [index, { strategyId, symbol, quote }] of wishes.entries()) {
          const marketKey = `binance_spot_${symbol}`;
          const decision = decideSignal(
            aSignal({
              signalId: `signal-${index}`,
              strategyId,
              symbol,
              marketKey,
              suggestedQuote: money(String(quote)),
            }),
            {
              ...context,
              strategy: { strategyId, enabled: true, maxPositions: 5 },
              instrument: anInstrument({ marketKey, symbol }),
              price: aLivePrice({ marketKey }),
            },
          );
          if (decision.approved)
            context = { ...context, ...reserve(context, decision.instruction) };
        }
        const spent = (symbol?: string): bigint =>
          context.workingIntents
            .filter((intent) => symbol === undefined || intent.symbol === symbol)
            .reduce((sum, intent) => sum + notional(price('50000'), intent.quantity, 'ceil'), 0n);
        expect(context.workingIntents.length).toBeLessThanOrEqual(slots);
        expect(spent() <= money(String(free))).toBe(true);
        for (const symbol of ['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'ADA-USDT'])
          expect(spent(symbol) <= money('500')).toBe(true);
        const keys = context.workingIntents.map((intent) => intent.strategyId + intent.symbol);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});
