import type { WeightedParams } from './params.ts';

export type Temperature = 'HOT' | 'WARM' | 'COOL' | 'FROZEN';
type TemperatureTable = WeightedParams['temperatureTable'];

/** Lower limits of |score| per level (STR-13). */
export const TEMPERATURE_LIMITS: Readonly<
  Record<TemperatureTable, { readonly HOT: number; readonly WARM: number; readonly COOL: number }>
> = {
  production: { HOT: 0.3, WARM: 0.15, COOL: 0.05 },
  sensitive: { HOT: 0.08, WARM: 0.03, COOL: 0.005 },
};

/** Strength class of a score; each limit belongs to its class (STR-13). */
export function temperatureOf(score: number, table: TemperatureTable): Temperature {
  const limits = TEMPERATURE_LIMITS[table];
  const strength = Math.abs(score);
  if (strength >= limits.HOT) return 'HOT';
  if (strength >= limits.WARM) return 'WARM';
  return strength >= limits.COOL ? 'COOL' : 'FROZEN';
}

/** The |score| from which a bot acts: the limit of its least temperature (STR-15). */
export const actionThresholdOf = (
  params: Pick<WeightedParams, 'temperatureTable' | 'minTradeTemperature'>,
): number => TEMPERATURE_LIMITS[params.temperatureTable][params.minTradeTemperature];

/** Percent of the way from no score to an action, 0 to 100 (STR-16). */
export const progressPctOf = (score: number, threshold: number): number =>
  Math.min(100, (100 * Math.abs(score)) / threshold);
