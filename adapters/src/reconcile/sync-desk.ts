import type { ExecutionPorts } from '../execution/ports.ts';
import { syncOrders } from '../execution/sync-orders.ts';
import { reconcileAccounts } from './reconcile-account.ts';
import { syncBalances } from './sync-balance.ts';

/**
 * Everything that is compared with the venues once a minute: orders, then what is held, then cash. Each is done
 * whatever came of the one before.
 *
 * @throws AggregateError afterwards, with everything that failed.
 */
export async function syncDesk(ports: ExecutionPorts): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (work: () => Promise<readonly unknown[]>): Promise<void> => {
    try {
      failures.push(...(await work()));
    } catch (error) {
      failures.push(error);
    }
  };
  await attempt(async () => {
    await syncOrders(ports);
    return [];
  });
  await attempt(async () => {
    const passes = await reconcileAccounts(ports, { full: true });
    return passes.flatMap((pass) => pass.failures);
  });
  await attempt(() => syncBalances(ports));
  if (failures.length === 0) return;
  const causes = failures.map((each) => (each instanceof Error ? each.message : String(each)));
  throw new AggregateError(failures, `The desk could not be compared: ${causes.join('; ')}`);
}
