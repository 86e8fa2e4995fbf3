import { err, ok, type Result } from '../lib/result.ts';
import {
  maxMoney,
  minMoney,
  moneyOf,
  notional,
  qtyFor,
  subMoney,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import type { Fill } from './order.ts';

/** The size of an execution as its venue gave it. */
export type ReportedSize = {
  /** Above 0. */
  readonly price: Price;
  readonly size: Qty;
  /** The venue's own word on what `size` is counted in; `undefined` = it gave none. */
  readonly sizeInQuote?: boolean | undefined;
  /** What the venue says that the execution was worth in quote; `undefined` = it does not say. */
  readonly value?: Money | undefined;
};

/** Size and value contradict each other whatever the size is counted in. */
export type SizeFault = { readonly kind: 'sizeContradictsValue' };

type FillSize = Pick<Fill, 'quantity' | 'sizeQuote' | 'sizeAssumed'>;

/** Venues round values: to the eighth decimal, or by a millionth. */
const LEAST_APART = 10n ** 10n;
const ROUNDING = 1_000_000n;

/** Whether two values in quote are the same but for a venue's rounding of `count` executions. */
export function isSameValue(a: Money, b: Money, count = 1): boolean {
  const apart = subMoney(maxMoney(a, b), minMoney(a, b));
  const most = LEAST_APART * BigInt(count);
  return apart <= most || apart * ROUNDING <= b;
}

const inBase = (size: Qty): FillSize => ({ quantity: size });
/** Worth exactly its size; the base that it bought is rounded down at the eighteenth decimal. */
const inQuote = ({ size, price }: ReportedSize): FillSize => ({
  quantity: qtyFor(moneyOf(size), price, 'floor'),
  sizeQuote: moneyOf(size),
});

/**
 * Base quantity and quote value of an execution (PF-20). The venue's flag decides, else the value that it gives beside
 * the size. Without either what its documentation says holds, and the size is marked `sizeAssumed`: then it counts
 * nowhere until the venue has told more.
 *
 * @param documented What sizes are counted in by the venue's documentation.
 */
export function fillSize(
  reported: ReportedSize,
  documented: 'base' | 'quote',
): Result<FillSize, SizeFault> {
  const { price, size, sizeInQuote, value } = reported;
  const of = (unit: 'base' | 'quote'): FillSize =>
    unit === 'quote' ? inQuote(reported) : inBase(size);
  if (sizeInQuote !== undefined) return ok(of(sizeInQuote ? 'quote' : 'base'));
  if (value === undefined) return ok({ ...of(documented), sizeAssumed: true });
  const units = [documented, documented === 'base' ? 'quote' : 'base'] as const;
  const proven = units.find((unit) =>
    isSameValue(unit === 'quote' ? moneyOf(size) : notional(price, size, 'floor'), value),
  );
  return proven === undefined ? err({ kind: 'sizeContradictsValue' }) : ok(of(proven));
}

/** Quote value of a fill: what its venue counted, else `price * quantity` (PF-21). */
export const fillValue = ({
  price,
  quantity,
  sizeQuote,
}: Pick<Fill, 'price' | 'quantity' | 'sizeQuote'>): Money =>
  sizeQuote ?? notional(price, quantity, 'floor');

/** Whether a fill proves that something was executed: the venue has named it, and its size is no assumption. */
export const isProof = ({ fillId, sizeAssumed }: Pick<Fill, 'fillId' | 'sizeAssumed'>): boolean =>
  fillId !== '' && sizeAssumed !== true;

/** A venue's execution as a fill of an order of ours, field by field: it may have come with more than that. */
export const fillOf = (found: Omit<Fill, 'orderId'>, orderId: string): Fill => ({
  fillId: found.fillId,
  orderId,
  side: found.side,
  price: found.price,
  quantity: found.quantity,
  ...(found.sizeQuote === undefined ? {} : { sizeQuote: found.sizeQuote }),
  ...(found.sizeAssumed === undefined ? {} : { sizeAssumed: found.sizeAssumed }),
  fee: found.fee,
  feeCurrency: found.feeCurrency,
  at: found.at,
});
