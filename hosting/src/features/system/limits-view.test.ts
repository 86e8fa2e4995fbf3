import { limitsDoc, type LimitsDoc } from '@tradewind/contracts/documents/risk';
import { epochMs } from '@tradewind/core/lib/time';
import { LIMITS } from '@tradewind/core/risk/limits';
import { limitsView } from './limits-view.ts';

const NOW = epochMs(1_000_000);
const BOOK = { mode: 'paper', quote: 'USDT' } as const;
const tighter = { ...LIMITS.paper, maxOpenPositions: 2 };
const set = (changes: Partial<LimitsDoc> = {}): LimitsDoc => ({
  ...{ bookId: 'paper', mode: 'paper', limits: tighter, pending: null },
  ...{ setBy: 'me', reason: 'a quiet start', updatedAt: NOW, version: 1, ...changes },
});
const rowOf = (view: ReturnType<typeof limitsView>, name: string) =>
  view.rows.find((row) => row.name === name);

test('ARC-70 every limit has words and a figure, of the mode where nobody changed it', () => {
  const view = limitsView(BOOK, null, NOW);
  expect(view.rows.map(({ name }) => name).toSorted()).toEqual(
    Object.keys(limitsDoc.shape.limits.shape).toSorted(),
  );
  expect(view.change).toBeNull();
  expect(rowOf(view, 'maxPositionQuote')?.value).toBe('1,000.00 USDT');
  expect(rowOf(view, 'dailyLossPct')?.value).toBe('5 % of its opening equity');
  expect(rowOf(view, 'dailyLossQuote')?.value).toBe('no limit');
  expect(rowOf(view, 'ladder')?.value).toBe('alert 2, warning 3, critical 4 %');
  expect(view.rows.every(({ otherwise, soon }) => otherwise === null && soon === null)).toBe(true);
});

test('ARC-71 a changed limit tells what the profile has, and what is looser soon', () => {
  const pending = {
    limits: { ...LIMITS.paper, maxOpenPositions: 5 },
    effectiveAt: epochMs(NOW + 1),
  };
  const view = limitsView(BOOK, set({ pending }), NOW);
  expect(view.soonAt).toBe(NOW + 1);
  expect(rowOf(view, 'maxOpenPositions')).toMatchObject({ value: '2', otherwise: '3', soon: '5' });
  const later = limitsView(BOOK, set({ pending }), epochMs(NOW + 1));
  expect(later.soonAt).toBeNull();
  expect(rowOf(later, 'maxOpenPositions')).toMatchObject({
    value: '5',
    otherwise: '3',
    soon: null,
  });
});

test('RSK-06 limits that were set for another mode are not shown as holding', () => {
  const view = limitsView({ ...BOOK, mode: 'full' }, set(), NOW);
  expect(view.change).toBeNull();
  expect(rowOf(view, 'maxOpenPositions')?.value).toBe('3');
});
