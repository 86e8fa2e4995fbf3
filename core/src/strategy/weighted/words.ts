import type { Gate } from '../gate.ts';
import type { WeightedParams } from './params.ts';
import { temperatureOf } from './temperature.ts';

const figure = ({ input }: Gate): number => (typeof input === 'number' ? input : 0);
const limit = ({ threshold }: Gate): number => (typeof threshold === 'number' ? threshold : 0);

/** Minutes, rounded up to a tenth so that what is left never reads as nothing. */
const minutes = (ms: number): string => `${Math.ceil(ms / 6_000) / 10} min`;

/** A failed gate of a weighted bot in words for its card; `null` for gates that are not its own. */
export function weightedWords(gate: Gate, params: WeightedParams): string | null {
  switch (gate.gate) {
    case 'indicators':
      return 'an indicator has no value for these bars yet';
    case 'temperature': {
      const strength = figure(gate);
      const level = temperatureOf(strength, params.temperatureTable);
      return `a score of ${strength.toFixed(3)} either way is ${level}; ${params.minTradeTemperature} starts at ${limit(gate)}`;
    }
    case 'confidence':
      return `confidence ${figure(gate).toFixed(2)}, at least ${limit(gate)} is needed`;
    case 'heldMs':
      return `held for ${minutes(figure(gate))} of ${params.confirmationMinutes} min`;
    case 'movedPct':
      return `the price moved ${figure(gate).toFixed(2)} % since the last fill on this side, ${params.tradeStepPct} % is needed`;
    case 'sinceFillMs':
      return `${minutes(limit(gate) - figure(gate))} left since the last fill`;
    case 'held':
      return 'the score says sell and nothing is held; this bot does not sell short';
    case 'flat':
      return 'the score says more of what the bot already holds';
    default:
      return null;
  }
}
