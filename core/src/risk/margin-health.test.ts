import { money } from '../lib/units.ts';
import { marginAction, marginHealth } from './margin-health.ts';

test('RSK-103 health is what is left above maintenance, of the initial margin', () => {
  const of = (balance: string, initial = '100') =>
    marginHealth({ balance: money(balance), maintenance: money('10'), initial: money(initial) });
  expect(of('110')).toBe(1);
  expect(of('10')).toBe(0);
  expect(of('60')).toBe(0.5);
  expect(of('60', '0')).toBeNull();
});

test.each([
  [1, 'none'],
  [0.8, 'none'],
  [0.79, 'notice'],
  [0.5, 'notice'],
  [0.49, 'warn'],
  [0.3, 'warn'],
  [0.29, 'reduce'],
  [0.15, 'reduce'],
  [0.14, 'close'],
  [-1, 'close'],
  [null, 'warn'],
  [Number.NaN, 'warn'],
] as const)('RSK-103 RSK-T20 a health of %s asks for: %s', (health, action) => {
  expect(marginAction(health, null)).toBe(action);
});

test.each([
  [30, 10, 'none'],
  [29.9, 10, 'reduce'],
  [Number.NaN, 10, 'reduce'],
])('RSK-104 a liquidation %s away at a range of %s: %s', (distance, atr, action) => {
  expect(marginAction(1, { distance, atr })).toBe(action);
});
