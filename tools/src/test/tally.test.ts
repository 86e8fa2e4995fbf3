import { add, NOTHING, tallyOf, totalLine } from './tally.ts';

const json = (numbers: Record<string, number>): string =>
  JSON.stringify({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    testResults: [],
    ...numbers,
  });

test('a file that does not load counts as a failure', () => {
  expect(tallyOf(json({ numPassedTests: 3, numRuntimeErrorTestSuites: 1 }))).toEqual({
    passed: 3,
    failed: 1,
    skipped: 0,
  });
});

test('skipped and planned tests are told, not hidden', () => {
  const tally = tallyOf(json({ numPassedTests: 3, numPendingTests: 2, numTodoTests: 1 }));
  expect(totalLine(tally)).toBe('3 passed, 0 failed, 3 skipped');
});

test('a run without skips ends with two numbers', () => {
  const sum = add(NOTHING, { passed: 5, failed: 1, skipped: 0 });
  expect(totalLine(sum)).toBe('5 passed, 1 failed');
});

test('results of another shape are refused rather than counted as nothing', () => {
  expect(() => tallyOf('{}')).toThrow();
});
