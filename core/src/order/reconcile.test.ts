import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import { at, NOON } from './fixtures.ts';
import { planSync, type SyncIntent, type SyncOrder } from './reconcile.ts';
import { ORDER_STATUSES, type OrderStatus } from './order.ts';
import { INTENT_TRANSITIONS, isWorking } from './transitions.ts';

/** Market time runs elsewhere, so that no age can be taken from the wrong clock unseen. */
const MARKET = epochMs(Date.UTC(2020, 1, 22));

const anIntent = (change: Partial<SyncIntent> = {}): SyncIntent => ({
  intentId: 'i1',
  orderId: 'tw1',
  action: 'ENTER',
  status: 'APPROVED',
  expiresAt: epochMs(MARKET + 60_000),
  claimedUntil: null,
  updatedAt: NOON,
  ...change,
});

const anOrder = (change: Partial<SyncOrder> = {}): SyncOrder => ({
  type: 'MARKET',
  orderId: 'tw1',
  intentId: 'i1',
  status: 'ACKNOWLEDGED',
  updatedAt: NOON,
  ...change,
});

const plan = (state: {
  readonly intents?: readonly SyncIntent[];
  readonly orders?: readonly SyncOrder[];
  readonly afterMs?: number;
  readonly marketAfterMs?: number;
}) =>
  planSync({
    intents: state.intents ?? [],
    orders: state.orders ?? [],
    wallNow: at(state.afterMs ?? 0),
    marketNow: epochMs(MARKET + (state.marketAfterMs ?? 0)),
  });

test('nothing to do, nothing planned', () => {
  expect(plan({})).toEqual([]);
});

test.each<[OrderStatus, boolean]>([
  ['SUBMITTED', true],
  ['ACKNOWLEDGED', true],
  ['PARTIAL', true],
  ['CANCELLING', true],
  ['UNKNOWN', true],
  ['PENDING', true],
  ['FILLED', false],
  ['CANCELLED', false],
  ['NOT_SENT', false],
])('EXE-45 an order that is %s is looked up: %s', (status, isLookedUp) => {
  const intents = [anIntent({ status: 'SENT' })];
  expect(plan({ intents, orders: [anOrder({ status })] })).toEqual(
    isLookedUp ? [{ kind: 'lookup', orderId: 'tw1' }] : [],
  );
});

test.each([
  ['APPROVED', 10_000, []],
  ['APPROVED', 10_001, [{ kind: 'enqueueIntent', intentId: 'i1' }]],
  ['QUEUED', 10_001, [{ kind: 'enqueueIntent', intentId: 'i1' }]],
  ['SENT', 10_001, []],
  ['DONE', 10_001, []],
] as const)('an intent %s for %i ms leads to %j', (status, afterMs, actions) => {
  expect(plan({ intents: [anIntent({ status })], afterMs })).toEqual(actions);
});

test('an entry past its time that nobody claimed expires, on the market clock; an exit never does', () => {
  const state = { marketAfterMs: 60_001, afterMs: 20_000 };
  expect(plan({ intents: [anIntent()], ...state })).toEqual([
    { kind: 'expireIntent', intentId: 'i1', orderId: 'tw1' },
  ]);
  expect(plan({ intents: [anIntent()], ...state, marketAfterMs: 60_000 })).toEqual([
    { kind: 'enqueueIntent', intentId: 'i1' },
  ]);
  expect(plan({ intents: [anIntent({ action: 'EXIT' })], ...state })).toEqual([
    { kind: 'enqueueIntent', intentId: 'i1' },
  ]);
  const claimed = anIntent({ status: 'CLAIMED', claimedUntil: at(30_000) });
  expect(plan({ intents: [claimed], ...state })).toEqual([]);
});

test('an unclaimed order is not looked up: nothing of it can be at the venue', () => {
  const orders = [anOrder({ status: 'PENDING' })];
  expect(plan({ intents: [anIntent()], orders })).toEqual([]);
});

describe('EXE-20 a claim', () => {
  const claimed = anIntent({ status: 'CLAIMED', claimedUntil: at(30_000) });
  const orders = [anOrder({ status: 'SUBMITTED' })];

  test('that holds keeps everybody else away', () => {
    expect(plan({ intents: [claimed], orders, afterMs: 30_000 })).toEqual([]);
  });

  test('that ran out makes the order UNKNOWN and has it looked up, once', () => {
    expect(plan({ intents: [claimed], orders, afterMs: 30_001 })).toEqual([
      { kind: 'markUnknown', intentId: 'i1', orderId: 'tw1' },
      { kind: 'lookup', orderId: 'tw1' },
    ]);
  });

  test('without an end cannot be proved alive', () => {
    const intents = [anIntent({ status: 'CLAIMED' })];
    expect(plan({ intents })).toEqual([
      { kind: 'markUnknown', intentId: 'i1', orderId: 'tw1' },
      { kind: 'lookup', orderId: 'tw1' },
    ]);
  });
});

describe('alerts', () => {
  const lookup = { kind: 'lookup', orderId: 'tw1' };

  test.each([
    ['ACKNOWLEDGED', 120_000, []],
    ['ACKNOWLEDGED', 120_001, [{ kind: 'alertStuck', orderId: 'tw1', ageMs: 120_001 }]],
    ['PARTIAL', 300_000, [{ kind: 'alertStuck', orderId: 'tw1', ageMs: 300_000 }]],
    ['UNKNOWN', 60_000, []],
  ] as const)('EXE-48 an order %s for %i ms: %j', (status, afterMs, alerts) => {
    expect(plan({ orders: [anOrder({ status })], afterMs })).toEqual([lookup, ...alerts]);
  });

  test.each([
    [60_001, 'WARNING'],
    [300_000, 'WARNING'],
    [300_001, 'CRITICAL'],
  ] as const)('EXE-23 an order UNKNOWN for %i ms: %s', (afterMs, severity) => {
    expect(plan({ orders: [anOrder({ status: 'UNKNOWN' })], afterMs })).toEqual([
      lookup,
      { kind: 'alertUnknown', orderId: 'tw1', severity, ageMs: afterMs },
    ]);
  });
});

test('prop: EXE-45 no order is looked up twice in a pass, and none that has ended', () => {
  const statuses = Object.keys(INTENT_TRANSITIONS) as SyncIntent['status'][];
  const id = fc.integer({ min: 1, max: 6 });
  const age = fc.integer({ min: 0, max: 400_000 });
  const intent = fc
    .record({ id, status: fc.constantFrom(...statuses), age, lease: fc.option(age) })
    .map((seed) =>
      anIntent({
        intentId: `i${seed.id}`,
        orderId: `tw${seed.id}`,
        status: seed.status,
        updatedAt: at(-seed.age),
        claimedUntil: seed.lease === null ? null : at(seed.lease - 200_000),
      }),
    );
  const order = fc.record({ id, status: fc.constantFrom(...ORDER_STATUSES), age }).map((seed) =>
    anOrder({
      orderId: `tw${seed.id}`,
      intentId: `i${seed.id}`,
      status: seed.status,
      updatedAt: at(-seed.age),
    }),
  );
  const unique = { selector: (item: { readonly orderId: string }) => item.orderId };
  fc.assert(
    fc.property(
      fc.uniqueArray(intent, unique),
      fc.uniqueArray(order, unique),
      (intents, orders) => {
        const actions = plan({ intents, orders });
        const lookups = actions.flatMap((action) =>
          action.kind === 'lookup' ? [action.orderId] : [],
        );
        expect(new Set(lookups).size).toBe(lookups.length);
        const unknown = actions.flatMap((action) =>
          action.kind === 'markUnknown' ? [action.orderId] : [],
        );
        for (const orderId of lookups) {
          const known = orders.find((item) => item.orderId === orderId);
          expect(
            unknown.includes(orderId) || (known !== undefined && isWorking(known.status)),
          ).toBe(true);
        }
      },
    ),
  );
});
