import { epochMs, type EpochMs } from '@tradewind/core/lib/time';

/** Text of digits below this is seconds since the epoch, as the task queue tells them; above it, milliseconds. */
const SECONDS_BELOW = 1e11;

/**
 * When an event was published, or a task was due, as the platform says it: a date, or seconds or milliseconds since the
 * epoch. `null` where it says nothing that can be read.
 */
export function publishedAt(text: string | undefined): EpochMs | null {
  if (text === undefined || text.trim() === '') return null;
  const number = Number(text);
  if (Number.isNaN(number)) {
    const parsed = Date.parse(text);
    return Number.isNaN(parsed) ? null : epochMs(parsed);
  }
  return epochMs(Math.round(number < SECONDS_BELOW ? number * 1_000 : number));
}
