import fc from 'fast-check';
import { holding, switchedParams, walkerIn, type Walker } from '../../../test/sectioned.ts';
import type { Step } from '../../engine/engine.ts';
import type { Facts } from '../../engine/facts.ts';
import { transition, type Cause, type State } from './machine.ts';
import type { SectionName } from './params.ts';

const RUNS = { numRuns: 100 };

const anyState = fc.constantFrom<State>(
  'INACTIVE',
  'MONITORING',
  'SIGNAL_DETECTED',
  'ENTRY_EVALUATION',
  'ENTRY_PENDING',
  'POSITION_ACTIVE',
  'EXIT_PENDING',
  'PAUSED',
);

const anyFacts: fc.Arbitrary<Partial<Facts>> = fc.record({
  position: fc.constantFrom(null, holding.position ?? null),
  pendingOrder: fc.boolean(),
  stale: fc.boolean(),
  warmup: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  entryBlock: fc.constantFrom(null, null, { reason: 'drawdown', detail: '5 %' } as const),
});
const anySections = fc.subarray<SectionName>(['S1', 'O1', 'Z1', 'ZE1', 'E1']);

type Act = (to: Walker) => {
  readonly step: Step;
  readonly facts?: Partial<Facts>;
};

const anyBar: fc.Arbitrary<Act> = fc
  .tuple(anySections, anyFacts, fc.integer({ min: 1, max: 5 }), fc.boolean())
  .map(([on, facts, after, isKnown]) => (to) => ({
    step: to.bar(on, { facts, after, windows: isKnown ? {} : { IMBALANCE_60_0: null } }),
    facts,
  }));
const anyOrder: fc.Arbitrary<Act> = fc
  .record({
    intentId: fc.constantFrom('i1', 'i2'),
    action: fc.constantFrom('ENTER', 'EXIT'),
    status: fc.constantFrom(
      'approved',
      'refused',
      'partial',
      'filled',
      'cancelled',
      'rejected',
      'expired',
    ),
  })
  .map((update) => (to) => ({ step: to.order(update) }));
const anyPosition: fc.Arbitrary<Act> = fc
  .record({ status: fc.constantFrom('opened', 'changed', 'closed'), isExternal: fc.boolean() })
  .map((update) => (to) => ({ step: to.position(update) }));
const anyControl: fc.Arbitrary<Act> = fc.boolean().map((pauses) => (to) => ({
  step: to.send(pauses ? { kind: 'pause', reason: 'by hand' } : { kind: 'resume' }),
}));
const anyActs = fc.array(
  fc.oneof({ weight: 5, arbitrary: anyBar }, anyOrder, anyPosition, anyControl),
  { minLength: 10, maxLength: 30 },
);

/** What happened to orders and the position: told by an event, or shown by the ledger before a bar is judged. */
const TOLD: readonly Cause[] = ['filled', 'flat', 'refused', 'unfilled'];

const signals = ({ effects }: Step) =>
  effects.flatMap((effect) => (effect.kind === 'signal' ? [effect.signal] : []));

/** Even where facts and events contradict each other and come in any order. */
describe('prop: whatever happens, a five-section strategy', () => {
  test('STR-T04 never leaves its table, and moves once per bar at most', () => {
    fc.assert(
      fc.property(anyState, anyActs, (start, acts) => {
        const strategy = walkerIn(start);
        let state: State = strategy.at();
        for (const act of acts) {
          const { step } = act(strategy);
          expect(step.audit.fault).toBeNull();
          const { records } = step.audit;
          const judged = records.filter(({ cause }) => !TOLD.includes(cause as Cause));
          expect(judged.length).toBeLessThanOrEqual(1);
          expect(records.length - judged.length).toBeLessThanOrEqual(1);
          for (const { from, to, cause } of records) {
            expect(from).toBe(state);
            expect(transition(state, cause as Cause)).toEqual({ ok: true, value: to });
            state = to as State;
          }
          expect(strategy.at()).toBe(state);
        }
      }),
      RUNS,
    );
  });

  test('asks for no entry while something is held or under way', () => {
    fc.assert(
      fc.property(anyState, anyActs, (start, acts) => {
        const strategy = walkerIn(start);
        for (const act of acts) {
          const { step, facts } = act(strategy);
          for (const { action } of signals(step))
            if (action === 'ENTER') {
              expect(facts).toMatchObject({
                position: null,
                pendingOrder: false,
                stale: false,
                entryBlock: null,
              });
            }
        }
      }),
      RUNS,
    );
  });

  test('STR-30 lets E1 beat everything wherever something is held', () => {
    const exposed: readonly State[] = [
      'ENTRY_PENDING',
      'POSITION_ACTIVE',
      'EXIT_PENDING',
      'PAUSED',
    ];
    let beaten = 0;
    const anyExposed = fc.constantFrom(...exposed);
    const acts = fc.array(fc.oneof(anyBar, anyOrder, anyControl), { maxLength: 8 });
    fc.assert(
      fc.property(
        anyExposed,
        acts,
        fc.tuple(anySections, anyFacts),
        (start, before, [on, facts]) => {
          const strategy = walkerIn(start);
          for (const act of before) act(strategy);
          if (!exposed.includes(strategy.at())) return;
          beaten += 1;
          const held = { ...facts, ...holding, warmup: false };
          const step = strategy.bar([...on, 'E1'], { facts: held });
          expect(strategy.at()).toBe('EMERGENCY_EXIT');
          expect(signals(step)).toMatchObject([{ action: 'EXIT', signalType: 'E1' }]);
        },
      ),
      RUNS,
    );
    expect(beaten).toBeGreaterThan(20);
  });

  test('STR-04 says why whenever it does nothing', () => {
    fc.assert(
      fc.property(anyState, anyActs, (start, acts) => {
        const strategy = walkerIn(start);
        for (const act of acts) {
          const { step, facts } = act(strategy);
          if (facts === undefined || step.effects.length > 0) continue;
          expect(step.audit.failing).not.toBeNull();
        }
      }),
      RUNS,
    );
  });
});

/** A book that does what it is asked, or does not, as chance will have it. */
type Book = { pending: 'ENTER' | 'EXIT' | null; isHeld: boolean };

function answer(to: Walker, book: Book, chance: number): void {
  const action = book.pending;
  if (action === null) return;
  if (chance < 3) {
    to.order({ action, status: 'approved' });
    return;
  }
  if (chance < 5) {
    to.order({ action, status: chance === 3 ? 'refused' : 'cancelled' });
  } else if (action === 'ENTER') {
    to.order({ action, status: 'filled' });
    book.isHeld = true;
  } else {
    to.order({ action, status: 'filled' });
    book.isHeld = false;
    to.position({ status: 'closed' });
  }
  book.pending = null;
}

describe('prop: in a book that answers', () => {
  const anyMinutes = fc.array(fc.tuple(anySections, fc.integer({ min: 0, max: 8 })), {
    minLength: 40,
    maxLength: 80,
  });

  test('at most one entry is under way, and nothing is entered twice', () => {
    let entered = 0;
    fc.assert(
      fc.property(anyMinutes, (minutes) => {
        const strategy = walkerIn('MONITORING', { ...switchedParams, cooldownSeconds: 0 });
        const book: Book = { pending: null, isHeld: false };
        for (const [on, chance] of minutes) {
          const facts = { pendingOrder: book.pending !== null, ...(book.isHeld ? holding : {}) };
          const step = strategy.bar(on, { facts });
          for (const { kind } of step.effects)
            if (kind === 'cancelEntries' && book.pending === 'ENTER') book.pending = null;
          for (const { action } of signals(step)) {
            if (action === 'ENTER') {
              expect(book).toMatchObject({ pending: null, isHeld: false });
              entered += 1;
            }
            book.pending = action === 'ENTER' ? 'ENTER' : 'EXIT';
          }
          answer(strategy, book, chance);
          // What it thinks that it holds, it holds.
          if (strategy.at() === 'POSITION_ACTIVE') expect(book.isHeld).toBe(true);
        }
      }),
      RUNS,
    );
    expect(entered).toBeGreaterThan(100);
  });
});
