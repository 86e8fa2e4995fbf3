import fc from 'fast-check';
import {
  aContext,
  aLivePrice,
  anInstrument,
  aRiskState,
  aSignal,
  MIDNIGHT,
} from '../order/fixtures.ts';
import { decideSignal, reserve } from '../order/decide-signal.ts';
import type { GateContext, WorkingIntent } from '../order/gate-context.ts';
import type { Instruction } from '../order/intent.ts';
import { epochMs, type EpochMs } from '../lib/time.ts';
import {
  addMoney,
  money,
  notional,
  percentOf,
  price,
  sumMoney,
  ZERO_QTY,
  type Money,
} from '../lib/units.ts';
import { applyFill } from '../portfolio/apply-fill.ts';
import type { Position } from '../portfolio/position.ts';
import { bookValue } from '../portfolio/valuation.ts';
import { closedAs, riskAfterFill } from './after-fill.ts';
import { exposureOf } from './allocation.ts';
import { budgetUse } from './budget.ts';
import { revalue } from './day.ts';
import { LIMITS, type Limits } from './limits.ts';
import { lossToStop } from './portfolio-risk.ts';
import type { RiskState } from './risk-state.ts';

const PRICE = price('100');
const INITIAL = money('10000');
const BUDGET = money('900');
const SYMBOLS = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'ODD-USDT'];
const STRATEGIES = ['a', 'b', 'c', 'd'];
const PROTECTION = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
  stopAt: null,
  targetAt: null,
};
const keyOf = (symbol: string): string => `binance_spot_${symbol}`;

/** Wide enough that every limit is met by some sequence. */
const LIMITS_USED: Limits = {
  ...LIMITS.paper,
  symbolTradesPerHour: 3,
  tradesPerDay: 6,
  symbolCooldownMinutes: 1,
};

type World = {
  now: EpochMs;
  risk: RiskState;
  cash: Money;
  positions: Position[];
  intents: (WorkingIntent & Instruction)[];
};

const opened = (): World => ({
  now: epochMs(MIDNIGHT + 3_600_000),
  risk: aRiskState({ equityAt: epochMs(MIDNIGHT + 3_600_000) }),
  cash: INITIAL,
  positions: [],
  intents: [],
});

const instrumentOf = (symbol: string) =>
  anInstrument({ symbol, marketKey: keyOf(symbol), base: symbol.split('-')[0] ?? '' });

function contextOf(world: World, symbol: string, strategyId: string): GateContext {
  const { now, cash, positions, intents } = world;
  return aContext({
    now,
    risk: world.risk,
    positions,
    workingIntents: intents,
    book: { bookId: 'paper', mode: 'paper', status: 'RUNNING', cash },
    price: aLivePrice({ marketKey: keyOf(symbol), price: PRICE, at: now }),
    instrument: instrumentOf(symbol),
    strategy: { strategyId, enabled: true, maxPositions: 4 },
    limits: LIMITS_USED,
    priceOf: () => PRICE,
    allocated: BUDGET,
    cryptoPhase: 'emergency',
  });
}

function ask(world: World, symbol: string, strategyId: string, amount: number): void {
  const context = contextOf(world, symbol, strategyId);
  const decision = decideSignal(
    aSignal({
      ...{
        signalId: `${world.now}-${symbol}-${strategyId}`,
        strategyId,
        symbol,
        marketKey: keyOf(symbol),
      },
      ...{ expectedPrice: PRICE, suggestedQuote: money(String(amount)), decidedAt: world.now },
    }),
    context,
  );
  if (!decision.approved) return;
  world.risk = reserve(context, decision.instruction).risk;
  world.intents.push(decision.instruction);
}

/** Fills an order wholly at its price: an entry opens or grows a position, an exit closes one. */
function fill(world: World, order: Instruction): void {
  const { symbol, side, quantity, strategyId } = order;
  const at = (p: Position): boolean => p.strategyId === strategyId && p.symbol === symbol;
  const effect = applyFill({
    position: world.positions.find(at) ?? null,
    fill: {
      fillId: order.intentId,
      orderId: order.intentId,
      side,
      price: PRICE,
      quantity,
      fee: ZERO_QTY,
      feeCurrency: 'USDT',
      at: world.now,
    },
    order: { ...order, positionId: order.positionId ?? order.intentId, remaining: ZERO_QTY },
    instrument: instrumentOf(symbol),
    protection: PROTECTION,
  });
  if (!effect.ok) throw new Error(effect.error.kind);
  const { position, book, trade } = effect.value;
  world.cash = addMoney(world.cash, book.cash);
  world.positions = world.positions.filter((p) => !at(p));
  if (position.status !== 'CLOSED') world.positions.push(position);
  const isEntry = order.action === 'ENTER';
  const seen = { symbol, side, isEntry, isFirst: true, at: world.now, closed: closedAs(trade) };
  world.risk = riskAfterFill(world.risk, seen, LIMITS_USED).risk;
}

function closeOne(world: World, index: number): void {
  const position = world.positions[index % Math.max(1, world.positions.length)];
  if (position === undefined) return;
  const { strategyId, symbol, marketKey, positionId, quantity } = position;
  const exit = {
    strategyId,
    symbol,
    marketKey,
    positionId,
    quantity,
    action: 'EXIT',
    side: 'SELL',
  } as const;
  const intentId = `exit-${positionId}`;
  fill(world, {
    ...{
      ...exit,
      intentId,
      bookId: 'paper',
      signalId: null,
      direction: 'LONG',
      type: 'MARKET',
      limitPrice: null,
    },
    ...{
      timeInForce: 'GTC',
      reduceOnly: true,
      closeReason: 'ZE1',
      suggestedStop: null,
      suggestedTarget: null,
    },
    ...{ expectedPrice: PRICE, expectedAt: world.now, expiresAt: null },
  });
}

/** What no sequence of approvals, fills and closes may pass. */
function expectWithin(world: World): void {
  const { positions, intents, risk, cash } = world;
  const equity = bookValue({
    cash,
    positions,
    dust: {},
    prices: Object.fromEntries(SYMBOLS.map((symbol) => [keyOf(symbol), PRICE])),
  })?.equity;
  // Equity does not move by reserving, filling or closing at one price without fees (RSK-31, RSK-T04).
  expect(equity).toBe(INITIAL);
  const share = (pct: number): Money => percentOf(INITIAL, pct, 'floor');
  const context = { positions, workingIntents: intents, priceOf: () => PRICE };
  expect(positions.length + intents.length).toBeLessThanOrEqual(LIMITS_USED.maxOpenPositions);
  expect(exposureOf(context, () => true) ?? INITIAL).toBeLessThanOrEqual(
    share(LIMITS_USED.cryptoPct?.emergency ?? 0),
  );
  for (const symbol of SYMBOLS)
    expect(exposureOf(context, (held) => held.symbol === symbol) ?? INITIAL).toBeLessThanOrEqual(
      share(LIMITS_USED.maxConcentrationPct),
    );
  for (const strategyId of STRATEGIES)
    expect(budgetUse(context, strategyId)).toBeLessThanOrEqual(BUDGET);
  const atRisk = [
    ...positions.map(lossToStop),
    ...intents.map(({ quantity }) => percentOf(notional(PRICE, quantity, 'ceil'), 5, 'ceil')),
  ];
  expect(sumMoney(atRisk)).toBeLessThanOrEqual(share(LIMITS_USED.maxRiskPct ?? 0));
  expect(risk.tradesToday).toBeLessThanOrEqual(LIMITS_USED.tradesPerDay ?? 0);
  for (const times of Object.values(risk.symbolEntries)) {
    const recent = times.filter((at) => world.now - at < 3_600_000);
    expect(recent.length).toBeLessThanOrEqual(LIMITS_USED.symbolTradesPerHour ?? 0);
  }
  expect(risk.recentOrders.filter(({ at }) => world.now - at < 60_000).length).toBeLessThanOrEqual(
    LIMITS_USED.ordersPerMinute,
  );
}

const pick = <T>(from: readonly T[]) => fc.constantFrom(...from);
const op = fc.oneof(
  fc.record({
    kind: fc.constant('ask' as const),
    symbol: pick(SYMBOLS),
    strategyId: pick(STRATEGIES),
    amount: fc.integer({ min: 5, max: 520 }),
  }),
  fc.record({ kind: fc.constant('fill' as const), index: fc.nat(5) }),
  fc.record({ kind: fc.constant('drop' as const), index: fc.nat(5) }),
  fc.record({ kind: fc.constant('close' as const), index: fc.nat(5) }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 40 }) }),
);

test('prop: RSK-52 RSK-56 no sequence of approvals, fills, closes and expiries passes a limit, and equity stays', () => {
  let approvals = 0;
  fc.assert(
    fc.property(fc.array(op, { maxLength: 40 }), (ops) => {
      const world = opened();
      for (const step of ops) {
        if (step.kind === 'ask') {
          const before = world.intents.length;
          ask(world, step.symbol, step.strategyId, step.amount);
          approvals += world.intents.length - before;
        } else if (step.kind === 'close') closeOne(world, step.index);
        else if (step.kind === 'wait') {
          world.now = epochMs(world.now + step.minutes * 60_000);
          world.risk = revalue(world.risk, { equity: INITIAL, now: world.now });
        } else {
          const order = world.intents[step.index % Math.max(1, world.intents.length)];
          if (order === undefined) continue;
          world.intents = world.intents.filter((one) => one !== order);
          if (step.kind === 'fill') fill(world, order);
        }
        expectWithin(world);
      }
    }),
    { numRuns: 80 },
  );
  // Chance decides how many: it is asked that there are some to be wrong about.
  expect(approvals).toBeGreaterThan(15);
});
