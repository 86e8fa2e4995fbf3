import type { EpochMs } from '../lib/time.ts';
import { addMoney, addQty, averagePrice, notional, ZERO_MONEY, ZERO_QTY } from '../lib/units.ts';
import { compareFields, fieldsText, type FieldDifference } from './compare-fields.ts';
import type { Difference } from './difference.ts';
import { groupBy } from './group-by.ts';
import type { LedgerFill, LedgerOrder } from './ledger.ts';
import type { PositionStep } from './replay-position.ts';

/** Whose ledger it is. */
export type Of = { readonly bot: string; readonly market: string };

/** Fields of one document that are not the same, as a difference. */
export const fieldsDifference = (
  { bot, market }: Of,
  about: {
    readonly at: EpochMs;
    readonly cause: 'fill' | 'fee';
    readonly fields: readonly FieldDifference[];
    readonly detail: string;
  },
): Difference => ({
  at: about.at,
  bot,
  market,
  cause: about.cause,
  expected: fieldsText(about.fields, 'expected'),
  found: fieldsText(about.fields, 'found'),
  detail: about.detail,
});

const totalsOf = (fills: readonly LedgerFill[]) => {
  const filledQuantity = fills.reduce((sum, { quantity }) => addQty(sum, quantity), ZERO_QTY);
  const filledQuote = fills.reduce(
    (sum, { price, quantity }) => addMoney(sum, notional(price, quantity, 'floor')),
    ZERO_MONEY,
  );
  const average = filledQuantity > 0n ? averagePrice(filledQuote, filledQuantity, 'floor') : null;
  return { filledQuantity, filledQuote, averagePrice: average };
};

/** An order's totals against the sum of its fills, and each fill's value against its own numbers. */
export function orderDifferences(
  of: Of,
  order: LedgerOrder,
  fills: readonly LedgerFill[],
): readonly Difference[] {
  const at = fills.at(-1)?.at ?? order.filledAt;
  const total = compareFields(totalsOf(fills), order, [
    'filledQuantity',
    'filledQuote',
    'averagePrice',
  ]);
  const sizes = fills.flatMap((fill) => {
    const sizeQuote = notional(fill.price, fill.quantity, 'floor');
    const fields = compareFields({ sizeQuote }, fill, ['sizeQuote']);
    const detail = `Fill ${fill.fillId} of order ${order.orderId} is not worth its price times its quantity.`;
    return fields.length === 0
      ? []
      : [fieldsDifference(of, { at: fill.at, cause: 'fill', fields, detail })];
  });
  if (total.length === 0 || at === null) return sizes;
  const detail = `The fills of order ${order.orderId} do not add up to what the order says was filled.`;
  return [...sizes, fieldsDifference(of, { at, cause: 'fill', fields: total, detail })];
}

/** Fees of fills and orders against what the fills' own numbers give. */
export function feeDifferences(of: Of, steps: readonly PositionStep[]): readonly Difference[] {
  const perFill = steps.flatMap(({ fill, feeQuote }) => {
    const fields = compareFields({ feeQuote }, fill, ['feeQuote']);
    const detail = `The fee of fill ${fill.fillId} of order ${fill.orderId} is worth something else in quote.`;
    return fields.length === 0
      ? []
      : [fieldsDifference(of, { at: fill.at, cause: 'fee', fields, detail })];
  });
  const perOrder = [...groupBy(steps, ({ fill }) => fill.orderId).values()].flatMap((own) => {
    const [first] = own;
    const last = own.at(-1);
    if (first === undefined || last === undefined) return [];
    const fees = own.reduce((sum, { feeQuote }) => addMoney(sum, feeQuote), ZERO_MONEY);
    const fields = compareFields({ fees }, first.order, ['fees']);
    const detail = `The fees of order ${first.order.orderId} are not the sum of its fills' fees.`;
    return fields.length === 0
      ? []
      : [fieldsDifference(of, { at: last.fill.at, cause: 'fee', fields, detail })];
  });
  return [...perFill, ...perOrder];
}
