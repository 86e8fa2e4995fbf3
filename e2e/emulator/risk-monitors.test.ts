import { monitorBook } from '@tradewind/adapters/execution/monitor-book';
import { see } from '@tradewind/adapters/execution/monitor-look';
import { monitorBooks } from '@tradewind/adapters/execution/monitor-books';
import { countTrade, recomputePerformance } from '@tradewind/adapters/execution/performance-ledger';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { correctBudgets, evaluatePhase } from '@tradewind/adapters/execution/tidy-books';
import { bookDoc, riskStateDoc, tradeDoc } from '@tradewind/contracts/documents/book';
import { performanceDoc } from '@tradewind/contracts/documents/performance';
import { budgetDoc, healthDoc } from '@tradewind/contracts/documents/risk';
import { auditDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price } from '@tradewind/core/lib/units';
import { openDesk, type Desk } from './execution-desk.ts';
import { NOW } from './documents.ts';
import { putPrice } from './put-price.ts';

// The first of them meets an emulator that has just begun.
import.meta.jest.setTimeout(60_000);

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`risk-monitors-${projects}`);
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const SYMBOLS = ['BTC-USDT', 'ETH-USDT'];
const keyOf = (symbol: string): string => `binance_spot_${symbol}`;

/** A book that holds 100 of each symbol, and may lose what it is told to before anything happens. */
async function holding(symbols = SYMBOLS): Promise<void> {
  await desk.seed({ symbols, bot: { maxPositions: 5 }, bots: ['other'] });
  for (const [index, symbol] of symbols.entries())
    await desk.signal({ symbol, strategyId: index === 0 ? 'trend' : 'other' });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  expect(await desk.positions()).toHaveLength(symbols.length);
}

const look = (text: string) =>
  monitorBook(desk.ports, {
    bookId: 'paper',
    prices: new Map(SYMBOLS.map((symbol) => [keyOf(symbol), price(text)] as const)),
  });

/** The day opened with so much that the book has lost `pct` percent of it now. */
async function haveLost(pct: number): Promise<void> {
  const risk = await desk.riskNow();
  const opening = money(String(Number((10_000 / (1 - pct / 100)).toFixed(2))));
  await desk.ledger.store.set(paths.riskState('paper'), riskStateDoc, {
    ...{ ...risk, openingEquity: opening, peakEquity: opening },
  });
}
const alertOf = async (rule: string) => (await desk.alerts()).find((alert) => alert.rule === rule);

test('RSK-80 RSK-82 RSK-T14 each level of the ladder acts once, and the last one closes and stops everything', async () => {
  await holding();
  await haveLost(2.2);
  expect((await look('100'))?.ladder).toBe('alert');
  await look('100');
  expect(await alertOf('daily_loss_alert')).toMatchObject({ severity: 'INFO', count: 1 });
  expect((await desk.riskNow()).ladder).toBe('alert');

  await haveLost(4.2);
  expect((await look('100'))?.ladder).toBe('critical');
  const tight = (await desk.positions()).map(({ protection }) => protection.trailingStop);
  expect(tight.every((stop) => stop !== null)).toBe(true);
  await look('100');
  expect((await desk.positions()).map(({ protection }) => protection.trailingStop)).toEqual(tight);
  expect((await alertOf('daily_loss_critical'))?.count).toBe(1);

  await haveLost(5.2);
  await look('100');
  expect(await desk.riskNow()).toMatchObject({
    emergencyStop: true,
    emergencyStopBy: 'loss ladder',
    ladder: 'breaker',
  });
  expect((await desk.positions()).map(({ status }) => status)).toEqual(['CLOSED', 'CLOSED']);
  await look('100');
  expect((await alertOf('daily_loss_breaker'))?.count).toBe(1);
  expect(desk.venue.taken.filter(({ side }) => side === 'SELL')).toHaveLength(2);
  await desk.expectAgreement();
});

test('RSK-81 after the breaker nothing enters, the next day neither', async () => {
  await holding();
  await haveLost(6);
  await look('100');
  desk.ledger.pass(24 * 3_600_000);
  for (const symbol of SYMBOLS) await desk.quote(symbol);
  await desk.signal({ signalId: 'tomorrow' });
  await runGate(desk.ports, 'paper');
  const signal = (await desk.signals()).find(({ signalId }) => signalId === 'tomorrow');
  expect(signal?.rejectionReason).toBe('emergency_stop');
});

test('RSK-80 a look that dies before it remembers acts again, and closes nothing twice', async () => {
  await holding();
  await haveLost(5.5);
  await Promise.all([look('100'), look('100')]);
  await look('100');
  expect((await desk.positions()).map(({ status }) => status)).toEqual(['CLOSED', 'CLOSED']);
  expect(desk.venue.taken.filter(({ side }) => side === 'SELL')).toHaveLength(2);
  await desk.expectAgreement();
});

test('RSK-80 a fill that is booked while a look reads is no loss', async () => {
  await holding();
  const before = await desk.bookNow();
  let isFirst = true;
  const { store } = desk.ledger;
  // The purchase is paid between the look's reading of the book and of its positions.
  const late: typeof store = {
    ...store,
    query: async (query, schema) => {
      if (isFirst) {
        isFirst = false;
        const updatedAt = epochMs(before.updatedAt + 1);
        await store.set(paths.book('paper'), bookDoc, { ...before, name: 'changed', updatedAt });
      }
      return store.query(query, schema);
    },
  };
  const prices = new Map(SYMBOLS.map((symbol) => [keyOf(symbol), price('100')] as const));
  const seen = await see({ ...desk.ports, store: late }, { bookId: 'paper', prices });
  expect(seen?.book.name).toBe('changed');
});

test('PF-60 PF-61 PF-62 health below 30 closes the worst, at most once in five minutes', async () => {
  await holding();
  // 45 of the points: a day at 4.9 %, and every term that nobody knows.
  await haveLost(4.85);
  const risk = await desk.riskNow();
  await desk.ledger.store.set(paths.riskState('paper'), riskStateDoc, {
    ...risk,
    ladder: 'critical',
  });
  desk.venue.setPrice(price('90'));
  const first = await monitorBook(desk.ports, {
    bookId: 'paper',
    prices: new Map([[keyOf('BTC-USDT'), price('90')]]),
  });
  expect(first?.healthScore).toBeLessThan(30);
  const closed = (await desk.positions()).filter(({ status }) => status === 'CLOSED');
  expect(closed.map(({ symbol, closeReason }) => [symbol, closeReason])).toEqual([
    ['BTC-USDT', 'health'],
  ]);
  const health = await desk.ledger.store.get(paths.riskHealth('paper'), healthDoc);
  expect(health).toMatchObject({ actionTaken: 'closeWorst', stopped: true });
  expect((await desk.riskNow()).healthStop).toBe(true);
  await monitorBook(desk.ports, { bookId: 'paper', prices: new Map() });
  expect(desk.venue.taken.filter(({ side }) => side === 'SELL')).toHaveLength(1);
});

test('PF-75 PF-76 PF-77 a leader that falls closes what follows it, once in fifteen minutes', async () => {
  await holding();
  const prices = new Map(SYMBOLS.map((symbol) => [keyOf(symbol), price('100')] as const));
  const moves = new Map([['BTC-USDT', 'fall']] as const);
  const correlationOf = (marketKey: string) => (marketKey === keyOf('ETH-USDT') ? 0.1 : null);
  await monitorBook(desk.ports, { bookId: 'paper', prices, moves, correlationOf });
  await monitorBook(desk.ports, { bookId: 'paper', prices, moves });
  const left = (await desk.positions()).map(({ symbol, closeReason }) => [symbol, closeReason]);
  expect(left.toSorted()).toEqual([
    ['BTC-USDT', 'correlated_dump'],
    ['ETH-USDT', null],
  ]);
  await desk.expectAgreement();
});

test('RSK-80 the schedule looks after a book that no worker looks after, and leaves the others alone', async () => {
  await holding();
  for (const symbol of SYMBOLS)
    await putPrice(desk.ledger, { marketKey: keyOf(symbol), symbol, price: price('100') });
  expect(await monitorBooks(desk.ports)).toBe(1);
  expect(await monitorBooks(desk.ports)).toBe(0);
});

test('RSK-57 RSK-T18 a budget that drifted is corrected with a record, and use follows the book', async () => {
  await holding();
  const budget = { bookId: 'paper', strategyId: 'trend', allocated: money('1000'), setBy: 'admin' };
  await desk.ledger.store.set(paths.budget('paper', 'trend'), budgetDoc, {
    ...{ ...budget, used: money('7'), usedAt: NOW, updatedAt: NOW },
  });
  expect(await correctBudgets(desk.ports, 'paper')).toEqual(['trend']);
  expect(await correctBudgets(desk.ports, 'paper')).toEqual([]);
  const stored = await desk.ledger.store.get(paths.budget('paper', 'trend'), budgetDoc);
  const [position] = (await desk.positions()).filter(({ strategyId }) => strategyId === 'trend');
  expect(stored?.used).toBe(position?.cost);
  const audits = await desk.ledger.store.query(
    desk.ledger.store.firestore.collection(paths.auditLog),
    auditDoc,
  );
  expect(audits.map(({ action, target }) => [action, target])).toEqual([
    ['correctBudget', 'trend'],
  ]);
});

test('RSK-55 an entry beyond its budget is refused, one within it is not', async () => {
  await desk.seed({ symbols: SYMBOLS, bot: { maxPositions: 5 } });
  await desk.ledger.store.set(paths.budget('paper', 'trend'), budgetDoc, {
    ...{ bookId: 'paper', strategyId: 'trend', allocated: money('150'), setBy: 'admin' },
    ...{ used: money('0'), usedAt: NOW, updatedAt: NOW },
  });
  await desk.signal({ symbol: 'BTC-USDT' });
  await desk.signal({ symbol: 'ETH-USDT' });
  await runGate(desk.ports, 'paper');
  const byReason = (await desk.signals()).map(({ rejectionReason }) => rejectionReason);
  expect(byReason.toSorted()).toEqual(['budget_exhausted', null]);
});

test('PF-90 a trade counts once in every scope, told twice or not, and the nightly count agrees', async () => {
  await holding();
  await desk.signal({ action: 'EXIT' });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  const [trade] = await desk.ledger.store.query(
    desk.ledger.store.firestore.collection(paths.trades('paper')),
    tradeDoc,
  );
  if (trade === undefined) throw new Error('there is no trade');
  expect(await countTrade(desk.ports, trade)).toBe(true);
  expect(await countTrade(desk.ports, trade)).toBe(false);
  const book = await desk.bookNow();
  expect(await recomputePerformance(desk.ports, book)).toEqual([]);
  const of = (scope: string) =>
    desk.ledger.store.get(paths.performance('paper', scope), performanceDoc);
  expect((await of('strategy__trend'))?.sums).toMatchObject({ trades: 1, net: trade.netPnl });
  const whole = await of('book');
  if (whole === undefined) throw new Error('there are no figures');
  await desk.ledger.store.set(paths.performance('paper', 'book'), performanceDoc, {
    ...whole,
    sums: { ...whole.sums, net: money('1') },
  });
  expect(await recomputePerformance(desk.ports, book)).toEqual(['book']);
  expect((await of('book'))?.sums.net).toBe(trade.netPnl);
  await evaluatePhase(desk.ports, book);
  expect((await desk.riskNow()).cryptoPhase?.phase).toBe('learning');
});

test('RSK-67 a storm of signals disables its strategy, and every signal has a verdict', async () => {
  await desk.seed({ symbols: SYMBOLS, bot: { maxPositions: 5 }, bots: ['other'] });
  for (let index = 0; index < 60; index += 1) await desk.signal({ signalId: `storm-${index}` });
  await desk.signal({ signalId: 'calm', symbol: 'ETH-USDT', strategyId: 'other' });
  await runGate(desk.ports, 'paper');
  const signals = await desk.signals();
  expect(signals.filter(({ executionStatus }) => executionStatus === 'PENDING')).toEqual([]);
  const stormy = signals.filter(({ strategyId }) => strategyId === 'trend');
  expect(new Set(stormy.map(({ rejectionReason }) => rejectionReason))).toEqual(
    new Set(['disabled']),
  );
  expect(signals.find(({ signalId }) => signalId === 'calm')?.executionStatus).toBe('EXECUTED');
  expect((await desk.riskNow()).traders['trend']?.disabled?.reason).toBe('signal_storm');
  expect(await alertOf('strategy_signal_storm')).toMatchObject({ severity: 'CRITICAL' });
});

test('RSK-24 RSK-T11 RSK-62 the third trade of a symbol within the hour is refused, an exit is not', async () => {
  await desk.seed({ bots: ['b', 'c'], bot: { maxPositions: 1 } });
  for (const [index, strategyId] of ['trend', 'b', 'c'].entries()) {
    if (index > 0) desk.ledger.pass(6 * 60_000);
    await desk.quote('BTC-USDT');
    await desk.signal({ strategyId });
    await runGate(desk.ports, 'paper');
    await desk.drain();
  }
  const refused = (await desk.signals()).filter(({ rejectionReason }) => rejectionReason !== null);
  expect(refused.map(({ strategyId, rejectionReason }) => [strategyId, rejectionReason])).toEqual([
    ['c', 'symbol_rate_limit'],
  ]);
  await desk.signal({ strategyId: 'b', action: 'EXIT' });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  const risk = await desk.riskNow();
  expect(risk).toMatchObject({ tradesToday: 2, symbols: { 'BTC-USDT': { lastSide: 'SELL' } } });
});
