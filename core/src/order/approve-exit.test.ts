import fc from 'fast-check';
import { parseQty, price, qty, roundQty, type Qty } from '../lib/units.ts';
import { onPrice } from '../portfolio/protection.ts';
import { approveExit, judgeExit, type ExitRequest } from './approve-exit.ts';
import { anInstrument, aPosition, NOON } from './fixtures.ts';

const aRequest = (change: Partial<ExitRequest> = {}): ExitRequest => ({
  position: aPosition(),
  instrument: anInstrument(),
  price: price('47500'),
  now: NOON,
  reason: 'stop_loss',
  causeId: 'position-1:stop_loss:1',
  signalId: null,
  risk: { executionEnabled: true, emergencyStop: false },
  ...change,
});

const outcome = (change: Partial<ExitRequest>): string => {
  const exit = approveExit(aRequest(change));
  return exit.ok ? 'approved' : exit.error.reason;
};

test('EXE-06 EXE-08 an exit is a reduce-only market order of the other side, without an end', () => {
  expect(approveExit(aRequest())).toMatchObject({
    ok: true,
    value: {
      bookId: 'paper',
      strategyId: 'balanced',
      signalId: null,
      positionId: 'position-1',
      action: 'EXIT',
      direction: 'LONG',
      side: 'SELL',
      type: 'MARKET',
      quantity: qty('0.002'),
      reduceOnly: true,
      closeReason: 'stop_loss',
      expectedPrice: price('47500'),
      expectedAt: NOON,
      expiresAt: null,
    },
  });
  expect(approveExit(aRequest({ position: aPosition({ side: 'SHORT' }) }))).toMatchObject({
    value: { side: 'BUY', direction: 'SHORT' },
  });
});

test('the same cause gives the same intent, another cause another one', () => {
  const idOf = (causeId: string) => {
    const exit = approveExit(aRequest({ causeId }));
    return exit.ok ? exit.value.intentId : '';
  };
  expect(idOf('a')).toBe(idOf('a'));
  expect(idOf('a')).not.toBe(idOf('b'));
});

test.each([
  [true, false, 'stop_loss', 'approved'],
  [false, false, 'stop_loss', 'execution_disabled'],
  [false, true, 'stop_loss', 'approved'],
  [true, true, 'stop_loss', 'approved'],
  [false, false, 'emergency', 'approved'],
] as const)(
  'RSK-53 with execution %s, emergency stop %s, an exit for %s is: %s',
  (executionEnabled, emergencyStop, reason, expected) => {
    expect(outcome({ reason, risk: { executionEnabled, emergencyStop } })).toBe(expected);
  },
);

test('PF-T10 a hundred ticks below the stop make one exit: the first one locks the position', () => {
  let position = aPosition();
  const intents = Array.from({ length: 100 }).flatMap((_, tick) => {
    const { trigger } = onPrice(position.protection, position.side, price('47000'));
    if (trigger === null) return [];
    const exit = approveExit(aRequest({ position, reason: trigger, causeId: `tick ${tick}` }));
    if (!exit.ok) return [];
    position = { ...position, closeIntentId: exit.value.intentId };
    return [exit.value.intentId];
  });
  expect(intents).toHaveLength(1);
});

test.each([
  ['closed', aPosition({ status: 'CLOSED' }), 'nothing_to_sell'],
  ['empty', aPosition({ quantity: qty('0') }), 'nothing_to_sell'],
  ['being closed', aPosition({ closeIntentId: 'intent-1' }), 'pending_order'],
  ['less than a lot', aPosition({ quantity: qty('0.000009') }), 'min_notional'],
  ['worth too little', aPosition({ quantity: qty('0.0001') }), 'min_notional'],
])('a position that is %s cannot be sold', (_, position, expected) => {
  expect(outcome({ position })).toBe(expected);
});

test('RSK-51 the verdict has every check and every reason', () => {
  const verdict = judgeExit(
    aRequest({
      position: aPosition({ quantity: qty('0'), closeIntentId: 'intent-1' }),
      risk: { executionEnabled: false, emergencyStop: false },
    }),
  );
  expect(verdict.checks).toHaveLength(4);
  expect(verdict.approved ? [] : verdict.reasons.map(({ reason }) => reason)).toEqual([
    'execution_disabled',
    'nothing_to_sell',
    'pending_order',
    'min_notional',
  ]);
});

test('the rules of another market are a bug of the caller', () => {
  const instrument = anInstrument({ marketKey: 'binance_spot_ETH-USDT' });
  expect(() => approveExit(aRequest({ instrument }))).toThrow('Invariant');
});

test('prop: RSK-53 never more than the position holds, and all of it but less than a lot', () => {
  const lot = anInstrument().lotSize;
  const held = fc.bigInt({ min: 0n, max: 10n ** 20n }).map((units): Qty => {
    const text = `${units / 10n ** 18n}.${(units % 10n ** 18n).toString().padStart(18, '0')}`;
    const parsed = parseQty(text);
    return parsed.ok ? parsed.value : qty('0');
  });
  fc.assert(
    fc.property(held, (quantity) => {
      const exit = approveExit(aRequest({ position: aPosition({ quantity }) }));
      if (!exit.ok) return;
      expect(exit.value.quantity).toBe(roundQty(quantity, lot, 'floor'));
      expect(exit.value.quantity <= quantity).toBe(true);
    }),
  );
});
