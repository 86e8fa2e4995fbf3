import type { Difference } from '@tradewind/core/parity/difference';
import { scorePct, type Parity } from '@tradewind/core/parity/replay-recording';

const HEADS = ['bot', 'market', 'evaluations', 'equal', 'score'] as const;

const score = (parity: Parity): string => {
  const pct = scorePct(parity);
  return pct === null ? 'none' : `${(Math.floor(pct * 100) / 100).toFixed(2)} %`;
};

/** What is the same but for its time is printed once. */
function grouped(differences: readonly Difference[]) {
  const groups = new Map<string, { readonly first: Difference; last: number; count: number }>();
  for (const one of differences) {
    const key = [one.bot, one.market, one.cause, one.detail].join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: one, last: one.at, count: 1 });
    else {
      group.count += 1;
      group.last = one.at;
    }
  }
  return [...groups.values()];
}

const iso = (at: number): string => new Date(at).toISOString();

/** The parity of some bots as a table, and under it what differs, with its causes in words. */
export function parityTable(parities: readonly Parity[]): string {
  if (parities.length === 0) return 'Nothing was decided in that time.';
  const rows = parities.map((one) => [
    one.bot,
    one.market,
    String(one.evaluations),
    String(one.equal),
    score(one),
  ]);
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  const differences = grouped(parities.flatMap((one) => one.differences));
  return [
    line(HEADS),
    ...rows.map(line),
    ...(differences.length === 0 ? [] : ['', 'Differences:']),
    ...differences.flatMap(({ first, last, count }) => [
      `  ${iso(first.at)}${count > 1 ? ` to ${iso(last)}, ${count} times` : ''}  ${first.bot} on ${first.market}: ${first.cause}`,
      `    ${first.detail}`,
      `    expected ${first.expected}`,
      `    found    ${first.found}`,
    ]),
  ].join('\n');
}
