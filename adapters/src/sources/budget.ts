import { err, ok, type Result } from '@tradewind/core/lib/result';
import { dayStart, type EpochMs } from '@tradewind/core/lib/time';
import type { SourceError } from './source.ts';

export type Allowance = { readonly perMinute: number; readonly perDay: number };

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Spends calls of a source: a bucket that fills up by the minute, and a count that starts over at midnight UTC. */
export function createBudget({ perMinute, perDay }: Allowance, now: () => EpochMs) {
  let tokens = perMinute;
  let filledAt = now();
  let day = dayStart(filledAt);
  let today = 0;
  return {
    /** Takes one call, or says when there will be one. */
    take: (): Result<void, SourceError> => {
      const at = now();
      // A clock that was set back neither fills nor empties anything.
      tokens = Math.min(perMinute, tokens + (Math.max(0, at - filledAt) / MINUTE) * perMinute);
      filledAt = at > filledAt ? at : filledAt;
      if (dayStart(at) > day) [day, today] = [dayStart(at), 0];
      const spent = (period: string, retryAfterMs: number) =>
        err({ kind: 'budget' as const, message: `no calls are left this ${period}`, retryAfterMs });
      if (today >= perDay) return spent('day', day + DAY - at);
      if (tokens < 1) return spent('minute', Math.ceil(((1 - tokens) / perMinute) * MINUTE));
      tokens -= 1;
      today += 1;
      return ok(undefined);
    },
    left: (): { readonly today: number } => ({ today: perDay - today }),
  };
}
export type Budget = ReturnType<typeof createBudget>;
