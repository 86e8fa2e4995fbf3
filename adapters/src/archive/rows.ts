import type { Bar, SeriesName } from '@tradewind/core/market/bar';
import type { Tick } from '@tradewind/core/market/tick';

/** How a trade reached us: by the stream, by a request after a gap, or from a file. */
export type TickSource = 'ws' | 'rest' | 'recorded';

/** How a trade arrived, where that is not "on time by the stream". */
export type TickOrigin = { readonly source?: TickSource; readonly late?: boolean };

/** A trade as it waits for its file; prices and sizes in steps of the market's grid. */
export type TickRow = {
  readonly id: string;
  readonly ts: number;
  readonly received: number;
  readonly price: number;
  readonly size: number;
  readonly isBuy: boolean;
  readonly source: TickSource;
  readonly late: boolean;
};

/** A candle as it waits for its file. */
export type BarRow = { readonly series: SeriesName; readonly bar: Bar };

/** Copies a tick: its owner may use the object again. */
export const tickRow = (
  { id, at, price, size, isBuy }: Tick,
  received: number,
  { source = 'ws', late = false }: TickOrigin,
): TickRow => ({ id: String(id), ts: at, received, price, size, isBuy, source, late });

const isTime = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

/** Why a trade cannot be stored; `undefined` when it can. */
export function faultOfTick({ id, ts, received, price, size }: TickRow): string | undefined {
  if (id === '' || id.length > 128) return 'it has no usable id';
  if (!isTime(ts)) return `its time ${ts} is not a whole number of milliseconds`;
  if (!isTime(received)) return `its time of receipt ${received} is not in milliseconds`;
  if (!isCount(price)) return `its price of ${price} steps is not a count above zero`;
  if (!isCount(size)) return `its size of ${size} steps is not a count above zero`;
  return undefined;
}

/** Why a candle cannot be stored; `undefined` when it can. */
export function faultOfBar({ bar }: BarRow): string | undefined {
  const { openAt, open, high, low, close, volume, buyVolume, turnover } = bar;
  if (!isTime(openAt)) return `its time ${openAt} is not a whole number of milliseconds`;
  if (![open, high, low, close].every(isCount)) return 'a price of it is not a count above zero';
  if (high < Math.max(open, close) || low > Math.min(open, close) || high < low)
    return `its high ${high} and low ${low} do not enclose its open ${open} and close ${close}`;
  if (!isTime(volume) || !isTime(buyVolume) || buyVolume > volume)
    return `its volume ${volume} and bought volume ${buyVolume} do not fit`;
  return Number.isFinite(turnover) ? undefined : `its turnover is ${turnover}`;
}
