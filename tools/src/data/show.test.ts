import { bytes, cellText, csvCell, length, table, time } from './show.ts';

test('a table lines up names to the left and numbers to the right', () => {
  expect(
    table(
      ['name', 'rows'],
      [
        ['a', '1,000'],
        ['long', '5'],
      ],
    ),
  ).toBe(['name   rows', '────  ─────', 'a     1,000', 'long      5'].join('\n'));
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [143_500, '143.5 kB'],
  [2_900_000_000, '2.9 GB'],
])('%d bytes are %s', (value, text) => {
  expect(bytes(value)).toBe(text);
});

test.each([
  [500, '500 ms'],
  [65_000, '1 min 5 s'],
  [90_000_000, '1 d 1 h'],
])('%d ms are %s', (ms, text) => {
  expect(length(ms)).toBe(text);
});

test('values are told plainly, and quoted where CSV needs it', () => {
  expect([cellText(null), cellText(1.5), cellText({ a: 1 }), cellText(true)]).toEqual([
    '',
    '1.5',
    '{"a":1}',
    'true',
  ]);
  expect([csvCell('a,b'), csvCell('say "x"'), csvCell('plain')]).toEqual([
    '"a,b"',
    '"say ""x"""',
    'plain',
  ]);
  expect([time(0), time(null)]).toEqual(['1970-01-01 00:00:00', '–']);
});
