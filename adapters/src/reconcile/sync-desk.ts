import type { ExecutionPorts } from '../execution/ports.ts';
import { syncOrders } from '../execution/sync-orders.ts';
import { reconcileAccounts } from './reconcile-account.ts';
import { syncBalances } from './sync-balance.ts';

/**
 * Everything that is compared with the venues: orders, then what is held, and once a minute also figures, documents,
 * stops and cash. Each is done whatever came of the one before.
 *
 * @param full False for the pass between two minutes.
 *
 * @throws AggregateError afterwards, with everything that failed.
 */
export async function syncDesk(ports: ExecutionPorts, full = true): Promise<void> {
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
    const passes = await reconcileAccounts(ports, { full });
    return passes.flatMap((pass) => pass.failures);
  });
  if (full) await attempt(() => syncBalances(ports));
  if (failures.length === 0) return;
  const causes = failures.map((each) => (each instanceof Error ? each.message : String(each)));
  throw new AggregateError(failures, `The desk could not be compared: ${causes.join('; ')}`);
}
