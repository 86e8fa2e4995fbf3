import { RISING, balanced, engineOf, final, follower } from '../../test/weighted-bot.ts';
import type { WeightedParams } from '../strategy/weighted/params.ts';
import { restore, stored } from './restore.ts';

const engine = engineOf(follower);
const text = stored(engine, final(follower, RISING).state);

const averages = (kind: 'SMA' | 'EMA', slow: number): WeightedParams => ({
  ...follower,
  signalConfig: {
    ...follower.signalConfig,
    movingAverage: { enabled: true, weight: 1, kind, fast: 1, slow },
  },
});

describe('STR-07 a stored state', () => {
  test('is restored to the strategy and parameters that made it, whatever their order', () => {
    const { timeframe, ...others } = follower;
    expect(restore(engine, text)).toEqual({ ok: true, value: final(follower, RISING).state });
    expect(restore(engineOf({ ...others, timeframe }), text).ok).toBe(true);
  });

  test.each([
    ['another period', averages('SMA', 3)],
    ['another average', averages('EMA', 2)],
    ['another patience', { ...follower, confirmationMinutes: 2 }],
    ['other signals', balanced],
  ])('is not restored to %s', (_, params) => {
    expect(restore(engineOf(params), text)).toMatchObject({ ok: false });
  });

  test.each(['nonsense', 'null', '[]', '{}', text.replace('"bars":3', '"beers":3')])(
    'is not restored from %s',
    (wrong) => {
      expect(restore(engine, wrong)).toMatchObject({ ok: false });
    },
  );

  test('is not restored from one with a number missing, or without what the strategy keeps', () => {
    for (const wrong of [
      text.replace(/"sum":[\d.]+/, '"sum":null'),
      text.replace('"confirmation"', '"confirmed"'),
    ])
      expect(restore(engine, wrong)).toEqual({
        ok: false,
        error: 'the stored state of follower is not built like one of weighted',
      });
  });
});
