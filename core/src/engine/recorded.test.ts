import { FALLING, RISING, bar, final, follower } from '../../test/weighted-bot.ts';
import { barsFingerprint, decidedOf } from './recorded.ts';

test('a bar with another price, volume or missing trades has another fingerprint', () => {
  const fed = bar(0, 100);
  const prints = [
    fed,
    { ...fed, close: 100.01 },
    { ...fed, volume: 1.0001 },
    { ...fed, buyVolume: null },
    { ...fed, incomplete: true },
  ].map((each) => barsFingerprint([each]));
  expect(new Set(prints).size).toBe(5);
  expect(barsFingerprint([{ ...fed }])).toBe(prints[0]);
  expect(barsFingerprint([fed, fed])).not.toBe(prints[0]);
});

test('a decision says what was asked for, or which gate failed first', () => {
  const { signal, ...entered } = final(follower, RISING);
  expect(decidedOf(entered)).toMatchObject({
    action: 'ENTER',
    signalId: signal?.signalId,
    failing: null,
    reason: null,
  });
  expect(decidedOf(final(follower, FALLING))).toMatchObject({
    action: 'HOLD',
    signalId: null,
    failing: 'held',
    reason: 'nothing_to_sell',
  });
});

test('the same failing gate by another input is another verdict', () => {
  const near = decidedOf(final(follower, [100, 100, 100.1]));
  const nearer = decidedOf(final(follower, [100, 100, 100.2]));
  expect(near.failing).toBe(nearer.failing);
  expect(near.verdict).not.toBe(nearer.verdict);
});
