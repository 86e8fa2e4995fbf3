import { may } from './policy.ts';

test.each([
  ['viewer', 'closePosition', false],
  ['viewer', 'acknowledgeAlert', true],
  ['trader', 'emergencyCancel', true],
  ['trader', 'resetSafety', false],
  ['admin', 'resetSafety', true],
  [null, 'acknowledgeAlert', false],
] as const)('UI-05 %s calling %s is %s', (role, command, allowed) => {
  expect(may(role, command)).toBe(allowed);
});
