import { isFuturesKey } from '../instrument/instrument.ts';
import type { EntryCandidate } from '../order/gate-context.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';

const OFF = idle('marginHealth');
/** Below it nothing is added to what is held (RSK-103). */
const LEAST = 0.5;

/**
 * The margin of what is held on futures (RSK-103): nothing is entered while the health of any of it is not known, and
 * nothing is added to what is below 0.5.
 */
export const checkMarginHealth: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  if (!isFuturesKey(signal.marketKey)) return OFF;
  const held = new Set(
    context.positions
      .filter(({ marketKey }) => isFuturesKey(marketKey))
      .map(({ symbol }) => symbol),
  );
  for (const symbol of held)
    if (context.marginHealthOf(symbol) === null)
      return blocked(
        { check: 'marginHealth', value: null, limit: LEAST },
        'margin',
        `The margin of ${symbol} is not known: nothing is entered until the venue has told it.`,
      );
  const own = held.has(signal.symbol) ? context.marginHealthOf(signal.symbol) : null;
  if (own === null) return OFF;
  const measured = { check: 'marginHealth', value: own, limit: LEAST };
  return own >= LEAST
    ? passed(measured)
    : blocked(
        measured,
        'margin',
        `The margin health of ${signal.symbol} is ${own.toFixed(2)}: nothing is added below ${LEAST}.`,
      );
};
