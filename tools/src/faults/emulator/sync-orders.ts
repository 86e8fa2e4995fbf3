import { fireSchedule } from '../../desk/clock-driver.ts';
import type { Ports } from '../../lib/ports.ts';

/** A run that takes longer was killed: nobody will answer for it. */
const ANSWER_MS = 30_000;

/** One pass of order sync, as the schedule makes it every minute. @throws Error when it fails or was killed. */
export const syncOrders = (ports: Ports, at: number): Promise<void> =>
  fireSchedule(ports, { name: 'syncOrders', at, timeoutMs: ANSWER_MS });
