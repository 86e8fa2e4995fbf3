import type { LeaseDoc } from '@tradewind/contracts/documents/system';
import { epochMs } from '@tradewind/core/lib/time';
import { runWorker } from './run-worker.ts';
import { fakePorts, settle } from './testing/fake-ports.ts';

test('MD-27 a standby publishes nothing, whatever shards there are', async () => {
  const { ports, state, documents, writes } = fakePorts();
  state.now = 1_000_000;
  for (const shard of [0, 1]) {
    const lease: LeaseDoc = { owner: 'another', token: 1, expiresAt: epochMs(1_015_000) };
    documents.set(`leases/worker-${shard}`, lease);
  }
  const end = new AbortController();
  const worker = runWorker({ ...ports, shards: { count: 2, share: 2 } }, end.signal);
  for (let n = 0; n < 20; n += 1) await settle();
  expect(worker.status()).toEqual({
    role: 'standby',
    shards: [
      { shard: 'worker-0', role: 'standby' },
      { shard: 'worker-1', role: 'standby' },
    ],
  });
  expect(worker.sessions()).toEqual([]);
  expect(writes).toEqual([]);
  end.abort();
  await worker.done;
});
