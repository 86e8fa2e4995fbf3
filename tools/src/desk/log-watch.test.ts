import { createLogWatch } from './log-watch.ts';

test('adds up what the programs say they read and wrote', () => {
  const watch = createLogWatch();
  watch.take('functions', '{"severity":"INFO","kind":"usage","reads":3,"writes":1}');
  watch.take('worker', '{"severity":"INFO","kind":"usage","reads":0,"writes":9}');
  watch.take('worker', '{"severity":"INFO","message":"up","reads":5}');
  expect(watch.usage()).toEqual({ reads: 3, writes: 10 });
  expect(watch.errors()).toEqual([]);
});

test.each([
  [
    '{"severity":"ERROR","component":"executeIntent","message":"no answer"}',
    'executeIntent: no answer',
  ],
  ['{"level":50,"message":"bad"}', 'x: bad'],
  ['{"level":"error","message":"bad"}', 'x: bad'],
  ['⚠  functions: Error: Document is malformed', 'x: ⚠  functions: Error: Document is malformed'],
])('%p is an error', (line, error) => {
  const watch = createLogWatch();
  watch.take('x', line);
  watch.take('x', line);
  expect(watch.errors()).toEqual([`${error} (2 times)`]);
});

test.each([
  '{"severity":"WARNING","message":"slow"}',
  '{broken json "severity":"ERROR"',
  'i  functions: Beginning execution of "us-central1-runCycle"',
  '⚠  functions: The Cloud Functions for Firebase SDK is out of date',
  '',
])('%p is not', (line) => {
  const watch = createLogWatch();
  watch.take('x', line);
  expect(watch.errors()).toEqual([]);
});
