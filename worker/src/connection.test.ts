import { epochMs } from '@tradewind/core/lib/time';
import {
  connecting,
  failed,
  idle,
  isSilent,
  received,
  refused,
  released,
  stateOf,
  subscribing,
} from './connection.ts';

const at = (seconds: number) => epochMs(1_000_000 + seconds * 1_000);
const fresh = connecting(idle(at(0)), at(0));
const live = received(fresh, at(1));

test('MD-20 idle, connecting, subscribing, live, stale, reconnecting, live', () => {
  expect(stateOf(idle(at(0)), at(0))).toBe('IDLE');
  expect(stateOf(fresh, at(0))).toBe('CONNECTING');
  expect(stateOf(subscribing(fresh, at(0)), at(0))).toBe('SUBSCRIBING');
  expect(stateOf(live, at(11))).toBe('LIVE');
  expect(stateOf(live, at(11.001))).toBe('STALE');
  const lost = failed(live, at(12));
  expect(stateOf(lost, at(12))).toBe('RECONNECTING');
  expect(stateOf(connecting(lost, at(15)), at(15))).toBe('RECONNECTING');
  const back = received(lost, at(16));
  expect(stateOf(back, at(16))).toBe('LIVE');
  expect(back.reconnects).toBe(1);
  expect(stateOf(received(live, at(30)), at(30))).toBe('LIVE');
});

test('MD-20 what cannot be had as it is configured has failed, and is not tried again', () => {
  expect(stateOf(refused(fresh, at(1)), at(1_000))).toBe('FAILED');
});

test('a connection that nobody needs any more rests, and remembers how often it was made', () => {
  const lost = received(failed(live, at(2)), at(5));
  expect(released(lost, at(6))).toMatchObject({ phase: 'idle', reconnects: 1, lastDataAt: null });
});

test('MD-21 failures count until a connection has held for a minute', () => {
  const third = [1, 2, 3].reduce((state, n) => failed(state, at(n)), fresh);
  const back = received(third, at(10));
  expect(back.failures).toBe(3);
  expect(received(back, at(69)).failures).toBe(3);
  expect(received(back, at(70)).failures).toBe(0);
});

describe('MD-22 a connection is replaced', () => {
  const heard = (frame: number | null, data: number | null) => ({
    frameAt: frame === null ? null : at(frame),
    dataAt: data === null ? null : at(data),
  });
  test('when no frame of any kind has come for half a minute', () => {
    expect(isSilent(heard(1, 1), at(0), at(31))).toBe(false);
    expect(isSilent(heard(1, 1), at(0), at(31.001))).toBe(true);
    expect(isSilent(heard(null, null), at(0), at(30.001))).toBe(true);
  });
  test('when it answers pings and has sent no trade for a minute', () => {
    expect(isSilent(heard(60, 1), at(0), at(61))).toBe(false);
    expect(isSilent(heard(60, 1), at(0), at(61.001))).toBe(true);
  });
  test('and its successor gets as long', () => {
    expect(isSilent(heard(1, 1), at(32), at(62))).toBe(false);
  });
});
