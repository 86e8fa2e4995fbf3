import type { Columns } from './market-data.ts';

/** Candles of one length as columns, and the one that is forming. */
type Frame = {
  readonly length: number;
  readonly out: Float64Array;
  written: number;
  openAt: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  buyVolume: number;
};

const FIELDS = 7;
const LENGTHS = [1_000, 60_000, 300_000, 900_000];

const frameOf = (length: number, bars: number): Frame => ({
  length,
  out: new Float64Array(bars * FIELDS),
  written: 0,
  openAt: -1,
  open: 0,
  high: 0,
  low: 0,
  close: 0,
  volume: 0,
  buyVolume: 0,
});

function emit(frame: Frame): void {
  const { out } = frame;
  let at = frame.written;
  out[at++] = frame.openAt;
  out[at++] = frame.open;
  out[at++] = frame.high;
  out[at++] = frame.low;
  out[at++] = frame.close;
  out[at++] = frame.volume;
  out[at++] = frame.buyVolume;
  frame.written = at;
}

/** Adds a closed child; hands the parent on when the child is of its next bucket. */
function feed(frames: readonly Frame[], index: number, child: Frame): void {
  const frame = frames[index];
  if (frame === undefined) return;
  const openAt = child.openAt - (child.openAt % frame.length);
  if (openAt !== frame.openAt) {
    if (frame.openAt >= 0) {
      emit(frame);
      feed(frames, index + 1, frame);
    }
    frame.openAt = openAt;
    frame.open = child.open;
    frame.high = child.high;
    frame.low = child.low;
    frame.volume = 0;
    frame.buyVolume = 0;
  }
  if (child.high > frame.high) frame.high = child.high;
  if (child.low < frame.low) frame.low = child.low;
  frame.close = child.close;
  frame.volume += child.volume;
  frame.buyVolume += child.buyVolume;
}

/**
 * The least that building candles can be: trades in order from typed arrays, cascaded into 1s, 1m, 5m and 15m with
 * the buyers' share. No ids, no late trades, no empty candles, no objects: a ceiling and not a product.
 *
 * @returns A sum over what was made, so that nothing of it can be left out.
 */
export function bareCandles({ ats, prices, sizes, buys }: Columns): number {
  const span = ((ats[ats.length - 1] ?? 0) - (ats[0] ?? 0)) / 1_000 + 2;
  const frames = LENGTHS.map((length) => frameOf(length, Math.ceil((span * 1_000) / length) + 2));
  const [second] = frames;
  if (second === undefined) return 0;
  const { out } = second;
  let openAt = -1;
  let endAt = -1;
  let open = 0;
  let high = 0;
  let low = 0;
  let close = 0;
  let volume = 0;
  let buyVolume = 0;
  let at = 0;
  for (let index = 0; index < ats.length; index += 1) {
    const time = ats[index] ?? 0;
    const px = prices[index] ?? 0;
    const size = sizes[index] ?? 0;
    if (time >= endAt) {
      if (openAt >= 0) {
        out[at++] = second.openAt = openAt;
        out[at++] = second.open = open;
        out[at++] = second.high = high;
        out[at++] = second.low = low;
        out[at++] = second.close = close;
        out[at++] = second.volume = volume;
        out[at++] = second.buyVolume = buyVolume;
        feed(frames, 1, second);
      }
      openAt = time - (time % 1_000);
      endAt = openAt + 1_000;
      open = px;
      high = px;
      low = px;
      volume = 0;
      buyVolume = 0;
    } else {
      if (px > high) high = px;
      if (px < low) low = px;
    }
    close = px;
    volume += size;
    buyVolume += size * (buys[index] ?? 0);
  }
  let sum = at + close + volume + buyVolume;
  for (const { out: bars, written } of frames) sum += (bars[3] ?? 0) + written;
  return sum;
}
