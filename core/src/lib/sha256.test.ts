import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sha256Hex } from './sha256.ts';

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

test('takes half of a surrogate pair for U+FFFD, and texts of every length across a block', () => {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(sha256Hex('a\ud800b\udc00')).toBe(digest('a\ud800b\udc00'));
  for (let length = 0; length < 140; length += 1)
    expect(sha256Hex('x'.repeat(length))).toBe(digest('x'.repeat(length)));
});
