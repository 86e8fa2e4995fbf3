import type { Queue } from '@tradewind/adapters/queue/queue';
import { epochMs } from '@tradewind/core/lib/time';
import { handleSyncOrders } from './handle-sync-orders.ts';

const MINUTE = epochMs(1_767_225_600_000);

function recorder() {
  const steps: string[] = [];
  const queue: Queue = {
    enqueue: async (name, _payload, { id, delayMs }) => {
      steps.push(`${name} ${id} in ${delayMs ?? 0}`);
    },
  };
  return { steps, queue };
}

test('ARC-02 a pass runs now and a second one follows 30 s later', async () => {
  const { steps, queue } = recorder();
  await handleSyncOrders({ queue }, MINUTE, async () => {
    steps.push('pass');
  });
  expect(steps).toEqual([`syncOrdersAgain sync-${MINUTE} in 30000`, 'pass']);
});

test('a pass that fails still leaves the second one, and tells the platform', async () => {
  const { steps, queue } = recorder();
  const failing = () => Promise.reject(new Error('venue down'));
  await expect(handleSyncOrders({ queue }, MINUTE, failing)).rejects.toThrow('venue down');
  expect(steps).toHaveLength(1);
});
