import type { Signal } from '../strategy/decision.ts';
import { price } from '../lib/units.ts';
import { decideSignal } from './decide-signal.ts';
import { aContext, anInstrument, aPosition, aSignal } from './fixtures.ts';
import type { GateContext, ReversalPolicy } from './gate-context.ts';
import { followUpOf } from './reversal.ts';

const decide = (signal: Partial<Signal>, context: Partial<GateContext>) =>
  decideSignal(aSignal(signal), aContext(context));

describe('an entry against the open position (05 section 2, handler 2)', () => {
  const against = (reversal: ReversalPolicy) =>
    decide(
      { direction: 'SHORT' },
      {
        positions: [aPosition()],
        strategy: { strategyId: 'balanced', enabled: true, maxPositions: 3, reversal },
      },
    );

  test('is left alone by the policy ignore, and the position stays', () => {
    const decision = against('ignore');
    expect(decision).toMatchObject({
      approved: false,
      reasons: [{ reason: 'max_positions' }],
    });
    expect(decision.checks.map(({ check }) => check)).not.toContain('handler:exposure');
  });

  test('closes it by the policy flip, and is owed once it is closed, by an id of its own', () => {
    const decision = against('flip');
    expect(decision).toMatchObject({
      approved: true,
      instruction: { action: 'EXIT', closeReason: 'reversal', reduceOnly: true },
    });
    const signal = aSignal({ direction: 'SHORT' });
    const reason = 'reversal';
    expect(followUpOf(signal, { policy: 'flip', reason })).toEqual({
      ...signal,
      signalId: `${signal.signalId}-flip`,
    });
    expect(followUpOf(signal, { policy: 'flatten', reason })).toBeNull();
    expect(followUpOf(signal, { policy: 'ignore', reason })).toBeNull();
    expect(followUpOf(signal, { policy: 'flip', reason: 'stop_loss' })).toBeNull();
    expect(followUpOf(null, { policy: 'flip', reason })).toBeNull();
  });
});

describe('EXE-12 an entry has a worst price where the book wants one', () => {
  test.each([
    ['LONG', '50250'],
    ['SHORT', '49750'],
  ] as const)('%s: a limit that takes what is there at once', (direction, limit) => {
    const decision = decide(
      { direction },
      { priceGuard: true, instrument: anInstrument({ market: 'futures' }) },
    );
    expect(decision).toMatchObject({
      approved: true,
      instruction: { type: 'LIMIT', timeInForce: 'IOC', limitPrice: price(limit) },
    });
  });

  test('and none for its exit', () => {
    const decision = decide({ action: 'EXIT' }, { priceGuard: true, positions: [aPosition()] });
    expect(decision).toMatchObject({ instruction: { type: 'MARKET', limitPrice: null } });
  });
});
