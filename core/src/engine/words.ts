import { describeGate, type Gate } from '../strategy/gate.ts';

const shown = (value: Gate['input']): string => String(value ?? 'nothing');

/** A failed gate of the engine's own in words for people; the plain ones for any other. */
export function engineWords(gate: Gate): string {
  const { input, threshold } = gate;
  switch (gate.gate) {
    case 'history':
      return 'this bar is history, which only warms up the indicators';
    case 'warmup':
      return `an indicator has not seen enough bars yet: ${shown(input)} of ${shown(threshold)}`;
    case 'stale':
      return 'paused for data: they are too old to act on';
    case 'incomplete':
      return 'trades of this bar are known to be missing: it is not decided on';
    case 'clockSkewMs':
      return `the bar closes ${shown(input)} ms after the market's clock`;
    case 'pendingOrder':
      return 'an order of this strategy is still under way';
    case 'availableQuote':
      return `${shown(input)} available, ${shown(threshold)} needed`;
    case 'paused':
      return `no entries: ${shown(input)}`;
    case 'flat':
      return 'it already holds a position';
    case 'held':
      return 'there is no position to leave';
    // Whoever blocked the book, or failed, said why.
    case 'book':
    case 'strategy':
      return shown(input);
    default:
      return describeGate(gate);
  }
}
