/**
 * Settings of a desk to which harm is done: what a killed process held is taken over, and what it lost is found,
 * within a test's patience; and its sandbox, which limits nobody, is called without pauses.
 */
export const SHORT_WAITS = {
  // Longer than the proof takes that an order is not at the venue: else one after the other begins it anew.
  TRADEWIND_CLAIM_LEASE_MS: '7000',
  TRADEWIND_GATE_LEASE_MS: '4000',
  TRADEWIND_WORKER_LEASE_MS: '4000',
  TRADEWIND_LOST_AFTER_MS: '5000',
  TRADEWIND_CALLS_PER_SECOND: '100',
} as const;
