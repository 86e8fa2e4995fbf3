import type { Tick } from '../market/tick.ts';
import { samplesInit } from './tick-volatility.ts';
import { TICK_WINDOWS, tickValue, type TickBase } from './tick-window-value.ts';
import { tapeInit, tapeNext, type TapeState } from './tick-window.ts';

const START = 1_700_000_000_000;
const TICKS = 14_000;

/** A list that counts how often an element of it is read or written. */
function counted<T extends object>(list: T, counter: { steps: number }): T {
  return new Proxy(list, {
    get(target, key) {
      counter.steps += 1;
      return Reflect.get(target, key) as unknown;
    },
    set(target, key, value) {
      counter.steps += 1;
      return Reflect.set(target, key, value);
    },
  });
}

const countedTape = (tape: TapeState, counter: { steps: number }): TapeState => ({
  ...tape,
  cells: counted(tape.cells, counter),
  ids: counted(tape.ids, counter),
  blockLows: counted(tape.blockLows, counter),
  blockHighs: counted(tape.blockHighs, counter),
});

/** 20 trades a second, each in a millisecond of its own, without end. */
const tickAt = (index: number): Tick => ({
  id: index,
  at: START + index * 50,
  price: 10_000 + ((index * 7_919) % 211),
  size: 1 + (index % 7),
  isBuy: index % 3 === 0,
});

type Steps = { readonly update: number; readonly reads: Readonly<Record<string, number>> };

/** Steps per trade after `before` trades, and of one read of each indicator over a window as long as the horizon. */
function stepsOf(horizon: number, before: number): Steps {
  const counter = { steps: 0 };
  const plain = tapeInit(horizon);
  for (let index = 0; index < before; index += 1) tapeNext(plain, tickAt(index));
  const tape = countedTape(plain, counter);
  for (let index = before; index < before + TICKS; index += 1) tapeNext(tape, tickAt(index));
  const update = counter.steps / TICKS;
  const now = tickAt(before + TICKS).at;
  const reads = Object.fromEntries(
    (Object.keys(TICK_WINDOWS) as TickBase[]).map((base) => {
      const isPair = base === 'VOLUME_SURGE' || base === 'VELOCITY';
      const window = isPair ? { t1: horizon / 4, t2: (3 * horizon) / 4 } : { t1: horizon, t2: 0 };
      counter.steps = 0;
      tickValue({ tape, samples: samplesInit(horizon) }, { base, ...window }, now);
      return [base, counter.steps];
    }),
  );
  return { update, reads };
}

describe('cost of a trade', () => {
  const long = stepsOf(3_600, 100_000);

  test('IND-T16 IND-01 windows of 600 and 3600 s cost no more steps per trade than one of 60 s', () => {
    const short = stepsOf(60, 100_000);
    for (const { update, reads } of [stepsOf(600, 100_000), long]) {
      // Trims come in lumps: one more or less in the count is a quarter.
      expect(update).toBeLessThanOrEqual(short.update * 1.5);
      for (const [base, steps] of Object.entries(reads)) {
        // A read finds its ends by halving; a range looks at two blocks and one number per block besides.
        const limit = base.endsWith('MAGNITUDE') ? 600 : 100;
        expect({ base, isBounded: steps <= limit }).toEqual({ base, isBounded: true });
      }
    }
  });

  test('IND-01 after a million trades each costs as many steps as after a hundred thousand', () => {
    expect(stepsOf(3_600, 1_000_000).update).toBeLessThanOrEqual(long.update * 1.5);
  });
});
