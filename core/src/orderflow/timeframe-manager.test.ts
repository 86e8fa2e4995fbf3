import fc from 'fast-check';
import {
  isUsable,
  managerAsk,
  managerClosed,
  managerInit,
  managerServe,
  managerStore,
  TIMEFRAME_RULES,
  type ManagedTimeframe,
  type ManagerState,
} from './timeframe-manager.ts';

const T = 1_700_000_000_000;
const ask = (now: number, ticks = 1_000, timeframe: ManagedTimeframe = '1m') => ({
  timeframe,
  now: T + now,
  ticks,
});
/** Serves with a computation that counts itself. */
function counting() {
  const state = managerInit<number>();
  let computed = 0;
  const serve = (now: number, ticks?: number) =>
    managerServe(state, ask(now, ticks), () => (computed += 1));
  return { state, serve, computed: () => computed };
}

describe('multi-timeframe manager', () => {
  test('IND-95 serves from the cache while it is younger than the refresh time', () => {
    const { serve, computed } = counting();
    expect(serve(0)).toEqual({ kind: 'ready', value: 1, asOf: T });
    expect(serve(9_999)).toEqual({ kind: 'ready', value: 1, asOf: T });
    expect(serve(10_000)).toEqual({ kind: 'ready', value: 2, asOf: T + 10_000 });
    expect(computed()).toBe(2);
  });

  test('IND-95 tells one of several who ask at once to compute, and the others to share', () => {
    const state = managerInit<string>();
    expect(managerAsk(state, ask(0))).toEqual({ kind: 'compute' });
    expect(managerAsk(state, ask(1))).toEqual({ kind: 'pending' });
    managerStore(state, '1m', { value: 'first', asOf: T });
    expect(managerAsk(state, ask(2))).toMatchObject({ kind: 'ready', value: 'first' });
    // While the next is computed, the older one will do.
    expect(managerAsk(state, ask(10_000))).toEqual({ kind: 'compute' });
    expect(managerAsk(state, ask(10_001))).toMatchObject({ kind: 'ready', value: 'first' });
  });

  test('a computation that never came back is given to another after a refresh time', () => {
    const state = managerInit<string>();
    managerAsk(state, ask(0));
    expect(managerAsk(state, ask(9_999))).toEqual({ kind: 'pending' });
    expect(managerAsk(state, ask(10_000))).toEqual({ kind: 'compute' });
  });

  test('IND-96 a closed bar forces a refresh', () => {
    const { state, serve } = counting();
    serve(0);
    managerClosed(state, '5m', T + 500);
    expect(serve(1_000)).toMatchObject({ value: 1 });
    managerClosed(state, '1m', T + 1_500);
    expect(serve(2_000)).toEqual({ kind: 'ready', value: 2, asOf: T + 2_000 });
    expect(serve(2_001)).toMatchObject({ value: 2 });
  });

  test('IND-96 what was computed before the bar closed does not undo the refresh', () => {
    const state = managerInit<string>();
    managerAsk(state, ask(0));
    managerClosed(state, '1m', T + 1_000);
    managerStore(state, '1m', { value: 'early', asOf: T });
    expect(managerAsk(state, ask(1_001))).toEqual({ kind: 'compute' });
    managerStore(state, '1m', { value: 'late', asOf: T + 1_001 });
    managerStore(state, '1m', { value: 'older', asOf: T + 900 });
    expect(managerAsk(state, ask(1_002))).toMatchObject({ value: 'late', asOf: T + 1_001 });
  });

  test('IND-95 a result that comes late leaves the work to whoever has it now', () => {
    const state = managerInit<string>();
    managerAsk(state, ask(0));
    managerClosed(state, '1m', T + 1_000);
    expect(managerAsk(state, ask(1_001))).toEqual({ kind: 'compute' });
    managerStore(state, '1m', { value: 'late', asOf: T });
    expect(managerAsk(state, ask(1_002))).toMatchObject({ kind: 'ready', value: 'late' });
  });

  test.each(
    Object.entries(TIMEFRAME_RULES).map(([name, { refreshMs }]) => [name, refreshMs] as const),
  )(
    'IND-96 a result for %s may be used for three times %i ms, and not before its time',
    (name, refreshMs) => {
      const timeframe = name as ManagedTimeframe;
      expect(isUsable(timeframe, T, T + 3 * refreshMs)).toBe(true);
      expect(isUsable(timeframe, T, T + 3 * refreshMs + 1)).toBe(false);
      expect(isUsable(timeframe, T, T - 1)).toBe(false);
      expect(isUsable(timeframe, NaN, T)).toBe(false);
    },
  );

  test('IND-96 a result that is too old is not handed out while another is computed', () => {
    const state = managerInit<string>();
    managerStore(state, '1m', { value: 'old', asOf: T });
    expect(managerAsk(state, ask(30_001))).toEqual({ kind: 'compute' });
    expect(managerAsk(state, ask(30_002))).toEqual({ kind: 'pending' });
  });

  test.each([
    ['15s', 30],
    ['1m', 60],
    ['5m', 200],
    ['15m', 500],
    ['1h', 1_500],
  ] as const)(
    'too few ticks in %s, fewer than %i, are insufficient and compute nothing',
    (timeframe, least) => {
      const state = managerInit<number>();
      const compute = () => {
        throw new Error('not to be called');
      };
      expect(managerServe(state, ask(0, least - 1, timeframe), compute)).toEqual({
        kind: 'insufficient',
        ticks: least - 1,
        minTicks: least,
      });
      expect(managerServe(state, ask(0, least, timeframe), () => 7)).toMatchObject({ value: 7 });
      expect(managerAsk(state, ask(0, NaN, timeframe))).toMatchObject({ kind: 'insufficient' });
    },
  );

  test('a paper book may ask for fewer ticks', () => {
    const state = managerInit<number>();
    const question = { ...ask(0, 5), minTicks: 5 };
    expect(managerServe(state, question, () => 7)).toMatchObject({ value: 7 });
  });

  test('prop: computes at most once a refresh and closed bar, and resumes from JSON identically', () => {
    const event = fc.tuple(fc.nat(15_000), fc.boolean());
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 60 }), (events) => {
        let state: ManagerState<number> = managerInit();
        const computedAt: number[] = [];
        const closedAt: number[] = [];
        let now = T;
        for (const [wait, isClose] of events) {
          now += wait + 1;
          state = JSON.parse(JSON.stringify(state)) as ManagerState<number>;
          if (isClose) {
            managerClosed(state, '1m', now);
            closedAt.push(now);
            continue;
          }
          const at = now;
          const answer = managerServe(state, { timeframe: '1m', now, ticks: 99 }, () => {
            computedAt.push(at);
            return at;
          });
          expect(answer.kind).toBe('ready');
          if (answer.kind !== 'ready') continue;
          expect(now - answer.asOf).toBeLessThan(10_000);
          expect(closedAt.every((closed) => closed > now || answer.asOf >= closed)).toBe(true);
        }
        computedAt.slice(1).forEach((at, i) => {
          const before = computedAt[i] ?? NaN;
          const isForced = closedAt.some((closed) => closed > before && closed <= at);
          expect(at - before >= 10_000 || isForced).toBe(true);
        });
      }),
    );
  });
});
