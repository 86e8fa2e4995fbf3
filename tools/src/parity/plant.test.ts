import { above, aRecording } from '../../../core/test/recorded-session.ts';
import { plantAll } from './plant.ts';

const recording = aRecording(
  Array.from({ length: 40 }, (_, minute) => 50_000 + 40 * Math.sin(minute / 3)),
);
const replayer = { strategyById: () => above, code: 'test' };

test('each planted fault is found in a session that has traded', () => {
  expect(plantAll([recording], replayer)).toEqual({ candle: true, fill: true, version: true });
});

test('what there is nothing of to spoil is not called found', () => {
  const idle = { ...recording, ledger: { ...recording.ledger, fills: [] } };
  expect(plantAll([idle], replayer)).toMatchObject({ candle: true, fill: false });
  expect(plantAll([], replayer)).toEqual({ candle: false, fill: false, version: false });
});
