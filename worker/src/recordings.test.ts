import type { AlertDoc } from '@tradewind/contracts/documents/system';
import { newSession } from '@tradewind/adapters/archive/start-session';
import { epochMs } from '@tradewind/core/lib/time';
import { createRecordings } from './recordings.ts';
import { at, KEY } from './testing/line-bench.ts';
import { fakePorts, settle } from './testing/fake-ports.ts';

test('MD-91 a recording that nothing keeps is told once, with what to do', async () => {
  const { ports, state, documents, writes } = fakePorts();
  state.now = at(0);
  const session = newSession(
    {
      sessionId: 's1',
      name: 'Morning',
      purpose: '',
      marketKeys: [KEY],
      channels: ['trades'],
      startedBy: 'test',
      durationMs: 60_000,
    },
    { wallNow: () => epochMs(state.now), marketNow: () => epochMs(state.now) },
  );
  const recordings = createRecordings(ports, () => [session]);
  for (let second = 0; second < 5; second += 1) {
    recordings.tick();
    await settle();
    state.now += 1_000;
  }
  expect(writes).toHaveLength(1);
  const [alert] = [...documents.values()] as AlertDoc[];
  expect(alert).toMatchObject({ rule: 'recording_without_archive', severity: 'WARNING' });
  expect(alert?.message).toContain('TRADEWIND_ARCHIVE');
});
