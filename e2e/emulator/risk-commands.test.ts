import { runGate } from '@tradewind/adapters/execution/run-gate';
import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { performanceDoc } from '@tradewind/contracts/documents/performance';
import { budgetDoc, gateResultDoc, limitsDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import { figuresOf, performanceInit } from '@tradewind/core/portfolio/performance';
import { traderInit } from '@tradewind/core/risk/trader-history';
import { handleAllocateBudget } from '../../functions/src/risk/handle-allocate-budget.ts';
import { handleEnableStrategy } from '../../functions/src/risk/handle-enable-strategy.ts';
import { handleSetMode } from '../../functions/src/risk/handle-set-mode.ts';
import { handleSetRiskLimits } from '../../functions/src/risk/handle-set-risk-limits.ts';
import { NOW } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

// The first of them meets an emulator that has just begun.
import.meta.jest.setTimeout(60_000);

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`risk-commands-${projects}`);
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const REASON = 'as agreed on Monday';
const commandId = '00000000-0000-4000-8000-000000000000';
type Changes = Parameters<typeof handleSetRiskLimits>[1]['changes'];
const set = (changes: Changes) =>
  handleSetRiskLimits(desk.ports, { commandId, bookId: 'paper', changes, reason: REASON }, 'admin');
const limits = () => desk.ledger.store.get(paths.riskLimits('paper'), limitsDoc);

/** What the gate says of an entry of 100 now. */
async function ask(signalId: string): Promise<string | null> {
  await desk.quote('BTC-USDT');
  await desk.signal({ signalId });
  await runGate(desk.ports, 'paper');
  return (await desk.signals()).find((one) => one.signalId === signalId)?.rejectionReason ?? null;
}

test('RSK-01 RSK-120 a tighter limit holds at once, a looser one after 60 s', async () => {
  await desk.seed();
  expect(await set({ maxPositionQuote: money('50') })).toMatchObject({ ok: true, code: 'set' });
  expect(await ask('tight')).toBe('allocation');
  expect(await set({ maxPositionQuote: money('200') })).toMatchObject({ code: 'pending' });
  expect(await ask('still-tight')).toBe('allocation');
  desk.ledger.pass(60_000);
  expect(await ask('looser')).toBeNull();
});

test('RSK-120 what breaks a rule changes nothing and keeps what was valid', async () => {
  await desk.seed();
  await set({ tradesPerDay: 20 });
  const before = await limits();
  expect(await set({ symbolPct: 1 })).toMatchObject({ ok: false, code: 'invalid_limits' });
  expect(await limits()).toEqual(before);
});

test('RSK-03 RSK-T19 a live book takes no unlimited limit and does not ignore its daily loss', async () => {
  await desk.seed({ book: { mode: 'full' } });
  expect(await set({ ignoreDailyLoss: true })).toMatchObject({ code: 'invalid_limits' });
  expect(await set({ tradesPerDay: null })).toMatchObject({ code: 'invalid_limits' });
  expect(await limits()).toBeUndefined();
});

test('RSK-01 nothing is loosened while a breaker is open, tightening goes on', async () => {
  await desk.seed();
  const breaker = desk.ledger.store.firestore.doc('breakers/binance-trading');
  await breaker.set({ status: 'OPEN' });
  expect(await set({ maxOpenPositions: 5 })).toMatchObject({ ok: false, code: 'breaker_open' });
  expect(await set({ maxOpenPositions: 2 })).toMatchObject({ ok: true });
  await breaker.set({ status: 'CLOSED' });
  expect(await set({ maxOpenPositions: 5 })).toMatchObject({ ok: true, code: 'pending' });
});

const mode = (to: 'small' | 'full') =>
  handleSetMode(desk.ports, { commandId, bookId: 'paper', mode: to, reason: REASON });

test('RSK-06 ARC-32 a paper book stays one, and the way down is open at once', async () => {
  await desk.seed();
  expect(await mode('full')).toMatchObject({ ok: false, code: 'paper_for_life' });
  await desk.seed({ book: { mode: 'full' } });
  expect(await mode('small')).toMatchObject({ ok: true, code: 'set' });
  expect((await desk.bookNow()).mode).toBe('small');
});

test('RSK-06 OPS-60 the way up needs everything, and nothing overrides it', async () => {
  await desk.seed({ book: { mode: 'small' } });
  const refused = await mode('full');
  expect(refused).toMatchObject({ ok: false, code: 'not_ready' });
  expect(refused.message).toMatch(/gates/);

  const { store } = desk.ledger;
  const now = desk.ledger.clock.wallNow();
  const gates = Array.from({ length: 22 }, (_, i) => [`G${String(i + 1).padStart(2, '0')}`, true]);
  await store.set(paths.config('gates'), gateResultDoc, {
    ...{ at: now, version: 'local', gates: Object.fromEntries(gates) as Record<string, boolean> },
    evidence: {},
  });
  await store.set(paths.book('paper'), bookDoc, {
    ...(await desk.bookNow()),
    createdAt: epochMs(now - 15 * 86_400_000),
  });
  const sums = { ...performanceInit, trades: 40, net: money('100') };
  const { grade, ...figures } = figuresOf(sums, money('10000'));
  expect(grade).not.toBeNull();
  await store.set(paths.performance('paper', 'book'), performanceDoc, {
    ...{ bookId: 'paper', scope: 'book', counted: [], recomputedAt: null, updatedAt: NOW },
    ...{ sums: { ...sums, days: {}, hours: {} }, figures: { ...figures, grade: null } },
  });
  expect(await mode('full')).toMatchObject({ ok: false });
  expect((await desk.bookNow()).mode).toBe('small');

  const risk = await desk.riskNow();
  const reconciliation = { at: now, failures: 0, criticals: 0, recovering: false };
  await store.set(paths.riskState('paper'), riskStateDoc, { ...risk, reconciliation });
  expect(await mode('full')).toMatchObject({ ok: true, code: 'set' });
  expect((await desk.bookNow()).mode).toBe('full');
});

test('RSK-66 an admin enables a disabled strategy, and its counts begin anew', async () => {
  const disabled = { at: NOW, reason: 'order_failures', detail: 'ten in a row' } as const;
  const trader = { ...traderInit, failures: 10, slippages: [], days: [], disabled };
  await desk.seed({ risk: { traders: { trend: trader } } });
  expect(await ask('before')).toBe('disabled');
  const request = { commandId, bookId: 'paper', strategyId: 'trend', reason: REASON };
  expect(await handleEnableStrategy(desk.ports, request)).toMatchObject({ code: 'enabled' });
  expect(await handleEnableStrategy(desk.ports, request)).toMatchObject({ code: 'not_disabled' });
  expect(await ask('after')).toBeNull();
});

test('RSK-55 budgets together fit into equity', async () => {
  await desk.seed();
  const allot = (strategyId: string, amount: string) =>
    handleAllocateBudget(
      desk.ports,
      { commandId, bookId: 'paper', strategyId, amount: money(amount) },
      'admin',
    );
  expect(await allot('trend', '6000')).toMatchObject({ ok: true });
  expect(await allot('other', '4000.01')).toMatchObject({ ok: false, code: 'over_equity' });
  expect(await allot('other', '4000')).toMatchObject({ ok: true });
  expect(await allot('trend', '5000')).toMatchObject({ ok: true });
  const stored = await desk.ledger.store.get(paths.budget('paper', 'trend'), budgetDoc);
  expect(stored).toMatchObject({ allocated: money('5000'), used: money('0'), setBy: 'admin' });
});
