import { require } from './gate.ts';
import { hold, wish } from './verdict.ts';

const gate = require({ gate: 'g', reason: 'no_signal' }, false, true);

test('a hold is its gates, and a view where there is one', () => {
  expect(hold([gate])).toEqual({ wish: null, gates: [gate], view: null });
  expect(hold([gate], { score: 1 }).view).toEqual({ score: 1 });
});

test.each([
  ['ENTER', 'LONG', 'Z1', 1],
  ['ADD', 'LONG', 'Z1', 1],
  ['REDUCE', 'LONG', 'ZE1', -1],
  ['EXIT', 'LONG', 'ZE1', -1],
  ['ENTER', 'SHORT', 'Z1', -1],
  ['EXIT', 'SHORT', 'ZE1', 1],
] as const)('ARC-22 %s %s is a %s with score %i', (action, direction, signalType, score) => {
  expect(wish({ action, direction, reasons: ['why'] }, []).wish).toEqual({
    action,
    direction,
    signalType,
    score,
    confidence: 1,
    reasons: ['why'],
    indicatorValues: {},
    suggestedStop: null,
    suggestedTarget: null,
    suggestedQuote: null,
    ttlMs: 120_000,
  });
});

test('what is named stays as it is named', () => {
  const named = {
    action: 'ENTER',
    reasons: [],
    suggestedStop: 95,
    confidence: 0.7,
    ttlMs: 5,
  } as const;
  expect(wish(named, []).wish).toMatchObject(named);
});
