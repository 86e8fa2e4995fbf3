import { isFuturesKey } from '../instrument/instrument.ts';
import type { EntryCandidate } from '../order/gate-context.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';

const OFF = idle('oppositeSide');

/**
 * A future is held on one side of a market at a time, over all strategies of the book: in one-way mode an entry against
 * what is held, or on its way, would reduce it at the venue and open nothing (EXE-08, docs/adr/0050).
 */
export const checkOppositeSide: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const { marketKey, direction, symbol } = signal;
  if (!isFuturesKey(marketKey)) return OFF;
  const against = direction === 'LONG' ? 'SHORT' : 'LONG';
  const held = context.positions.find(
    (position) => position.marketKey === marketKey && position.side === against,
  );
  const side = against === 'LONG' ? 'BUY' : 'SELL';
  const working = context.workingIntents.find(
    (intent) =>
      intent.marketKey === marketKey &&
      intent.side === side &&
      (intent.action === 'ENTER' || intent.action === 'ADD'),
  );
  const measured = {
    check: 'oppositeSide',
    value: held?.side ?? working?.side ?? null,
    limit: direction,
  };
  return held === undefined && working === undefined
    ? passed(measured)
    : blocked(
        measured,
        'opposite_side',
        `${symbol} is held ${against} in this book: a ${direction} entry would only make that smaller.`,
      );
};
