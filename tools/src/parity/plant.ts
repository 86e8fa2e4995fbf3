import type { Cause } from '@tradewind/core/parity/difference';
import type { RecordedBar, Recording } from '@tradewind/core/parity/recording';
import type { Replayer } from '@tradewind/core/parity/replay-decisions';
import { replayRecording } from '@tradewind/core/parity/replay-recording';
import { addQty, qty } from '@tradewind/core/lib/units';

/** Whether each planted fault was found, and named by its cause and its place. */
export type Planted = {
  readonly candle: boolean;
  readonly fill: boolean;
  readonly version: boolean;
};

type Plant = {
  /** A copy with one fault; `null` where the recording has nothing to spoil. */
  readonly spoil: (
    recording: Recording,
  ) => { readonly copy: Recording; readonly at: number } | null;
  readonly cause: Cause;
};

/** Replaces one element of a list. */
const withOne = <T>(all: readonly T[], index: number, change: (one: T) => T): T[] =>
  all.map((one, i) => (i === index ? change(one) : one));

const PLANTS: Readonly<Record<keyof Planted, Plant>> = {
  candle: {
    cause: 'data',
    spoil: (recording) => {
      const bar = recording.bars[Math.floor(recording.bars.length / 2)];
      const index = recording.candles.findLastIndex(({ openAt }) => openAt < (bar?.at ?? 0));
      if (bar === undefined || index === -1) return null;
      const candles = withOne(recording.candles, index, (candle) => ({
        ...candle,
        volume: addQty(candle.volume, qty('0.001')),
      }));
      return { copy: { ...recording, candles }, at: bar.at };
    },
  },
  fill: {
    cause: 'fill',
    spoil: (recording) => {
      const { ledger } = recording;
      const [fill] = ledger.fills;
      if (fill === undefined) return null;
      const fills = withOne(ledger.fills, 0, (one) => ({
        ...one,
        quantity: addQty(one.quantity, ledger.instrument.lotSize),
      }));
      return { copy: { ...recording, ledger: { ...ledger, fills } }, at: fill.at };
    },
  },
  version: {
    cause: 'strategy_version',
    spoil: (recording) => {
      const index = recording.bars.findLastIndex(({ made }) => made !== undefined);
      const bar = recording.bars[index];
      if (bar?.made === undefined) return null;
      const made = { ...bar.made, version: `${bar.made.version}-other` };
      const bars = withOne<RecordedBar>(recording.bars, index, (one) => ({ ...one, made }));
      return { copy: { ...recording, bars }, at: bar.at };
    },
  },
};

function isFound(recordings: readonly Recording[], replayer: Replayer, plant: Plant): boolean {
  for (const recording of recordings) {
    const spoiled = plant.spoil(recording);
    if (spoiled === null) continue;
    return replayRecording(spoiled.copy, replayer).differences.some(
      ({ at, cause }) => at === spoiled.at && cause === plant.cause,
    );
  }
  return false;
}

/** Spoils copies of recordings, one fault each, and says which of the faults a replay finds. */
export const plantAll = (recordings: readonly Recording[], replayer: Replayer): Planted => ({
  candle: isFound(recordings, replayer, PLANTS.candle),
  fill: isFound(recordings, replayer, PLANTS.fill),
  version: isFound(recordings, replayer, PLANTS.version),
});
