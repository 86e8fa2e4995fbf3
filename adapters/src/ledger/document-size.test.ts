import { documentSize } from './document-size.ts';

test('counts a document as Firestore’s page on storage sizes does', () => {
  const task = { type: 'Personal', done: false, priority: 1, description: 'Learn Cloud Firestore' };
  // The page’s own example: name 44, fields 14 + 6 + 17 + 34, and 32.
  expect(documentSize('users/jeff/tasks/my_task_id', task)).toBe(147);
});

test.each<[string, unknown, number]>([
  ['null', null, 1],
  ['a boolean', true, 1],
  ['a number', 1.5, 8],
  ['a time', new Date(0), 8],
  ['a time as it is read', { toMillis: () => 0 }, 8],
  ['text of two bytes a letter', 'éé', 5],
  ['an array', [1, 'ab', null], 12],
  ['an empty map', {}, 32],
  ['a map', { a: 1 }, 42],
])('%s', (_, value, bytes) => {
  const name = 16 + 2 + 2;
  expect(documentSize('a/b', { x: value })).toBe(name + 32 + 2 + bytes);
});
