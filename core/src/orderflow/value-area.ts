/** Share of the volume that a value area holds at least (IND-62). */
const VALUE_AREA_SHARE = 0.7;

/** Rows of a profile, by index: `low <= poc <= high`. */
export type ValueArea = { readonly poc: number; readonly low: number; readonly high: number };

/**
 * The point of control: the row with the largest volume; of several the one nearest to the middle of the
 * range, of two as near the lower (IND-61).
 *
 * @returns `undefined` when no row has volume.
 */
export function pointOfControl(volumes: readonly number[]): number | undefined {
  const middle = (volumes.length - 1) / 2;
  let best: number | undefined;
  let most = 0;
  volumes.forEach((volume, row) => {
    if (volume <= 0 || volume < most) return;
    if (volume > most || best === undefined || Math.abs(row - middle) < Math.abs(best - middle))
      best = row;
    most = volume;
  });
  return best;
}

/** Rows `[from, to]` that may be added next on one side, and what they hold; `undefined` when none is left. */
type Step = { readonly from: number; readonly to: number; readonly volume: number };

function stepUp(volumes: readonly number[], high: number): Step | undefined {
  const next = volumes[high + 1];
  if (next === undefined) return undefined;
  const second = volumes[high + 2];
  return {
    from: high + 1,
    to: high + (second === undefined ? 1 : 2),
    volume: next + (second ?? 0),
  };
}

function stepDown(volumes: readonly number[], low: number): Step | undefined {
  const next = low > 0 ? volumes[low - 1] : undefined;
  if (next === undefined) return undefined;
  const second = low > 1 ? volumes[low - 2] : undefined;
  return { from: low - (second === undefined ? 1 : 2), to: low - 1, volume: next + (second ?? 0) };
}

/**
 * The value area by the standard expansion (IND-62; Steidlmayer, CBOT handbook).
 *
 * From the point of control it compares the next two rows above with the next two below and takes the pair
 * with more volume, until at least `share` of all is inside. A tie goes to the side that reaches less far
 * from the point of control, and to the lower when both reach as far; a side with one row left offers that
 * row; a side with none leaves it to the other. Rows without volume inside the range count as rows.
 *
 * @param volumes Lots by row, lowest price first.
 * @returns `undefined` when no row has volume.
 */
export function valueArea(
  volumes: readonly number[],
  share: number = VALUE_AREA_SHARE,
): ValueArea | undefined {
  const poc = pointOfControl(volumes);
  if (poc === undefined) return undefined;
  const total = volumes.reduce((sum, volume) => sum + volume, 0);
  let included = volumes[poc] ?? 0;
  let low = poc;
  let high = poc;
  while (included / total < share) {
    const up = stepUp(volumes, high);
    const down = stepDown(volumes, low);
    if (up === undefined && down === undefined) break;
    const isNearerUp = high - poc < poc - low;
    if (
      down === undefined ||
      (up !== undefined && (up.volume > down.volume || (up.volume === down.volume && isNearerUp)))
    ) {
      high = up?.to ?? high;
      included += up?.volume ?? 0;
    } else {
      low = down.from;
      included += down.volume;
    }
  }
  return { poc, low, high };
}
