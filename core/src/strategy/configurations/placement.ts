import { measure, type Gate } from '../gate.ts';
import type { Direction } from '../decision.ts';
import { percent } from '../percent.ts';
import type { TradingConfiguration } from './configuration.ts';

/** What the levels of an entry follow from; prices in quote. */
export type PlacementInput = {
  readonly direction: Direction;
  readonly price: number;
  readonly tickSize: number;
  /** The zone that is traded at; `null` where the entry has none. */
  readonly zone: { readonly low: number; readonly high: number } | null;
};

/** Where an entry is to be left, and whether its stop fits. */
export type Placement = {
  readonly stop: number;
  readonly target: number;
  /** The stop's distance in percent, against the widest that is allowed (STR-74). */
  readonly gate: Gate;
};

/**
 * Stop and target of an entry (STR-53, STR-70, STR-74).
 *
 * The stop lies a tick beyond the zone's far edge. Nearer than the band it is moved out to the band's near limit,
 * where noise does not reach it; beyond the band there is no trade. Without a zone it lies at the band's far limit.
 * The target is `riskReward` times as far as the stop, within its own band.
 */
export function placeLevels(
  {
    stopPct,
    targetPct,
    riskReward,
  }: Pick<TradingConfiguration, 'stopPct' | 'targetPct' | 'riskReward'>,
  { direction, price, tickSize, zone }: PlacementInput,
): Placement {
  const sign = direction === 'LONG' ? 1 : -1;
  const edge =
    zone === null ? null : (direction === 'LONG' ? zone.low : zone.high) - sign * tickSize;
  const wanted = edge === null ? stopPct.max : percent(sign * (price - edge), price);
  const distance = Math.max(stopPct.min, wanted);
  const gain = Math.min(targetPct.max, Math.max(targetPct.min, riskReward * distance));
  return {
    stop: edge !== null && distance === wanted ? edge : price * (1 - (sign * distance) / 100),
    target: price * (1 + (sign * gain) / 100),
    gate: measure({ gate: 'stopPct', reason: 'stop_out_of_band' }, wanted, ['<=', stopPct.max]),
  };
}
