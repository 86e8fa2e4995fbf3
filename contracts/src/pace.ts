import type { Pace } from '@tradewind/core/lib/pace';

const MINUTE_MS = 60_000;

/** Commands of one user (ARC-62). */
export const COMMAND_PACE: Pace = { most: 60, withinMs: MINUTE_MS };
/** Reads of one user over HTTPS (ARC-62). */
export const READ_PACE: Pace = { most: 120, withinMs: MINUTE_MS };
