import { wallNow } from '@tradewind/adapters/clock/clock';
import { createUsageReport, type UsageReport } from '@tradewind/adapters/telemetry/report-usage';
import { log, store } from './composition.ts';

let opened: UsageReport | undefined;
const usageReport = (): UsageReport =>
  (opened ??= createUsageReport({
    store: store(),
    clock: { wallNow },
    log: log(),
    component: process.env['FUNCTION_TARGET'] ?? 'functions',
  }));

/**
 * Runs one invocation and then tells what it read and wrote since the last such telling.
 *
 * Invocations may overlap in an instance, so a line may hold a neighbour's share; the sum of all
 * lines is exact. What an instance used in its last minutes, before the platform ends it, is in the log alone.
 */
export async function metered<T>(body: () => Promise<T>): Promise<T> {
  const { report } = usageReport();
  try {
    return await body();
  } finally {
    await report();
  }
}
