import { logUsage } from '@tradewind/adapters/telemetry/log';
import { log, store } from './composition.ts';

const reported = { reads: 0, writes: 0 };

/**
 * Runs one invocation and then logs what it read and wrote since the last such line.
 *
 * Invocations may overlap in an instance, so a line may hold a neighbour's share; the sum of all
 * lines is exact.
 */
export async function metered<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } finally {
    const { reads, writes } = store().usage;
    logUsage(log(), { reads: reads - reported.reads, writes: writes - reported.writes });
    reported.reads = reads;
    reported.writes = writes;
  }
}
