import { bookDoc } from '@tradewind/contracts/documents/book';
import { encode } from 'zod';
import { book } from '../testing/documents.ts';
import { completeOf, dataOf, parseState, type RawState } from './loaded.ts';

const good = encode(bookDoc, book());
const ready = (...documents: readonly unknown[]): RawState => ({
  status: 'ready',
  live: true,
  documents: documents.map((data, i) => ({ path: `books/${i}`, data })),
});

test('UI-03 a malformed document is a named fault, and sums over it are unknown', () => {
  const loaded = parseState(bookDoc, ready(good, { ...good, cash: 'lots' }));
  expect(dataOf(loaded)).toHaveLength(1);
  expect(completeOf(loaded)).toBeUndefined();
  const [fault] = loaded.status === 'ready' ? loaded.faults : [];
  expect(fault?.path).toBe('books/1');
  expect(fault?.message).toContain('cash');
});

test('documents of a good collection decode to units', () => {
  const loaded = parseState(bookDoc, ready(good));
  expect(completeOf(loaded)).toEqual([book()]);
});
