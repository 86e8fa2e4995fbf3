import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sha256 } from './sha256.ts';

function sha256Hex(...texts: string[]): string {
  const words = new Int32Array(8);
  sha256(texts, words);
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

test('gives the digest that FIPS 180-4 prints for "abc"', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('prop: equals the platform implementation for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
    }),
  );
});

test('prop: texts are told apart by a byte that none of them can hold', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(texts, (parts) => {
      const bytes = parts.flatMap((part, at) => [
        ...(at === 0 ? [] : [0xff]),
        ...Buffer.from(part),
      ]);
      expect(sha256Hex(...parts)).toBe(
        createHash('sha256').update(Buffer.from(bytes)).digest('hex'),
      );
    }),
  );
});

test('takes half of a surrogate pair for U+FFFD, and texts of every length across a block', () => {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(sha256Hex('a\ud800b\udc00')).toBe(digest('a\ud800b\udc00'));
  for (let length = 0; length < 140; length += 1)
    expect(sha256Hex('x'.repeat(length))).toBe(digest('x'.repeat(length)));
});
