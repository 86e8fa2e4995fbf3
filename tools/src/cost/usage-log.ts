import {
  NO_OPERATIONS,
  operations,
  scaled,
  summed,
  type Operations,
} from '@tradewind/core/cost/workload';
import * as z from 'zod';

const counts = z.object({
  reads: z.number(),
  writes: z.number(),
  deletes: z.number(),
  bytesRead: z.number(),
  bytesWritten: z.number(),
});

const usageLine = z.looseObject({
  ...counts.shape,
  kind: z.literal('usage'),
  time: z.iso.datetime().transform((text) => Date.parse(text)),
  groups: z.record(z.string(), counts),
  /** All markets together. */
  markets: counts,
});
type UsageLine = z.infer<typeof usageLine>;

/** What a program said it used, between two of its lines. */
export type Span = {
  readonly ms: number;
  readonly total: Operations;
  readonly groups: Readonly<Record<string, Operations>>;
  readonly markets: Operations;
};

/** The usage lines of a program's log; every other line is passed over. */
export function usageLines(log: string): UsageLine[] {
  return log.split('\n').flatMap((line) => {
    if (!line.includes('"usage"')) return [];
    try {
      const parsed = usageLine.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

const groupSum = (lines: readonly UsageLine[]): Record<string, Operations> => {
  const groups: Record<string, Operations> = {};
  for (const line of lines)
    for (const [name, used] of Object.entries(line.groups))
      groups[name] = summed(groups[name] ?? NO_OPERATIONS, used);
  return groups;
};

/**
 * What was used between the last line before `from` and the last line until `to`, wall clock. A line tells what
 * was used since the one before it, so the span begins and ends at lines.
 *
 * @returns `undefined` where the log does not reach back before `from`, or tells nothing after it.
 */
export function spanOf(lines: readonly UsageLine[], from: number, to: number): Span | undefined {
  const before = lines.findLast(({ time }) => time <= from);
  const within = lines.filter(({ time }) => time > (before?.time ?? Infinity) && time <= to);
  const last = within.at(-1);
  if (before === undefined || last === undefined) return undefined;
  return {
    ms: last.time - before.time,
    total: summed(...within.map((line) => operations(line))),
    groups: groupSum(within),
    markets: summed(...within.map(({ markets }) => markets)),
  };
}

/** What it would be in `ms`, at the same pace. */
export const inTime = (used: Operations, span: Span, ms: number): Operations =>
  scaled(used, ms / span.ms);
