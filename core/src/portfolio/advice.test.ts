import fc from 'fast-check';
import { aPosition } from '../order/fixtures.ts';
import { money, price, qty } from '../lib/units.ts';
import { adviseOn, recommend, type Advised } from './advice.ts';
import type { Position } from './position.ts';

const open: Advised = { inR: 0.5, keptPct: 80, mayAdd: false, score: 0.2 };

test('PF-15 each advice has the rule that made it; the first that holds is given', () => {
  expect(recommend(open)).toEqual({ action: 'hold', rule: 'no other rule holds' });
  expect(recommend({ ...open, score: -0.5, inR: 5 })).toMatchObject({
    action: 'exit',
    rule: expect.stringContaining('turned') as string,
  });
  expect(recommend({ ...open, inR: 2, keptPct: 10 })).toMatchObject({
    action: 'takePartial',
    rule: expect.stringContaining('2 times the initial risk') as string,
  });
  expect(recommend({ ...open, inR: 1, keptPct: 49 })).toMatchObject({
    action: 'tightenStop',
    rule: expect.stringContaining('less than 50 %') as string,
  });
  expect(recommend({ ...open, mayAdd: true, score: 0.5 })).toMatchObject({
    action: 'add',
    rule: expect.stringContaining('confirms') as string,
  });
});

test('PF-15 without a known risk or a score nothing is advised that needs one', () => {
  const blind = { inR: null, keptPct: 1, mayAdd: true, score: null };
  expect(recommend(blind).action).toBe('hold');
  expect(recommend({ ...blind, score: 1 }).action).toBe('hold');
  expect(recommend({ ...blind, score: -1 }).action).toBe('exit');
});

const held = (change: Partial<Position> = {}): Position => {
  const position = aPosition({
    side: 'LONG',
    quantity: qty('2'),
    cost: money('200'),
    averageEntry: price('100'),
    ...change,
  });
  const { protection } = position;
  return {
    ...position,
    protection: { ...protection, highest: price('112'), initialStop: price('95') },
  };
};
const facts = { price: price('105'), marketScore: 0, hasPlan: false };

test('PF-15 a position is advised on by its own risk, its best price, and its strategy’s view of its side', () => {
  // 1 R made, and 5 of 12 kept.
  expect(adviseOn(held(), facts).action).toBe('tightenStop');
  expect(adviseOn(held(), { ...facts, price: price('110') }).action).toBe('takePartial');
  expect(adviseOn(held(), { ...facts, marketScore: -0.5 }).action).toBe('exit');
  expect(adviseOn(held(), { ...facts, price: price('101'), marketScore: 0.6 }).action).toBe('hold');
  const adding = { price: price('101'), marketScore: 0.6, hasPlan: true };
  expect(adviseOn(held(), adding).action).toBe('add');
  const tight = held();
  const tightened = { ...tight, protection: { ...tight.protection, tightened: true as const } };
  expect(adviseOn(tightened, adding).action).toBe('hold');
});

test('PF-15 a SHORT is advised on as its mirror', () => {
  const short = held({ side: 'SHORT' });
  const mirrored = {
    ...short,
    protection: { ...short.protection, highest: price('88'), initialStop: price('105') },
  };
  expect(adviseOn(mirrored, { ...facts, price: price('95') }).action).toBe('tightenStop');
  expect(adviseOn(mirrored, { ...facts, price: price('95'), marketScore: 0.5 }).action).toBe(
    'exit',
  );
});

test('prop: nothing is added to that loses, whatever else holds', () => {
  const cents = fc.integer({ min: 1, max: 9_999 }).map((n) => price((n / 100).toFixed(2)));
  const score = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(cents, score, (px, marketScore) => {
      const found = adviseOn(held(), { price: px, marketScore, hasPlan: true });
      expect(found.action).not.toBe('add');
      expect(found.rule).not.toBe('');
    }),
  );
});
