import fc from 'fast-check';
import type { Tick } from '../src/market/tick.ts';
import { tapeInit, tapeNext, type TapeState } from '../src/orderflow/tick-window.ts';

/** A tape that was fed trades in the order given. */
export function tapeOf(ticks: readonly Tick[], horizonSeconds = 3_600): TapeState {
  const tape = tapeInit(horizonSeconds);
  for (const tick of ticks) tapeNext(tape, tick);
  return tape;
}

/** Trades from time and price, of one lot, bought and sold in turn; ids count from 1. */
export const ticksOf = (points: readonly (readonly [at: number, price: number])[]): Tick[] =>
  points.map(([at, price], index) => ({
    id: index + 1,
    at,
    price,
    size: 1,
    isBuy: index % 2 === 0,
  }));

type Step = {
  readonly wait: number;
  readonly price: number;
  readonly size: number;
  readonly isBuy: boolean;
};

/** Random trades in the venue's order: waits of up to `maxWait` ms, some of none, ids counting up. */
export const anyTicks = ({
  from,
  maxWait,
  maxLength,
}: {
  readonly from: number;
  readonly maxWait: number;
  readonly maxLength: number;
}): fc.Arbitrary<Tick[]> =>
  fc
    .array(
      fc.record<Step>({
        wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: maxWait })),
        price: fc.integer({ min: 1, max: 2_000 }),
        size: fc.integer({ min: 1, max: 50 }),
        isBuy: fc.boolean(),
      }),
      { minLength: 1, maxLength, size: 'max' },
    )
    .map((steps) => {
      let at = from;
      return steps.map(({ wait, price, size, isBuy }, index) => {
        at += wait;
        return { id: index + 1, at, price, size, isBuy };
      });
    });

/** The same trades shuffled so that none comes more than `lateness` ms after a later one. */
export function shuffled(ticks: readonly Tick[], lateness: number): fc.Arbitrary<Tick[]> {
  return fc
    .array(fc.integer({ min: 0, max: lateness }), {
      minLength: ticks.length,
      maxLength: ticks.length,
    })
    .map((delays) =>
      ticks
        .map((tick, index) => ({ tick, seenAt: tick.at + (delays[index] ?? 0) }))
        // Of those seen at once the later one comes first: equal times are shuffled as well.
        .toReversed()
        .sort((a, b) => a.seenAt - b.seenAt)
        .map(({ tick }) => tick),
    );
}
