import { engineBar, type EngineBar } from '../engine/bar.ts';
import { barsFingerprint } from '../engine/recorded.ts';
import type { EngineState } from '../engine/engine.ts';
import { TIMEFRAMES, type Candle } from '../market/market.ts';
import type { Difference } from './difference.ts';
import type { RecordedBar } from './recording.ts';

/** Why a bar cannot be judged again, or was judged otherwise. */
export type Finding = Pick<Difference, 'cause' | 'expected' | 'found' | 'detail'>;

const iso = (at: number): string => new Date(at).toISOString();

/** How many candles opened before `at`. */
function countBefore(candles: readonly Candle[], at: number): number {
  let [low, high] = [0, candles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((candles[middle]?.openAt ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The bars that were fed, as they are known now: the last `fed` that had opened before the close. */
export function fedBars(
  candles: readonly Candle[],
  { at, fed }: Pick<RecordedBar, 'at' | 'fed'>,
): readonly EngineBar[] {
  const end = countBefore(candles, at);
  return candles.slice(Math.max(0, end - fed), end).map(engineBar);
}

/** A bar whose data are not the ones that were decided on. */
export function dataFinding(bars: readonly EngineBar[], bar: RecordedBar): Finding | null {
  const print = barsFingerprint(bars);
  const last = bars.at(-1)?.openAt ?? 0;
  const isWhole = bars.length === bar.fed && last + TIMEFRAMES['1m'] === bar.at;
  if (isWhole && print === bar.bars) return null;
  return {
    cause: 'data',
    expected: isWhole ? `fingerprint ${print}` : 'some of them, or none',
    found: `fingerprint ${bar.bars} of ${bar.fed} bars until ${iso(bar.at)}`,
    detail: isWhole
      ? 'The candles on record are not the ones that were decided on: somebody changed or corrected them.'
      : 'Candles that were decided on are gone.',
  };
}

/** A bar that does not follow what the state has seen: no engine takes it. */
export function orderFinding(state: EngineState, bars: readonly EngineBar[]): Finding | null {
  const first = bars[0]?.openAt ?? Number.POSITIVE_INFINITY;
  const seen = Math.max(...state.frames.map(({ last }) => last?.openAt ?? -1));
  return first > seen
    ? null
    : {
        cause: 'timing',
        expected: `bars after ${iso(seen)}`,
        found: `a bar of ${iso(first)}`,
        detail: 'A bar was judged that does not follow the one before.',
      };
}

/** Bars that were passed over and are there now: nobody judged them when it was their time. */
export function gapFinding(
  before: RecordedBar | null,
  bars: readonly EngineBar[],
  candles: readonly Candle[],
): Finding | null {
  const first = bars[0]?.openAt;
  if (before === null || first === undefined) return null;
  const between = countBefore(candles, first) - countBefore(candles, before.at);
  return between <= 0
    ? null
    : {
        cause: 'timing',
        expected: `${between} bars more`,
        found: 'none of them',
        detail: 'Bars are on record that nobody judged: they became known too late.',
      };
}
