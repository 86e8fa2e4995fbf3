import fc from 'fast-check';
import { anInstrument, aPosition, NOON, at } from '../order/fixtures.ts';
import type { Side } from '../order/intent.ts';
import {
  addMoney,
  feeMoney,
  feeQty,
  formatDecimal,
  money,
  notional,
  percentOf,
  price,
  qty,
  roundQty,
  subMoney,
  sumMoney,
  ZERO_MONEY,
} from '../lib/units.ts';
import type { Posting } from './accounts.ts';
import { applyFill } from './apply-fill.ts';
import { checkLedger, type LedgerFacts } from './check-ledger.ts';
import { importPosition, shrinkDust, shrinkPosition } from './correct.ts';
import { addDust, type DustByMarket } from './dust.ts';
import { checkIdentity, grossSpendRatio } from './identity.ts';
import { applyFunding } from './linear-fill.ts';
import { countOrigins } from './origins.ts';
import type { Position } from './position.ts';

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

const LOT = qty('0.00001');
const INITIAL = money('1000000000');
const PLAN = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
  stopAt: null,
  targetAt: null,
};

type Fills = LedgerFacts['fills'][number];
type Entry = LedgerFacts['entries'][number];

/** A book that keeps its records as the ledger does. */
function openBook(market: 'spot' | 'futures') {
  const instrument = anInstrument({ market, marketKey: `binance_${market}_BTC-USDT` });
  const { marketKey } = instrument;
  let [cash, realizedPnl, fees, netDeposits] = [INITIAL, ZERO_MONEY, ZERO_MONEY, ZERO_MONEY];
  let dust: DustByMarket = {};
  let position: Position | null = null;
  const past: Position[] = [];
  const fills: Fills[] = [];
  const entries: Entry[] = [];
  const post = (kind: string, postings: readonly Posting[]): void => {
    if (postings.length > 0) entries.push({ entryId: `e${entries.length}`, kind, postings });
  };
  const trade = ({ side, cents, lots, sharePct, feeRate, isBaseFee, mayContinue }: Step): void => {
    const held = position?.quantity ?? qty('0');
    const isExit = position !== null && (position.side === 'LONG') === (side === 'SELL');
    const wanted = isExit
      ? roundQty(feeQty(held, Math.min(100, sharePct) / 100, 'floor'), LOT, 'floor')
      : qty((lots / 100_000).toFixed(5));
    if (wanted === 0n || (market === 'spot' && side === 'SELL' && !isExit)) return;
    const px = price((cents / 100).toFixed(2));
    const inBase = market === 'spot' && side === 'BUY' && isBaseFee;
    const quoteFee = feeMoney(notional(px, wanted, 'floor'), feeRate, 'floor');
    const fill = {
      fillId: String(fills.length),
      orderId: 'tw1',
      at: NOON,
      side,
      price: px,
      quantity: wanted,
      fee: inBase ? feeQty(wanted, feeRate, 'floor') : qty(formatDecimal(quoteFee)),
      feeCurrency: inBase ? 'BTC' : 'USDT',
    };
    const order = {
      ...{ intentId: 'i', strategyId: 's', bookId: 'paper', marketKey, symbol: 'BTC-USDT', side },
      positionId: `p${past.length}`,
      remaining: mayContinue ? LOT : qty('0'),
      closeReason: null,
      expectedPrice: px,
    };
    const effect = applyFill({ position, fill, order, instrument, protection: PLAN });
    if (!effect.ok) throw new Error(effect.error.kind);
    const { value } = effect;
    cash = addMoney(cash, value.book.cash);
    realizedPnl = addMoney(realizedPnl, value.book.realizedPnl);
    fees = addMoney(fees, value.book.fees);
    if (value.dust !== null) dust = addDust(dust, { marketKey, left: value.dust });
    fills.push({ ...fill, symbol: 'BTC-USDT' });
    entries.push({ entryId: `tw1-${fill.fillId}`, kind: 'fill', postings: value.postings });
    position = value.position;
    if (position.status === 'CLOSED') {
      past.push(position);
      position = null;
    }
  };
  return {
    trade,
    fund: (cents: number): void => {
      if (position === null || market === 'spot') return;
      const funded = applyFunding(position, money((cents / 100).toFixed(2)));
      position = funded.position;
      cash = addMoney(cash, funded.cash);
      realizedPnl = addMoney(realizedPnl, funded.cash);
      post('funding', funded.postings);
    },
    /** Less of what is held, with no fill that says why. */
    lose: (pct: number): void => {
      if (position === null) return;
      const to = feeQty(position.quantity, pct / 100, 'floor');
      const lost = shrinkPosition(position, { to, reason: 'unknown_close', now: NOON });
      realizedPnl = addMoney(realizedPnl, lost.realizedPnl);
      netDeposits = addMoney(netDeposits, lost.inKind);
      post('correction', lost.postings);
      position = lost.position;
      if (to > 0n) return;
      past.push(position);
      position = null;
    },
    facts: (): LedgerFacts => {
      const positions = position === null ? past : [...past, position];
      return {
        book: {
          ...{ cash, realizedPnl, fees, netDeposits, dust, positions },
          initialBalance: INITIAL,
          isLive: false,
          origin: 'synthetic',
        },
        positions,
        orders: [
          { orderId: 'tw1', marketKey, venueOrderId: 'v1', status: 'FILLED', updatedAt: NOON },
        ],
        fills,
        entries,
        corrected: new Set(),
        wallNow: NOON,
      };
    },
  };
}

describe('double entry', () => {
  test.each(['spot', 'futures'] as const)(
    'prop: PF-36 EXE-64 the accounts of %s reproduce cash, inventory, fees, realised P&L and quantities',
    (market) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const book = openBook(market);
          for (const [index, next] of steps.entries()) {
            book.trade(next);
            if (index % 5 === 4) book.fund(next.cents - 5_000_000);
          }
          expect(checkLedger(book.facts())).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );

  test.each(['spot', 'futures'] as const)(
    'prop: EXE-50 corrections of %s without fills keep every account in balance',
    (market) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 20 }), fc.nat(100), (steps, pct) => {
          const book = openBook(market);
          for (const [index, next] of steps.entries()) {
            book.trade(next);
            if (index % 4 === 3) book.lose(pct);
          }
          const facts = book.facts();
          const corrected = new Set(facts.orders.map(({ marketKey }) => marketKey));
          expect(checkLedger({ ...facts, corrected })).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );
});

/** Bought and sold eight times over, one unit of 100 each. */
function busyBook(): LedgerFacts {
  const book = openBook('spot');
  const each = { cents: 10_000, lots: 100_000, sharePct: 100, feeRate: 0.001, isBaseFee: false };
  for (let round = 0; round < 8; round += 1) {
    book.trade({ ...each, side: 'BUY', mayContinue: false });
    book.trade({ ...each, side: 'SELL', mayContinue: false });
  }
  return book.facts();
}

describe('EXE-64 what an integrity check finds', () => {
  const good = busyBook();
  const checks = (change: Partial<LedgerFacts>) =>
    checkLedger({ ...good, ...change }).map(({ check }) => check);

  test('PF-T06 the identity holds with money turned over eight times, and a fill that is gone breaks it', () => {
    expect(checks({})).toEqual([]);
    expect(checks({ fills: good.fills.slice(1), entries: good.entries.slice(1) })).toEqual(
      expect.arrayContaining(['quantity', 'accounts']),
    );
    const gone = { ...good.book, cash: addMoney(good.book.cash, money('5000001')) };
    expect(checkIdentity(gone)).toMatchObject({ suspect: true });
    expect(checkIdentity(good.book)).toMatchObject({ suspect: false, difference: ZERO_MONEY });
  });

  test('PF-37 in strict mode more than twice the deposits spent is a fault, and else it is none', () => {
    const book = (depositRatioMode?: 'strict' | 'trigger') => ({
      ...good.book,
      initialBalance: good.book.initialBalance,
      ...(depositRatioMode === undefined ? {} : { depositRatioMode }),
    });
    const spent = sumMoney(
      good.fills
        .filter(({ side }) => side === 'BUY')
        .map(({ price, quantity }) => notional(price, quantity, 'ceil')),
    );
    const poor = { initialBalance: subMoney(spent, percentOf(spent, 51, 'floor')) };
    const rich = { initialBalance: subMoney(spent, percentOf(spent, 49, 'floor')) };
    const found = (change: object, mode?: 'strict' | 'trigger') =>
      checks({ book: { ...book(mode), ...change } }).includes('depositRatio');
    expect([found(poor, 'strict'), found(rich, 'strict')]).toEqual([true, false]);
    expect([found(poor, 'trigger'), found(poor)]).toEqual([false, false]);
    expect(found({ initialBalance: ZERO_MONEY }, 'strict')).toBe(true);
  });

  test('PF-37 the ratio of what was spent is a trigger and no verdict', () => {
    expect(grossSpendRatio(money('5072'), money('600'))).toBeCloseTo(8.453, 2);
    expect(grossSpendRatio(money('1'), ZERO_MONEY)).toBeUndefined();
  });

  test('a fill of an order without an id of the venue, and an order that was lost', () => {
    const order = {
      ...good.orders[0],
      orderId: 'tw1',
      marketKey: 'm',
      venueOrderId: null,
    } as const;
    const lost = { ...order, status: 'SUBMITTED', updatedAt: at(-300_001) } as const;
    expect(checks({ orders: [lost] })).toEqual(expect.arrayContaining(['venueId', 'lostOrder']));
    const young = { ...lost, updatedAt: at(-300_000) };
    expect(checks({ orders: [young] })).not.toContain('lostOrder');
  });

  test('figures that were made up, in a live book', () => {
    expect(checks({ book: { ...good.book, isLive: true } })).toEqual(['origin']);
    expect(checks({ book: { ...good.book, isLive: true, origin: 'live' } })).toEqual([]);
  });

  test('PF-35 a fill that no real venue executed, in a live book; a paper book may have it', () => {
    const [first, ...rest] = good.fills;
    if (first === undefined) throw new Error('there are fills');
    const live = { ...good.book, isLive: true, origin: 'live' };
    for (const origin of ['paper', 'recorded', 'synthetic'] as const) {
      const fills = [{ ...first, origin }, ...rest];
      expect(checks({ book: live, fills })).toEqual(['origin']);
      expect(checks({ fills })).toEqual([]);
      expect(countOrigins(fills)).toMatchObject({ [origin]: 1, unmarked: rest.length });
    }
    expect(checks({ book: live, fills: [{ ...first, origin: 'live' }, ...rest] })).toEqual([]);
  });

  test('an entry that does not add up, and one without its fill', () => {
    const [first, ...rest] = good.entries;
    if (first === undefined) throw new Error('there are entries');
    const bent = { ...first, postings: first.postings.slice(1) };
    expect(checks({ entries: [bent, ...rest] })).toContain('balanced');
    expect(checks({ entries: rest })).toContain('entries');
    expect(checks({ fills: good.fills.slice(1) })).toContain('entries');
  });
});

describe('corrections', () => {
  test('D1 what is taken over of spot is a deposit in kind; of a future nothing moves', () => {
    const found = {
      ...{ positionId: 'x', bookId: 'paper', symbol: 'BTC-USDT', now: NOON },
      ...{ side: 'LONG' as const, quantity: qty('2'), price: price('100') },
    };
    const spot = importPosition({ ...found, marketKey: 'binance_spot_BTC-USDT' }, null);
    expect(spot).toMatchObject({ inKind: money('200'), position: { strategyId: 'EXTERNAL' } });
    const more = importPosition({ ...found, marketKey: 'binance_spot_BTC-USDT' }, spot.position);
    expect(more.position).toMatchObject({ quantity: qty('4'), cost: money('400') });
    const future = importPosition({ ...found, marketKey: 'binance_futures_BTC-USDT' }, null);
    expect(future).toMatchObject({ inKind: ZERO_MONEY, postings: [] });
  });

  test('D6 what is gone leaves at cost, its entry fees are spent, and CLOSED says why', () => {
    const position = aPosition({ quantity: qty('2'), cost: money('100'), entryFees: money('1') });
    const gone = shrinkPosition(position, { to: qty('0'), reason: 'unknown_close', now: NOON });
    expect(gone).toMatchObject({ realizedPnl: money('-1'), inKind: money('-100'), trade: null });
    expect(gone.position).toMatchObject({ status: 'CLOSED', closeReason: 'unknown_close' });
    const unsure = { ...position, status: 'CLOSING_UNCONFIRMED' } as const;
    const half = shrinkPosition(unsure, { to: qty('1'), reason: 'external_close', now: NOON });
    expect(half.position).toMatchObject({ status: 'OPEN', quantity: qty('1'), cost: money('50') });
  });

  test('D7 dust that the venue converted leaves at its cost', () => {
    const dust = { quantity: qty('0.2'), cost: money('2'), entryFees: money('0.1') };
    const gone = shrinkDust('binance_spot_BTC-USDT', { dust, less: qty('0.2') });
    expect(gone.dust).toEqual({ quantity: qty('0'), cost: ZERO_MONEY, entryFees: ZERO_MONEY });
    expect(gone).toMatchObject({ inKind: money('-2'), realizedPnl: money('-0.1') });
  });
});
