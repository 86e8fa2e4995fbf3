import { namesOf, registered } from './scaffold.ts';

test('a name gives its id, its constant and its title', () => {
  expect(namesOf('my-2nd-idea')).toEqual({
    id: 'my-2nd-idea',
    constant: 'my2ndIdea',
    title: 'My 2nd idea',
  });
});

test.each([
  ['My_Idea', 'use small letters'],
  ['9-lives', 'beginning with a letter'],
  ['a--b', 'single dashes'],
  ['a-', 'single dashes'],
  ['', 'use small letters'],
  ['../idea', 'use small letters'],
  ['class', 'a word of TypeScript'],
  ['x'.repeat(41), 'at most 40'],
])('"%s" cannot be a name: %s', (typed, words) => {
  expect(namesOf(typed)).toContain(words);
});

describe('the registry', () => {
  const names = { id: 'idea', constant: 'idea', title: 'Idea' };
  const declared = (list: string): string =>
    `import { a } from './a.ts';\n\nexport const STRATEGIES: readonly StrategyDefinition[] = ${list};\n`;

  test('has its list on one line while it fits, and one a line when it does not', () => {
    expect(registered(declared('[a]'), names)).toBe(
      `import { a } from './a.ts';\nimport { idea } from './idea.ts';\n\nexport const STRATEGIES: readonly StrategyDefinition[] = [a, idea];\n`,
    );
    const long = 'b'.repeat(50);
    expect(registered(declared(`[\n  a,\n  ${long},\n]`), names)).toContain(
      `= [\n  a,\n  ${long},\n  idea,\n];`,
    );
  });

  test('that has another shape is left alone', () => {
    expect(registered('export const STRATEGIES = makeThem();', names)).toBeUndefined();
  });
});
