/** A span of time without data, epoch milliseconds: `from` included, `until` not. */
export type Gap = { readonly from: number; readonly until: number };

/** Gaps that are told apart; of more the oldest two become one with what lies between. */
const MOST = 32;

/** Adds a gap to a list of starts and ends in turn, oldest first, in place. Those that touch become one. */
export function noteGap(gaps: number[], { from, until }: Gap): void {
  if (!(until > from)) return;
  const later: number[] = [];
  let [start, end] = [from, until];
  while (gaps.length > 0 && (gaps.at(-1) ?? 0) >= start) {
    const [lastStart = 0, lastEnd = 0] = gaps.splice(-2);
    if (lastStart > end) later.unshift(lastStart, lastEnd);
    else [start, end] = [Math.min(start, lastStart), Math.max(end, lastEnd)];
  }
  gaps.push(start, end, ...later);
  while (gaps.length > 2 * MOST) gaps.splice(1, 2);
}

/** Forgets the gaps that ended by `before`, in place. */
export function dropGaps(gaps: number[], before: number): void {
  while (gaps.length > 0 && (gaps[1] ?? 0) <= before) gaps.splice(0, 2);
}

/** Milliseconds of a span that lie in gaps. */
export function gapsWithin(gaps: readonly number[], from: number, to: number): number {
  let missing = 0;
  for (let index = 0; index < gaps.length; index += 2)
    missing += Math.max(0, Math.min(to, gaps[index + 1] ?? 0) - Math.max(from, gaps[index] ?? 0));
  return missing;
}
