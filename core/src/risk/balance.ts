import type { EntryCandidate } from '../order/gate-context.ts';
import {
  formatDecimal,
  notional,
  percentOf,
  subMoney,
  sumMoney,
  type Money,
} from '../lib/units.ts';
import { boundMargin } from '../portfolio/valuation.ts';
import { blocked, passed, type RiskCheck } from './check.ts';
import type { Limits } from './limits.ts';

/** Cash that a purchase of `amount` takes at worst: with its fee, and the buffer on both. */
function reserveFor(amount: Money, limits: Limits): Money {
  const withFee = percentOf(amount, 100 + limits.assumedFeePct, 'ceil');
  return percentOf(withFee, 100 + limits.balanceBufferPct, 'ceil');
}

/** Gate 13: free balance, less what entries under way will take and futures have bound, covers cost, fee and a 1 % buffer. */
export const checkBalance: RiskCheck<EntryCandidate> = ({ wanted, context }) => {
  const { book, limits, workingIntents, positions } = context;
  const reserved = sumMoney(
    workingIntents
      .filter(({ action }) => action === 'ENTER' || action === 'ADD')
      .map(({ expectedPrice, quantity }) =>
        reserveFor(notional(expectedPrice, quantity, 'ceil'), limits),
      ),
  );
  const free = subMoney(subMoney(book.cash, reserved), boundMargin(positions));
  const needed = reserveFor(wanted, limits);
  const measured = {
    check: 'balance',
    value: needed,
    limit: free,
  };
  return needed <= free
    ? passed(measured)
    : blocked(
        measured,
        'insufficient_balance',
        `${formatDecimal(needed)} is needed with fee and buffer; ${formatDecimal(free)} is free.`,
      );
};
