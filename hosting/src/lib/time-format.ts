import type { EpochMs } from '@tradewind/core/lib/time';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** `14:03:12` in the user's zone. */
export const formatClock = (at: EpochMs): string => clock.format(at);

/** `20 Nov, 14:03:12`, without the day when it is that of `reference`. */
export const formatMoment = (at: EpochMs, reference: EpochMs): string =>
  day.format(at) === day.format(reference)
    ? clock.format(at)
    : `${day.format(at)}, ${clock.format(at)}`;

/** `20 Nov 2026, 14:03:12` in the user's zone. */
export const formatFull = (at: EpochMs): string => full.format(at);

/** `2026-11-20 13:03:12 UTC`, for tooltips (UI-04). */
export const formatUtc = (at: EpochMs): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
