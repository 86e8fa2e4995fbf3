import fc from 'fast-check';
import {
  canMoveIntent,
  canMoveOrder,
  INTENT_TRANSITIONS,
  isIntentTerminal,
  isIntentWorking,
  isTerminal,
  isWorking,
  moveIntent,
  moveOrder,
  ORDER_TRANSITIONS,
} from './transitions.ts';
import type { IntentStatus } from './intent.ts';
import { ORDER_STATUSES, type OrderStatus } from './order.ts';

const asText = (table: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(table).map(([from, to]) => `${from}: ${[...to].sort().join(' ')}`.trim());

test('EXE-14 an intent moves only as the table of the specification says', () => {
  expect(asText(INTENT_TRANSITIONS)).toEqual([
    'NEW: APPROVED RISK_REJECTED',
    'APPROVED: CLAIMED EXPIRED QUEUED',
    'CLAIMED: FAILED QUEUED SENT UNKNOWN',
    'QUEUED: CLAIMED EXPIRED',
    'SENT: DONE FAILED UNKNOWN',
    'UNKNOWN: DONE FAILED SENT',
    'RISK_REJECTED:',
    'DONE:',
    'FAILED:',
    'EXPIRED:',
  ]);
});

/** Section 4 of the specification, row by row. */
const ORDER_TABLE: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PENDING: ['SUBMITTED', 'QUEUED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'UNKNOWN'],
  SUBMITTED: ['ACKNOWLEDGED', 'PARTIAL', 'FILLED', 'EXPIRED', 'CANCELLED', 'UNKNOWN', 'REJECTED'],
  UNKNOWN: [
    ...(['ACKNOWLEDGED', 'PARTIAL', 'FILLED', 'CANCELLED', 'EXPIRED', 'REJECTED'] as const),
    ...(['SUBMITTED', 'NOT_SENT'] as const),
  ],
  ACKNOWLEDGED: ['PARTIAL', 'FILLED', 'CANCELLING', 'CANCELLED', 'EXPIRED', 'REJECTED', 'UNKNOWN'],
  PARTIAL: ['FILLED', 'CANCELLING', 'CANCELLED', 'EXPIRED', 'UNKNOWN'],
  CANCELLING: ['CANCELLED', 'PARTIAL', 'FILLED', 'EXPIRED', 'ACKNOWLEDGED', 'UNKNOWN'],
  QUEUED: ['SUBMITTED', 'EXPIRED', 'CANCELLED', 'REJECTED', 'UNKNOWN'],
  FILLED: [],
  CANCELLED: [],
  REJECTED: [],
  EXPIRED: [],
  NOT_SENT: [],
};

test.each(ORDER_STATUSES)(
  'EXE-10 EXE-14 an order that is %s moves as the table says, and every other move is refused',
  (from) => {
    for (const to of ORDER_STATUSES)
      expect([to, moveOrder(from, to).ok]).toEqual([to, ORDER_TABLE[from].includes(to)]);
  },
);

test.each(Object.keys(INTENT_TRANSITIONS) as IntentStatus[])(
  'EXE-14 an intent that is %s refuses every move that its row does not hold',
  (from) => {
    const statuses = Object.keys(INTENT_TRANSITIONS) as IntentStatus[];
    for (const to of statuses.filter((other) => !INTENT_TRANSITIONS[from].includes(other)))
      expect(moveIntent(from, to)).toEqual({ ok: false, error: { kind: 'illegalMove', from, to } });
  },
);

test('EXE-10 five states of an order are terminal, and the rest is working', () => {
  expect(ORDER_STATUSES.filter(isTerminal).sort()).toEqual([
    'CANCELLED',
    'EXPIRED',
    'FILLED',
    'NOT_SENT',
    'REJECTED',
  ]);
  expect(ORDER_STATUSES.filter(isWorking)).toHaveLength(7);
});

test.each<[OrderStatus, OrderStatus]>([
  ['PENDING', 'SUBMITTED'],
  ['SUBMITTED', 'UNKNOWN'],
  ['UNKNOWN', 'SUBMITTED'],
  ['UNKNOWN', 'NOT_SENT'],
  ['ACKNOWLEDGED', 'CANCELLING'],
  ['CANCELLING', 'FILLED'],
  ['CANCELLING', 'ACKNOWLEDGED'],
  ['PARTIAL', 'EXPIRED'],
])('an order may move from %s to %s', (from, to) => {
  expect(moveOrder(from, to)).toEqual({ ok: true, value: to });
});

test.each<[OrderStatus, OrderStatus]>([
  ['PENDING', 'FILLED'],
  ['SUBMITTED', 'NOT_SENT'],
  ['SUBMITTED', 'PENDING'],
  ['PARTIAL', 'ACKNOWLEDGED'],
  ['PARTIAL', 'REJECTED'],
  ['ACKNOWLEDGED', 'SUBMITTED'],
  ['FILLED', 'CANCELLED'],
  ['NOT_SENT', 'SUBMITTED'],
  ['FILLED', 'FILLED'],
])('EXE-14 an order may not move from %s to %s, and the refusal says so', (from, to) => {
  expect(moveOrder(from, to)).toEqual({ ok: false, error: { kind: 'illegalMove', from, to } });
});

test('an intent that is claimed can no longer expire, and one that is done can do nothing', () => {
  expect(moveIntent('CLAIMED', 'EXPIRED').ok).toBe(false);
  expect(moveIntent('DONE', 'SENT').ok).toBe(false);
  expect(moveIntent('APPROVED', 'CLAIMED').ok).toBe(true);
  expect(isIntentTerminal('FAILED')).toBe(true);
});

test('EXE-22 an intent whose fate is unknown still works', () => {
  expect(isIntentWorking('UNKNOWN')).toBe(true);
});

test('every order state can be reached from PENDING, and every working one can still end', () => {
  const reach = (from: OrderStatus): Set<OrderStatus> => {
    const seen = new Set<OrderStatus>([from]);
    for (const state of seen) ORDER_TRANSITIONS[state].forEach((next) => seen.add(next));
    return seen;
  };
  expect([...reach('PENDING')].sort()).toEqual([...ORDER_STATUSES].sort());
  for (const status of ORDER_STATUSES.filter(isWorking))
    expect([...reach(status)].some(isTerminal)).toBe(true);
});

test('prop: no walk through a table ever leaves a terminal state', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ORDER_STATUSES), { maxLength: 30 }), (wishes) => {
      let status: OrderStatus = 'PENDING';
      for (const wish of wishes) {
        const wasTerminal = isTerminal(status);
        const next: OrderStatus = canMoveOrder(status, wish) ? wish : status;
        if (wasTerminal) expect(next).toBe(status);
        status = next;
      }
    }),
  );
  expect(canMoveIntent('EXPIRED', 'CLAIMED')).toBe(false);
});
