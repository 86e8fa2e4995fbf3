import { emaInit, emaNext } from '@tradewind/core/indicator/ema';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Bar } from './bars.ts';

export type LinePoint = { readonly openAt: EpochMs; readonly value: number };

/** Exponential average of the closes, from the bar on where it is ready. */
export function emaLine(bars: readonly Bar[], period: number): readonly LinePoint[] {
  const state = emaInit(period);
  return bars.flatMap(({ openAt, close }) => {
    const value = emaNext(state, close);
    return value === undefined ? [] : [{ openAt, value }];
  });
}
