import fc from 'fast-check';
import { anInstrument, BTC, NOON } from '../order/fixtures.ts';
import type { Side } from '../order/intent.ts';
import type { Fill } from '../order/order.ts';
import {
  addMoney,
  addQty,
  feeMoney,
  feeQty,
  formatDecimal,
  money,
  notional,
  price,
  qty,
  roundQty,
  subMoney,
  subQty,
  sumMoney,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import { applyFill } from './apply-fill.ts';
import { addDust, type DustByMarket } from './dust.ts';
import type { Position } from './position.ts';
import { bookValue } from './valuation.ts';

/** One step of a random day; decimals as venues have them. */
type Step = {
  readonly side: Side;
  readonly cents: number;
  readonly lots: number;
  readonly sharePct: number;
  readonly feeRate: number;
  readonly isBaseFee: boolean;
  readonly mayContinue: boolean;
};

const step: fc.Arbitrary<Step> = fc.record({
  side: fc.constantFrom<Side>('BUY', 'SELL'),
  cents: fc.integer({ min: 1, max: 9_999_999 }),
  lots: fc.integer({ min: 1, max: 1_000_000 }),
  sharePct: fc.integer({ min: 1, max: 130 }),
  feeRate: fc.integer({ min: 0, max: 1_000 }).map((n) => n / 100_000),
  isBaseFee: fc.boolean(),
  mayContinue: fc.boolean(),
});

/** The whole independent model: what an account at the venue would hold. */
type Account = { base: Qty; quote: Money };

type Day = {
  readonly account: Account;
  cash: Money;
  realized: Money;
  fees: Money;
  dust: DustByMarket;
  position: Position | null;
  opened: number;
  closed: number;
  last: Price;
};

const PLAN = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
  stopAt: null,
  targetAt: null,
};
const INITIAL = money('1000000000');
const LOT = qty('0.00001');
const instrument = anInstrument();

function fillOf({ side, cents, lots, sharePct, feeRate, isBaseFee }: Step, held: Qty): Fill | null {
  const px = price((cents / 100).toFixed(2));
  const wanted =
    side === 'BUY'
      ? qty((lots / 100_000).toFixed(5))
      : roundQty(feeQty(held, Math.min(100, sharePct) / 100, 'floor'), LOT, 'floor');
  const inBase = side === 'BUY' && isBaseFee;
  const quoteFee = formatDecimal(feeMoney(notional(px, wanted, 'floor'), feeRate, 'floor'));
  return wanted === 0n
    ? null
    : {
        fillId: 'fill',
        orderId: 'tw1',
        at: NOON,
        side,
        price: px,
        quantity: wanted,
        fee: inBase ? feeQty(wanted, feeRate, 'floor') : qty(quoteFee),
        feeCurrency: inBase ? 'BTC' : 'USDT',
      };
}

/** What the venue does to its balances: no averages, no shares, no positions. */
function settleAtVenue(account: Account, fill: Fill): void {
  const value = notional(fill.price, fill.quantity, 'floor');
  const fee = fill.feeCurrency === 'USDT' ? money(formatDecimal(fill.fee)) : money('0');
  const base = fill.feeCurrency === 'BTC' ? fill.fee : qty('0');
  if (fill.side === 'BUY') {
    account.quote = subMoney(account.quote, addMoney(value, fee));
    account.base = subQty(addQty(account.base, fill.quantity), base);
  } else {
    account.quote = addMoney(account.quote, subMoney(value, fee));
    account.base = subQty(account.base, addQty(fill.quantity, base));
  }
}

function advance(day: Day, next: Step): void {
  const { position } = day;
  const fill = fillOf(next, position?.quantity ?? qty('0'));
  if (fill === null) return;
  settleAtVenue(day.account, fill);
  const order = {
    intentId: 'intent-1',
    strategyId: 'balanced',
    bookId: 'paper',
    marketKey: BTC,
    symbol: 'BTC-USDT',
    side: fill.side,
    positionId: position?.positionId ?? `position-${day.opened}`,
    remaining: next.mayContinue ? LOT : qty('0'),
    closeReason: fill.side === 'SELL' ? 'ZE1' : null,
    expectedPrice: fill.price,
  } as const;
  const effect = applyFill({ position, fill, order, instrument, protection: PLAN });
  if (!effect.ok) throw new Error(`not booked: ${effect.error.kind}`);
  const { value } = effect;

  expect(sumMoney(value.postings.map(({ amount }) => amount))).toBe(0n);
  const average = value.position.averageEntry;
  if (fill.side === 'SELL' && position !== null) expect(average).toBe(position.averageEntry);
  if (position === null) day.opened += 1;
  day.cash = addMoney(day.cash, value.book.cash);
  day.realized = addMoney(day.realized, value.book.realizedPnl);
  day.fees = addMoney(day.fees, value.feeQuote);
  day.last = fill.price;
  if (value.dust !== null) day.dust = addDust(day.dust, { marketKey: BTC, left: value.dust });
  const isClosed = value.position.status === 'CLOSED';
  if (isClosed) day.closed += 1;
  expect(value.trade !== null).toBe(isClosed && fill.side === 'SELL');
  day.position = isClosed ? null : value.position;
}

const newDay = (): Day => ({
  account: { base: qty('0'), quote: INITIAL },
  cash: INITIAL,
  realized: money('0'),
  fees: money('0'),
  dust: {},
  position: null,
  opened: 0,
  closed: 0,
  last: price('1'),
});

describe('conservation', () => {
  test('prop: PF-36 after any fills the ledger holds exactly what the venue account holds', () => {
    let closed = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const day = newDay();
        for (const next of steps) {
          advance(day, next);
          const open = day.position?.quantity ?? qty('0');
          expect(addQty(open, day.dust[BTC]?.quantity ?? qty('0'))).toBe(day.account.base);
          expect(day.cash).toBe(day.account.quote);
        }
        closed += day.closed;
      }),
      { numRuns: 500 },
    );
    // That round trips were among them at all; how many is chance.
    expect(closed).toBeGreaterThan(20);
  });

  test('prop: PF-32 realised + unrealised - attached entry fees is the change of equity, to the last decimal', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const day = newDay();
        for (const next of steps) {
          advance(day, next);
          const value = bookValue({
            cash: day.cash,
            positions: day.position === null ? [] : [day.position],
            dust: day.dust,
            prices: { [BTC]: day.last },
          });
          if (value === undefined) throw new Error('every price is known');
          const pnl = subMoney(addMoney(day.realized, value.unrealized), value.attachedFees);
          const atVenue = addMoney(
            day.account.quote,
            notional(day.last, day.account.base, 'floor'),
          );
          expect(pnl).toBe(subMoney(atVenue, INITIAL));
          expect(pnl).toBe(subMoney(value.equity, INITIAL));
        }
      }),
      { numRuns: 500 },
    );
  });
});
