import type { AlertDoc } from '@tradewind/contracts/documents/system';
import { epochMs } from '@tradewind/core/lib/time';
import { connecting, failed, idle, received } from './connection.ts';
import { createFeedAlerts, troubleOf } from './feed-alerts.ts';
import { fakePorts } from './testing/fake-ports.ts';

const at = (seconds: number) => epochMs(1_000_000 + seconds * 1_000);
const fresh = connecting(idle(at(0)), at(0));
const live = received(fresh, at(1));

test('MD-60 silence is a warning at once and critical after a minute', () => {
  expect(troubleOf(live, at(11))).toBeNull();
  expect(troubleOf(live, at(12))).toMatchObject({ rule: 'feed_stale', severity: 'WARNING' });
  expect(troubleOf(live, at(62))).toMatchObject({ rule: 'feed_stale', severity: 'CRITICAL' });
});

test('the first trade may let itself be waited for', () => {
  expect(troubleOf(fresh, at(30))).toBeNull();
  expect(troubleOf(fresh, at(31))).toMatchObject({ rule: 'feed_disconnected' });
});

test('MD-26 a lost connection is told after five seconds, ten failures are critical', () => {
  const lost = failed(live, at(20));
  expect(troubleOf(lost, at(25))).toBeNull();
  expect(troubleOf(lost, at(26))).toMatchObject({ rule: 'feed_disconnected', severity: 'WARNING' });
  const again = Array.from({ length: 9 }).reduce<typeof lost>((c) => failed(c, at(30)), lost);
  expect(troubleOf(again, at(30))).toMatchObject({ severity: 'CRITICAL' });
});

test('MD-26 when it is back, it is told how long it was away and what was read for it', async () => {
  const { ports, state, documents } = fakePorts();
  const alerts = createFeedAlerts(ports, 'worker-0_binance_spot');
  const settle = (): Promise<void> => new Promise((done) => setImmediate(done));
  const look = async (connection: typeof live, seconds: number): Promise<void> => {
    state.now = at(seconds);
    alerts.look(connection, () => 42);
    await settle();
  };
  const told = () => [...documents.values()] as AlertDoc[];
  await look(live, 2);
  const lost = failed(live, at(3));
  await look(lost, 9);
  await look(lost, 10);
  expect(told().map(({ rule, severity, state: is }) => [rule, severity, is])).toEqual([
    ['feed_disconnected', 'WARNING', 'ACTIVE'],
  ]);
  await look(received(lost, at(121)), 121);
  expect(told().map(({ rule, state: is }) => [rule, is])).toEqual([
    ['feed_disconnected', 'RESOLVED'],
    ['feed_restored', 'ACTIVE'],
  ]);
  expect(told()[1]?.details).toMatchObject({ outageSeconds: '120', backfilled: '42' });
});
