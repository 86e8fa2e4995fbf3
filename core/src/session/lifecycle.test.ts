import {
  moveSession,
  moveStrategy,
  type LifecycleCommand,
  type SessionStatus,
  type StrategyStatus,
} from './lifecycle.ts';

const COMMANDS: readonly LifecycleCommand[] = ['start', 'pause', 'resume', 'stop'];
const to = (result: { ok: true; value: string } | { ok: false; error: string }): string =>
  result.ok ? result.value : 'refused';

const STRATEGIES: readonly [StrategyStatus, readonly string[]][] = [
  ['STOPPED', ['RUNNING', 'refused', 'refused', 'refused']],
  ['RUNNING', ['refused', 'PAUSED', 'refused', 'STOPPED']],
  ['PAUSED', ['refused', 'refused', 'RUNNING', 'STOPPED']],
  ['ERROR', ['RUNNING', 'refused', 'refused', 'STOPPED']],
];
const SESSIONS: readonly [SessionStatus, readonly string[]][] = [
  ['RUNNING', ['refused', 'PAUSED', 'refused', 'STOPPING']],
  ['PAUSED', ['refused', 'refused', 'RUNNING', 'STOPPING']],
  ['STOPPING', ['refused', 'refused', 'refused', 'STOPPING']],
  ['STOPPED', ['refused', 'refused', 'refused', 'refused']],
  ['ERROR', ['refused', 'refused', 'refused', 'refused']],
];

test.each(STRATEGIES)('STR-07 a strategy that is %s: start, pause, resume, stop', (from, moves) => {
  expect(COMMANDS.map((command) => to(moveStrategy(from, command)))).toEqual(moves);
});

test.each(SESSIONS)('STR-91 a session that is %s: start, pause, resume, stop', (from, moves) => {
  expect(COMMANDS.map((command) => to(moveSession(from, command)))).toEqual(moves);
});

test('a refusal says what it is and what it would have to be', () => {
  expect(moveStrategy('RUNNING', 'start')).toEqual({
    ok: false,
    error: 'is running; only what is stopped or error can be told to start',
  });
});
