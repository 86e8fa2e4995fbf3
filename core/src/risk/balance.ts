import type { EntryCandidate } from '../order/gate-context.ts';
import {
  addMoney,
  formatDecimal,
  notional,
  percentOf,
  subMoney,
  sumMoney,
  type Money,
} from '../lib/units.ts';
import { boundMargin, requiredMargin } from '../portfolio/margin.ts';
import { blocked, passed, type RiskCheck } from './check.ts';
import type { Limits } from './limits.ts';
import { boundBy } from './margin.ts';

/** Cash that an entry of `amount`, which binds `bound`, takes at worst: with its fee, and the buffer on both. */
function reserveFor(amount: Money, bound: Money, limits: Limits): Money {
  const fee = subMoney(percentOf(amount, 100 + limits.assumedFeePct, 'ceil'), amount);
  const withFee = addMoney(bound, fee);
  return percentOf(withFee, 100 + limits.balanceBufferPct, 'ceil');
}

/** Gate 13: free balance, less what entries under way will take and futures have bound, covers cost, fee and a 1 % buffer. */
export const checkBalance: RiskCheck<EntryCandidate> = ({ signal, wanted, context }) => {
  const { book, limits, workingIntents, positions } = context;
  const reserved = sumMoney(
    workingIntents
      .filter(({ action }) => action === 'ENTER' || action === 'ADD')
      .map(({ expectedPrice, quantity, leverage = 1 }) => {
        const amount = notional(expectedPrice, quantity, 'ceil');
        return reserveFor(amount, requiredMargin(amount, leverage), limits);
      }),
  );
  const free = subMoney(subMoney(book.cash, reserved), boundMargin(positions));
  const needed = reserveFor(wanted, boundBy(wanted, signal, context), limits);
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
