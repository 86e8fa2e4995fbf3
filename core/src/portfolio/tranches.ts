import type { EpochMs } from '../lib/time.ts';
import {
  addMoney,
  addQty,
  averagePrice,
  minQty,
  movePrice,
  notional,
  percentOf,
  quoteMoney,
  shareOf,
  amountOf,
  subQty,
  toNumber,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import type { Mode } from '../risk/limits.ts';
import { historyFactor } from './sizing.ts';

/** One group of entry fills inside a position (PF-11). */
export type Tranche = {
  /** 1 for the first. */
  readonly n: number;
  readonly orderIds: readonly string[];
  readonly quantity: Qty;
  readonly price: Price;
  readonly quote: Money;
  readonly fee: Money;
  readonly filledAt: EpochMs;
  /** Of `quantity`, what is still held. */
  readonly remaining: Qty;
};

export type TrancheStrategy = 'equal_size' | 'pyramid_up' | 'pyramid_down' | 'adaptive';

/** How a document lets its positions grow. */
export type TranchePlan = {
  readonly strategy: TrancheStrategy;
  /** How far the price has to come from the last entry, percent. */
  readonly stepPct: number;
};

/** Most tranches of a position (PF-10). */
export const MAX_TRANCHES = 4;

const FACTORS: Readonly<Record<Exclude<TrancheStrategy, 'adaptive'>, readonly number[]>> = {
  equal_size: [1, 1, 1, 1],
  pyramid_up: [1, 0.75, 0.5, 0.25],
  pyramid_down: [1, 1, 1.25, 1.5],
};
const HEAT = { HOT: 1, WARM: 0.6, COOL: 0, FROZEN: 0 } as const;

/** What adding is decided on. */
export type AddInputs = {
  readonly strategy: TrancheStrategy;
  readonly mode: Mode;
  /** An admin allowed `pyramid_down` for a full book. */
  readonly allowedByAdmin: boolean;
  readonly side: 'LONG' | 'SHORT';
  readonly tranches: number;
  readonly firstQuote: Money;
  readonly heldQuote: Money;
  readonly maxPositionQuote: Money;
  readonly lastPrice: Price;
  readonly price: Price;
  readonly averageEntry: Price;
  readonly stop: Price;
  readonly stepPct: number;
  readonly tightened: boolean;
  readonly temperature: 'HOT' | 'WARM' | 'COOL' | 'FROZEN' | null;
  readonly winRate: number | null;
  /** The strategy has confirmed its side again (adaptive). */
  readonly confirmed: boolean;
};

/** The next tranche in quote, or why there is none (PF-10). */
export type AddDecision =
  { readonly add: true; readonly quote: Money } | { readonly add: false; readonly why: string };

const no = (why: string): AddDecision => ({ add: false, why });

/** Size of tranche `n` as a share of the first (06, section 2). */
export function trancheFactor(
  strategy: TrancheStrategy,
  n: number,
  heat: Pick<AddInputs, 'temperature' | 'winRate'>,
): number {
  if (n > MAX_TRANCHES || n < 1) return 0;
  if (strategy !== 'adaptive') return FACTORS[strategy][n - 1] ?? 0;
  return (heat.temperature === null ? 0 : HEAT[heat.temperature]) * historyFactor(heat.winRate);
}

/** Whether the price has come far enough from the last fill for this strategy. */
function hasCome({ strategy, side, price, lastPrice, stepPct, confirmed }: AddInputs): boolean {
  const up = movePrice(lastPrice, stepPct, 'ceil');
  const down = movePrice(lastPrice, -stepPct, 'floor');
  const [isUp, isDown] = [price >= up, price <= down];
  const [gains, loses] = side === 'LONG' ? [isUp, isDown] : [isDown, isUp];
  switch (strategy) {
    case 'equal_size':
      return gains || loses;
    case 'pyramid_up':
      return gains;
    case 'pyramid_down':
      return loses;
    case 'adaptive':
      return confirmed;
  }
}

/** Whether the position has lost more than half of the way to its stop (PF-10). */
function isDeep({ side, price, averageEntry, stop }: AddInputs): boolean {
  const loss = side === 'LONG' ? averageEntry - price : price - averageEntry;
  const distance = side === 'LONG' ? averageEntry - stop : stop - averageEntry;
  return distance <= 0n || 2n * loss > distance;
}

/** Whether a mode lets a strategy add at all (06, section 2). */
function isAllowed({ strategy, mode, allowedByAdmin }: AddInputs): boolean {
  if (strategy !== 'pyramid_down' || mode === 'paper') return true;
  return mode === 'full' && allowedByAdmin;
}

/**
 * Decides on the next tranche (PF-10). The gate and its cooldowns decide on top of that: an add passes all of them.
 */
export function nextTranche(inputs: AddInputs): AddDecision {
  const { tranches, firstQuote, heldQuote, maxPositionQuote, tightened } = inputs;
  if (!isAllowed(inputs)) return no(`${inputs.strategy} is off in ${inputs.mode} books`);
  if (tranches >= MAX_TRANCHES)
    return no(`it has ${tranches} tranches, and ${MAX_TRANCHES} are allowed`);
  if (tightened) return no('its stop was tightened');
  if (isDeep(inputs)) return no('it has lost more than half of the way to its stop');
  if (!hasCome(inputs)) return no('the price has not come far enough, or nothing confirms');
  const factor = trancheFactor(inputs.strategy, tranches + 1, inputs);
  if (!(factor > 0)) return no('this tranche would be nothing');
  const quote = percentOf(firstQuote, 100 * factor, 'floor');
  return addMoney(heldQuote, quote) > maxPositionQuote
    ? no('the position would be larger than its limit')
    : { add: true, quote };
}

/** Tranches after an entry fill: one order's fills are one tranche. */
export function withEntry(
  tranches: readonly Tranche[],
  entry: {
    readonly orderId: string;
    readonly quantity: Qty;
    readonly quote: Money;
    readonly fee: Money;
    readonly at: EpochMs;
  },
): readonly Tranche[] {
  const { orderId, quantity, quote, fee, at } = entry;
  const last = tranches.at(-1);
  const isSame = last?.orderIds.includes(orderId) === true;
  const before = isSame ? tranches.slice(0, -1) : tranches;
  const known = isSame ? last : undefined;
  const whole = addQty(known?.quantity ?? ZERO_QTY, quantity);
  const cost = addMoney(known?.quote ?? ZERO_MONEY, quote);
  return [
    ...before,
    {
      n: before.length + 1,
      orderIds: known?.orderIds ?? [orderId],
      quantity: whole,
      price: averagePrice(cost, whole, 'floor'),
      quote: cost,
      fee: addMoney(known?.fee ?? ZERO_MONEY, fee),
      filledAt: at,
      remaining: addQty(known?.remaining ?? ZERO_QTY, quantity),
    },
  ];
}

/** Tranches of a position that `sold` is taken from; none where they are not what it holds. */
export function withExit(
  {
    tranches = [],
    quantity,
  }: { readonly tranches?: readonly Tranche[] | undefined; readonly quantity: Qty },
  sold: Qty,
): readonly Tranche[] {
  const held = tranches.reduce((sum, { remaining }) => addQty(sum, remaining), ZERO_QTY);
  return held === quantity ? reduceTranches(tranches, sold, 'average') : [];
}

/** Average of open tranches: `average` by what each still holds at its own price, as reductions leave it (PF-12). */
export function averageOf(tranches: readonly Tranche[]): Price | null {
  let [quantity, cost] = [ZERO_QTY, ZERO_MONEY];
  for (const { remaining, price } of tranches) {
    quantity = addQty(quantity, remaining);
    cost = addMoney(cost, notional(price, remaining, 'floor'));
  }
  return quantity > 0n ? averagePrice(cost, quantity, 'floor') : null;
}

/**
 * Tranches after a sale of `sold` (PF-12): `fifo` closes the oldest first; by average cost each gives its share, so that
 * the average stays.
 *
 * @throws RangeError when more is sold than they hold.
 */
export function reduceTranches(
  tranches: readonly Tranche[],
  sold: Qty,
  method: 'average' | 'fifo',
): readonly Tranche[] {
  const held = tranches.reduce((sum, { remaining }) => addQty(sum, remaining), ZERO_QTY);
  if (sold > held) throw new RangeError('Invariant: tranches hold what is sold');
  if (held === 0n) return tranches;
  let left = sold;
  const after = tranches.map((tranche) => {
    const share = method === 'fifo' ? left : shareOfQty(tranche.remaining, { sold, held });
    const taken = minQty(minQty(tranche.remaining, share), left);
    left = subQty(left, taken);
    return { ...tranche, remaining: subQty(tranche.remaining, taken) };
  });
  if (left === 0n) return after;
  // What rounding has left over comes from the oldest that still hold something.
  return after.map((tranche) => {
    const taken = minQty(tranche.remaining, left);
    left = subQty(left, taken);
    return taken === 0n ? tranche : { ...tranche, remaining: subQty(tranche.remaining, taken) };
  });
}

/** The part `sold / held` of a quantity, rounded down. */
const shareOfQty = (
  remaining: Qty,
  { sold, held }: { readonly sold: Qty; readonly held: Qty },
): Qty => amountOf(shareOf(quoteMoney(remaining), { part: sold, whole: held }, 'floor'));

/** What one more tranche changes (PF-13); percent fields are percent. */
export type AddImpact = {
  readonly averageBefore: number;
  readonly averageAfter: number;
  /** Move from the price now at which the position breaks even; below 0 = it has gained already. */
  readonly breakEvenMovePctBefore: number;
  readonly breakEvenMovePctAfter: number;
  /** Quote that the add loses at the stop. */
  readonly addedRisk: number;
  /** Of the planned size, with the add. */
  readonly shareOfPlanPct: number;
  /** Of equity, with the add. */
  readonly exposurePct: number;
};

export function addImpact(add: {
  readonly side: 'LONG' | 'SHORT';
  readonly quantity: Qty;
  readonly averageEntry: Price;
  readonly added: Qty;
  readonly price: Price;
  readonly stop: Price;
  readonly plannedQuote: Money;
  readonly equity: Money;
}): AddImpact {
  const [held, added] = [toNumber(add.quantity), toNumber(add.added)];
  const [before, price, stop] = [
    toNumber(add.averageEntry),
    toNumber(add.price),
    toNumber(add.stop),
  ];
  const after = (held * before + added * price) / (held + added);
  const sign = add.side === 'LONG' ? 1 : -1;
  const move = (average: number): number => (sign * 100 * (average - price)) / price;
  const value = (held + added) * price;
  return {
    averageBefore: before,
    averageAfter: after,
    breakEvenMovePctBefore: move(before),
    breakEvenMovePctAfter: move(after),
    addedRisk: Math.max(0, sign * added * (price - stop)),
    shareOfPlanPct: (100 * (held * before + added * price)) / toNumber(add.plannedQuote),
    exposurePct: (100 * value) / toNumber(add.equity),
  };
}
