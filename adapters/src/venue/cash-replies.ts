import { addMoney, negMoney, ZERO_MONEY } from '@tradewind/core/lib/units';
import { epochMs } from '@tradewind/core/lib/time';
import * as z from 'zod';
import { count, money, time, wireId } from './replies.ts';
import type { CashFlow } from './venue.ts';

/** A deposit of the account's history. Those that are not credited yet are on their way. */
export const depositReply = z
  .object({
    id: wireId.optional(),
    txId: z.string().optional(),
    amount: money,
    coin: z.string().min(1),
    status: count,
    insertTime: time,
  })
  .transform((row, context): CashFlow | null => {
    const flowId = row.id ?? row.txId;
    if (flowId === undefined) {
      context.addIssue({ code: 'custom', message: 'no id' });
      return z.NEVER;
    }
    // 1 is booked, 6 booked but not to be withdrawn yet.
    if (row.status !== 1 && row.status !== 6) return null;
    const { coin: currency, amount, insertTime: at } = row;
    return { flowId: `deposit-${flowId}`, kind: 'deposit', currency, amount, symbol: null, at };
  });

const withdrawalTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .transform((text) => epochMs(Date.parse(`${text.replace(' ', 'T')}Z`)));

/** A withdrawal of the account's history: what left is the amount and its fee. */
export const withdrawalReply = z
  .object({
    id: wireId,
    amount: money,
    transactionFee: money.optional(),
    coin: z.string().min(1),
    status: count,
    applyTime: withdrawalTime,
  })
  .transform((row): CashFlow | null => {
    // 1 cancelled, 3 rejected, 5 failed: the money stayed. Everything else is gone or promised.
    if (row.status === 1 || row.status === 3 || row.status === 5) return null;
    const gone = addMoney(row.amount, row.transactionFee ?? ZERO_MONEY);
    return {
      flowId: `withdrawal-${row.id}`,
      kind: 'withdrawal',
      currency: row.coin,
      amount: negMoney(gone),
      symbol: null,
      at: row.applyTime,
    };
  });
