import type { EpochMs } from '../lib/time.ts';
import {
  addMoney,
  formatDecimal,
  moneyOf,
  negMoney,
  notional,
  subMoney,
  sumMoney,
  ZERO_MONEY,
  type Money,
} from '../lib/units.ts';
import type { Fill, OrderStatus } from '../order/order.ts';
import { isWorking } from '../order/transitions.ts';
import { accountTotals, type Posting } from './accounts.ts';
import { checkIdentity, grossSpendRatio, MAX_SPEND_RATIO, type BookTotals } from './identity.ts';
import type { FillOrigin } from './origins.ts';
import type { Position } from './position.ts';

/** What an integrity check looks at: everything that a book ever recorded. */
export type LedgerFacts = {
  readonly book: BookTotals & {
    readonly fees: Money;
    /** Live books hold nothing that was made up. */
    readonly isLive: boolean;
    readonly origin: string;
    /** `strict`: more than twice the deposits spent is a fault by itself (PF-37). */
    readonly depositRatioMode?: 'trigger' | 'strict' | undefined;
  };
  readonly positions: readonly Position[];
  readonly orders: readonly {
    readonly orderId: string;
    readonly marketKey: string;
    readonly venueOrderId: string | null;
    readonly status: OrderStatus;
    /** Wall time of its last change. */
    readonly updatedAt: EpochMs;
  }[];
  readonly fills: readonly (Pick<
    Fill,
    'fillId' | 'orderId' | 'side' | 'price' | 'quantity' | 'fee' | 'feeCurrency'
  > & { readonly symbol: string; readonly origin?: FillOrigin | undefined })[];
  readonly entries: readonly {
    readonly entryId: string;
    readonly kind: string;
    readonly postings: readonly Posting[];
  }[];
  /** Markets whose quantities were corrected without fills: those no longer add up from fills. */
  readonly corrected: ReadonlySet<string>;
  readonly wallNow: EpochMs;
};

export type LedgerFault = {
  readonly check:
    | 'venueId'
    | 'lostOrder'
    | 'origin'
    | 'quantity'
    | 'balanced'
    | 'accounts'
    | 'entries'
    | 'identity'
    | 'depositRatio';
  /** What it is about, and what is wrong, for people. */
  readonly words: string;
};

/** An order that the venue has not named after so long was lost (EXE-64). */
const LOST_AFTER_MS = 300_000;

/** Everything that is wrong with a book's records (EXE-64); an honest book has no fault. */
export function checkLedger(facts: LedgerFacts): readonly LedgerFault[] {
  return [
    ...checkIds(facts),
    ...checkOrigin(facts),
    ...checkQuantities(facts),
    ...checkEntries(facts),
    ...checkAccounts(facts),
    ...checkSpending(facts),
  ];
}

function checkIds({ orders, fills, wallNow }: LedgerFacts): readonly LedgerFault[] {
  const named = new Set(
    orders.filter(({ venueOrderId }) => venueOrderId !== null).map(({ orderId }) => orderId),
  );
  return [
    ...fills
      .filter(({ orderId }) => !named.has(orderId))
      .map(({ fillId, orderId }) => ({
        check: 'venueId' as const,
        words: `fill ${fillId} is of order ${orderId}, which has no id of the venue`,
      })),
    ...orders
      .filter(
        ({ status, venueOrderId, updatedAt }) =>
          venueOrderId === null && isWorking(status) && wallNow - updatedAt > LOST_AFTER_MS,
      )
      .map(({ orderId, status }) => ({
        check: 'lostOrder' as const,
        words: `order ${orderId} is ${status} for more than 5 minutes and has no id of the venue`,
      })),
  ];
}

/** What no real venue executed has no place among the figures of a live book (PF-35). */
function checkOrigin({ book, fills }: LedgerFacts): readonly LedgerFault[] {
  if (!book.isLive) return [];
  const own = book.origin === 'live' ? [] : [`a live book has figures of origin ${book.origin}`];
  const foreign = fills
    .filter(({ origin }) => origin !== undefined && origin !== 'live')
    .map(({ fillId, orderId, origin }) => `fill ${fillId} of order ${orderId} is ${origin}`);
  return [...own, ...foreign].map((words) => ({ check: 'origin', words }));
}

/** Signed base quantities by market; money is the signed unit. */
type Net = Map<string, Money>;

const move = (net: Net, marketKey: string, by: Money): void =>
  void net.set(marketKey, addMoney(net.get(marketKey) ?? ZERO_MONEY, by));

/** What the fills of each market leave. */
function netOfFills({ orders, fills }: LedgerFacts): Net {
  const markets = new Map(orders.map(({ orderId, marketKey }) => [orderId, marketKey]));
  const net: Net = new Map();
  for (const { orderId, side, quantity, fee, feeCurrency, symbol } of fills) {
    const key = markets.get(orderId);
    if (key === undefined) continue;
    const signed = side === 'BUY' ? moneyOf(quantity) : negMoney(moneyOf(quantity));
    move(net, key, signed);
    if (feeCurrency === symbol.split('-')[0]) move(net, key, negMoney(moneyOf(fee)));
  }
  return net;
}

/** The sum of all fills of a market is what is open there, and its dust. */
function checkQuantities(facts: LedgerFacts): readonly LedgerFault[] {
  const held: Net = new Map();
  for (const { marketKey, side, quantity } of facts.positions)
    move(held, marketKey, side === 'LONG' ? moneyOf(quantity) : negMoney(moneyOf(quantity)));
  for (const [marketKey, { quantity }] of Object.entries(facts.book.dust))
    move(held, marketKey, moneyOf(quantity));
  const net = netOfFills(facts);
  const keys = [...new Set([...held.keys(), ...net.keys()])].filter(
    (key) => !facts.corrected.has(key),
  );
  return keys.flatMap((key) => {
    const [has, should] = [held.get(key) ?? ZERO_MONEY, net.get(key) ?? ZERO_MONEY];
    if (has === should) return [];
    const words = `${key}: fills come to ${formatDecimal(should)} and ${formatDecimal(has)} is held`;
    return [{ check: 'quantity' as const, words }];
  });
}

function checkEntries({ entries, fills }: LedgerFacts): readonly LedgerFault[] {
  const unbalanced = entries.filter(
    ({ postings }) => sumMoney(postings.map(({ amount }) => amount)) !== 0n,
  );
  const ids = new Set(entries.map(({ entryId }) => entryId));
  const wanted = new Set(fills.map(({ orderId, fillId }) => `${orderId}-${fillId}`));
  return [
    ...unbalanced.map(({ entryId }) => ({
      check: 'balanced' as const,
      words: `the postings of entry ${entryId} do not add up to zero`,
    })),
    ...[...wanted]
      .filter((id) => !ids.has(id))
      .map((id) => ({ check: 'entries' as const, words: `fill ${id} has no entry` })),
    ...entries
      .filter(({ entryId, kind }) => kind === 'fill' && !wanted.has(entryId))
      .map(({ entryId }) => ({ check: 'entries' as const, words: `entry ${entryId} has no fill` })),
  ];
}

/**
 * A book that spent more than twice what was deposited (PF-37). Where that is but a trigger, it asks for the identity,
 * which is checked in any case.
 */
function checkSpending({ book, fills }: LedgerFacts): readonly LedgerFault[] {
  if (book.depositRatioMode !== 'strict') return [];
  const bought = fills.filter(({ side }) => side === 'BUY');
  const spent = sumMoney(bought.map(({ price, quantity }) => notional(price, quantity, 'ceil')));
  const deposits = addMoney(book.initialBalance, book.netDeposits);
  const ratio = grossSpendRatio(spent, deposits);
  const isGood = ratio === undefined ? spent === 0n : ratio <= MAX_SPEND_RATIO;
  if (isGood) return [];
  const words = `${formatDecimal(spent)} was spent on deposits of ${formatDecimal(deposits)}; at most ${MAX_SPEND_RATIO} times as much is allowed (depositRatioMode strict)`;
  return [{ check: 'depositRatio', words }];
}

/** The accounts reproduce the book: cash, cost of what is held, fees, and what was realised. */
function checkAccounts({ book, positions, entries }: LedgerFacts): readonly LedgerFault[] {
  const totals = accountTotals(entries.map(({ postings }) => postings));
  const dust = Object.entries(book.dust).map(([marketKey, left]) => ({ ...left, marketKey }));
  const held = [...positions, ...dust];
  const inventory = held.filter(({ marketKey }) => !marketKey.includes('_futures_'));
  const pairs: readonly (readonly [string, Money, Money])[] = [
    ['cash', addMoney(book.initialBalance, totals.cash), book.cash],
    ['inventory', totals.inventory, sumMoney(inventory.map(({ cost }) => cost))],
    ['entry fees', totals.fees, sumMoney(held.map(({ entryFees }) => entryFees))],
    ['fees', addMoney(totals.fees, totals.spentFees), book.fees],
    ['realised P&L', negMoney(addMoney(totals.realized, totals.spentFees)), book.realizedPnl],
    ['deposits', negMoney(totals.capital), book.netDeposits],
  ];
  const { suspect, difference } = checkIdentity({ ...book, positions });
  return [
    ...pairs
      .filter(([, ledger, stored]) => ledger !== stored)
      .map(([name, ledger, stored]) => ({
        check: 'accounts' as const,
        words: `${name}: the ledger comes to ${formatDecimal(ledger)}, the book says ${formatDecimal(stored)} (${formatDecimal(subMoney(stored, ledger))} apart)`,
      })),
    ...(suspect
      ? [{ check: 'identity' as const, words: `PNL_SUSPECT: ${formatDecimal(difference)} apart` }]
      : []),
  ];
}
