/**
 * Shape of a profile (IND-63): `P` volume gathers high (short covering, late buyers), `b` low (long
 * liquidation), `D` in the middle (balance), `B` around two prices, `thin` none of these.
 */
export type ProfileShape = 'P' | 'b' | 'D' | 'B' | 'thin';

/** Lots in the bottom, middle and top third of the rows, each row by its middle. */
function thirds(volumes: readonly number[]): { bottom: number; middle: number; top: number } {
  const lots = { bottom: 0, middle: 0, top: 0 };
  volumes.forEach((volume, row) => {
    const sixth = 3 * (2 * row + 1);
    const third =
      sixth < 2 * volumes.length ? 'bottom' : sixth > 4 * volumes.length ? 'top' : 'middle';
    lots[third] += volume;
  });
  return lots;
}

/**
 * True for two peaks with a row between them that holds less than half of the smaller one.
 *
 * The larger peak is the point of control. The other must hold at least half as much, or any lone print
 * beyond an empty row would count as one.
 */
function hasTwoPeaks(volumes: readonly number[], poc: number): boolean {
  const most = volumes[poc] ?? 0;
  const beyond = (step: 1 | -1): boolean => {
    let lowest = most;
    for (let row = poc + step; row >= 0 && row < volumes.length; row += step) {
      const volume = volumes[row] ?? 0;
      if (volume >= most / 2 && lowest < volume / 2) return true;
      lowest = Math.min(lowest, volume);
    }
    return false;
  };
  return beyond(1) || beyond(-1);
}

/**
 * Names a profile's shape, the first of `P`, `b`, `D`, `B` that fits (IND-63).
 *
 * @param volumes Lots by row, lowest price first, without empty rows at the ends.
 * @param poc Index of the point of control.
 */
export function profileShape(volumes: readonly number[], poc: number): ProfileShape {
  // Fewer than three rows have no thirds.
  if (volumes.length < 3) return 'thin';
  const { bottom, middle, top } = thirds(volumes);
  const total = bottom + middle + top;
  // Where the point of control lies in the range and the shares, both in percent without a division.
  const at = 100 * poc;
  const range = volumes.length - 1;
  const isHigh = at >= 62 * range;
  const isLow = at <= 38 * range;
  if (isHigh && 4 * bottom <= total) return 'P';
  if (isLow && 4 * top <= total) return 'b';
  if (!isHigh && !isLow && 10 * middle >= 4 * total) return 'D';
  return hasTwoPeaks(volumes, poc) ? 'B' : 'thin';
}
