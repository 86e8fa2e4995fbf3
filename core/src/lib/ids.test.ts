import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { hashId } from './ids.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The first 26 characters of RFC 4648 base32, bit by bit. */
function long(parts: readonly string[]): string {
  const digest = createHash('sha256')
    .update(
      Buffer.concat(
        parts.flatMap((part, at) =>
          at === 0 ? [Buffer.from(part)] : [Buffer.of(0xff), Buffer.from(part)],
        ),
      ),
    )
    .digest();
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{5}/g) ?? [];
  return groups
    .map((group) => BASE32.charAt(parseInt(group, 2)))
    .slice(0, 26)
    .join('');
}

test('prop: an id is 130 bits of SHA-256 over its parts, in base32', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 5 }),
      (first, more) => {
        expect(hashId(first, ...more)).toBe(long([first, ...more]));
      },
    ),
  );
});

test('parts that only look alike when joined give other ids', () => {
  expect(hashId('a', 'bc')).not.toBe(hashId('ab', 'c'));
});
