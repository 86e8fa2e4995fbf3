import { epochMs } from '@tradewind/core/lib/time';
import { disconnected, failed, isSilent, received, stateOf, troubleOf } from './connection.ts';

const at = (seconds: number) => epochMs(1_000_000 + seconds * 1_000);
const live = received(disconnected(at(0)), at(1));

test('MD-20 a connection starts, lives, goes stale after ten seconds, and reconnects', () => {
  expect(stateOf(disconnected(at(0)), at(0))).toBe('STARTING');
  expect(stateOf(live, at(11))).toBe('LIVE');
  expect(stateOf(live, at(11.001))).toBe('STALE');
  expect(stateOf(failed(live, at(12)), at(12))).toBe('RECONNECTING');
});

test('MD-21 failures count until a connection has held for a minute', () => {
  const third = [1, 2, 3].reduce((state, n) => failed(state, at(n)), disconnected(at(0)));
  const back = received(third, at(10));
  expect(back.failures).toBe(3);
  expect(received(back, at(69)).failures).toBe(3);
  expect(received(back, at(70)).failures).toBe(0);
});

test('MD-60 silence is a warning at once and critical after a minute', () => {
  expect(troubleOf(live, at(11))).toBeNull();
  expect(troubleOf(live, at(12))).toMatchObject({ rule: 'feed_stale', severity: 'WARNING' });
  expect(troubleOf(live, at(62))).toMatchObject({ rule: 'feed_stale', severity: 'CRITICAL' });
});

test('MD-22 a connection silent for half a minute is replaced, and its successor gets as long', () => {
  expect(isSilent(live, at(0), at(31))).toBe(false);
  expect(isSilent(live, at(0), at(32))).toBe(true);
  expect(isSilent(live, at(32), at(62))).toBe(false);
  expect(isSilent(disconnected(at(0)), at(0), at(31))).toBe(true);
});

test('the first trade may let itself be waited for', () => {
  expect(troubleOf(disconnected(at(0)), at(30))).toBeNull();
  expect(troubleOf(disconnected(at(0)), at(31))).toMatchObject({ rule: 'feed_disconnected' });
});

test('MD-26 a lost connection is told after five seconds, ten failures are critical', () => {
  const lost = failed(live, at(20));
  expect(troubleOf(lost, at(25))).toBeNull();
  expect(troubleOf(lost, at(26))).toMatchObject({ rule: 'feed_disconnected', severity: 'WARNING' });
  const again = Array.from({ length: 9 }).reduce<typeof lost>((c) => failed(c, at(30)), lost);
  expect(troubleOf(again, at(30))).toMatchObject({ severity: 'CRITICAL' });
});
