import { err, ok } from '../lib/result.ts';
import { blocked, passed, type RiskCheck } from './check.ts';
import { riskGate, type Approved } from './gate.ts';

const measured = (check: string) => ({ check, value: null, limit: null });
const good: RiskCheck<string> = () => passed(measured('good'));
const bad =
  (name: string): RiskCheck<string> =>
  (subject) =>
    blocked(measured(name), 'halted', `${name} of ${subject}`);

test('approves what is drafted when no check blocks, with the record of all checks', () => {
  const verdict = riskGate('order', [good, good], (subject) => ok({ subject }));
  expect(verdict).toMatchObject({ approved: true, item: { subject: 'order' } });
  expect(verdict.checks).toHaveLength(2);
});

test('RSK-51 runs all checks and gives every reason in their order', () => {
  const verdict = riskGate('order', [bad('first'), good, bad('last')], (subject) => ok(subject));
  expect(verdict).toMatchObject({
    approved: false,
    reasons: [{ detail: 'first of order' }, { detail: 'last of order' }],
  });
  expect(verdict.checks.map((result) => result.verdict)).toEqual(['block', 'pass', 'block']);
});

test('a draft is not made when a check blocks, and one that fails refuses', () => {
  let drafts = 0;
  const failing = () => {
    drafts += 1;
    return err({ reason: 'halted', detail: 'no draft' } as const);
  };
  riskGate('order', [bad('first')], failing);
  expect(drafts).toBe(0);
  expect(riskGate('order', [good], failing)).toMatchObject({
    approved: false,
    reasons: [{ detail: 'no draft' }],
  });
});

test('RSK-05 a gate without checks, and an approval made anywhere else, do not compile', () => {
  // @ts-expect-error at least one check is needed
  riskGate('order', [], (subject: string) => ok(subject));
  // @ts-expect-error only the gate approves
  const forged: Approved<{ readonly quantity: number }> = { quantity: 1 };
  expect(forged).toBeDefined();
});
