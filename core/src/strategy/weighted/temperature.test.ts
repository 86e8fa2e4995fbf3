import { actionThresholdOf, progressPctOf, temperatureOf } from './temperature.ts';

test.each([
  ['production', 0.3, 'HOT'],
  ['production', 0.2999, 'WARM'],
  ['production', 0.15, 'WARM'],
  ['production', 0.1499, 'COOL'],
  ['production', 0.05, 'COOL'],
  ['production', 0.0499, 'FROZEN'],
  ['sensitive', 0.08, 'HOT'],
  ['sensitive', 0.0799, 'WARM'],
  ['sensitive', 0.03, 'WARM'],
  ['sensitive', 0.0299, 'COOL'],
  ['sensitive', 0.005, 'COOL'],
  ['sensitive', 0.0049, 'FROZEN'],
] as const)(
  'STR-13 STR-T01 on the %s table %p is %s, whichever its sign',
  (table, score, temperature) => {
    expect(temperatureOf(score, table)).toBe(temperature);
    expect(temperatureOf(-score, table)).toBe(temperature);
  },
);

test('STR-15 a bot acts from the limit of its least temperature', () => {
  expect(actionThresholdOf({ temperatureTable: 'production', minTradeTemperature: 'HOT' })).toBe(
    0.3,
  );
  expect(actionThresholdOf({ temperatureTable: 'sensitive', minTradeTemperature: 'WARM' })).toBe(
    0.03,
  );
});

test('STR-16 says how far a score has come towards an action', () => {
  expect(progressPctOf(-0.075, 0.3)).toBe(25);
  expect(progressPctOf(0.9, 0.3)).toBe(100);
});
