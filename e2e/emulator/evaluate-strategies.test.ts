import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { strategyStateDoc, strategyStatusDoc } from '@tradewind/contracts/documents/bot';
import { evaluationsDoc } from '@tradewind/contracts/documents/evaluation';
import { signalDoc } from '@tradewind/contracts/documents/execution';
import {
  strategyDoc,
  strategyVersionDoc,
  type StrategyDoc,
} from '@tradewind/contracts/documents/strategy';
import { alertDoc } from '@tradewind/contracts/documents/system';
import { evaluationId, paths } from '@tradewind/contracts/paths';
import { weightedFields } from '@tradewind/core/strategy/weighted/params';
import * as z from 'zod';
import { handleEvaluateBots } from '../../functions/src/cycle/handle-evaluate-bots.ts';
import { whyIn } from '../../tools/src/cli/why.ts';
import { MINUTE, openCycleDesk, T0, type CycleDesk } from './cycle-desk.ts';
import { bot, riskState, strategy, strategyVersion } from './documents.ts';

const KEY = 'binance_spot_BTC-USDT';

let desk: CycleDesk;
beforeEach(async () => {
  desk = await openCycleDesk('evaluate-strategies');
});
afterEach(() => desk.ledger.close());

const evaluate = (...botIds: string[]) =>
  handleEvaluateBots(desk.ports, { bookId: 'paper', botIds });
const PARAMS = z.object(weightedFields).omit({ allowShort: true }).parse(bot());

/** Saves a strategy that decides as the bot does. */
async function save(changes: Partial<StrategyDoc> = {}): Promise<void> {
  const { store } = desk.ledger;
  const doc = strategy({ strategy: { id: 'weighted', params: PARAMS }, ...changes });
  await store.set(paths.strategy(doc.strategyId), strategyDoc, doc);
  await store.set(
    paths.strategyVersion(doc.strategyId, doc.version),
    strategyVersionDoc,
    strategyVersion(doc),
  );
}
const signals = () =>
  desk.ledger.store.query(
    desk.ledger.store.firestore.collection(paths.signals('paper')),
    signalDoc,
  );
const evaluations = (strategyId: string, openAt: number) =>
  desk.ledger.store.get(
    paths.evaluationHour('paper', evaluationId(strategyId, KEY, openAt)),
    evaluationsDoc,
  );
const status = () => desk.ledger.store.get(paths.strategyStatus('cross', KEY), strategyStatusDoc);

test('STR-05 a strategy document decides as a bot of the same settings does', async () => {
  await save();
  await evaluate('trend', 'cross');
  const found = await signals();
  expect(found.map(({ strategyId }) => strategyId).sort()).toEqual(['cross', 'trend']);
  const [first, second] = found.map(({ score, confidence, reasons, barCloseAt }) => ({
    ...{ score, confidence, reasons, barCloseAt },
  }));
  expect(first).toEqual(second);
  expect(await status()).toMatchObject({ status: 'RUNNING', canTrade: true, lastBarCloseAt: T0 });
});

test('STR-04 each bar is recorded with what it saw, one document an hour', async () => {
  await evaluate('trend');
  desk.ledger.pass(MINUTE);
  await evaluate('trend');
  const before = await evaluations('trend', T0 - MINUTE);
  expect(before?.entries.at(-1)).toMatchObject({ at: T0, action: 'ENTER', sent: true, fed: 1 });
  expect(before?.entries[0]?.state).toContain('"making"');
  const after = await evaluations('trend', T0);
  expect(after?.entries).toMatchObject([
    {
      at: T0 + MINUTE,
      action: 'HOLD',
      facts: { pendingOrder: true },
      made: { strategy: 'weighted', document: 0 },
      view: { temperature: 'HOT' },
    },
  ]);
  expect(after?.latest.find(({ gate }) => gate === 'pendingOrder')?.passes).toBe(false);
});

test('STR-04 tw why says what stands in the way, and when that began', async () => {
  const why = () => whyIn(desk.ledger.store, { strategyId: 'trend', bookId: 'paper', last: 5 });
  expect(await why()).toMatchObject({ ok: false });
  await evaluate('trend');
  desk.ledger.pass(MINUTE);
  await evaluate('trend');
  const { ok, text } = await why();
  expect(ok).toBe(true);
  expect(text).toContain('trend on BTC-USDT');
  expect(text).toContain('✘ pendingOrder: true, needs false');
  expect(text).toContain(' ENTER');
});

test('evaluated at the same time by several, a bar is recorded once', async () => {
  await Promise.all([evaluate('trend'), evaluate('trend')]);
  const hour = await evaluations('trend', T0 - MINUTE);
  const closes = hour?.entries.map(({ at }) => at) ?? [];
  expect(closes).toEqual([...new Set(closes)]);
});

test('STR-91 a paused strategy enters nothing and says so', async () => {
  await save({ status: 'PAUSED' });
  await evaluate('cross');
  expect(await signals()).toEqual([]);
  expect(await status()).toMatchObject({ status: 'PAUSED', canTrade: false });
});

test('STR-06 one that cannot be made ready stops on its market, with an alert; bots go on', async () => {
  const { store } = desk.ledger;
  await save({ strategy: { id: 'no-such-strategy', params: {} } });
  for (let i = 0; i < 3; i += 1) await evaluate('cross', 'trend');
  expect(await status()).toMatchObject({ failures: 3, block: { reason: 'strategy_error' } });
  expect(await store.query(store.firestore.collection(paths.alerts), alertDoc)).toMatchObject([
    { rule: 'strategy_stopped', severity: 'CRITICAL' },
  ]);
  expect((await signals()).map(({ strategyId }) => strategyId)).toEqual(['trend']);
});

test('a market without an instrument halts whoever decides there, and stops nobody', async () => {
  await save({ marketKeys: ['binance_spot_ETH-USDT'] });
  for (let i = 0; i < 4; i += 1) await evaluate('cross');
  const halted = await desk.ledger.store.get(
    paths.strategyStatus('cross', 'binance_spot_ETH-USDT'),
    strategyStatusDoc,
  );
  expect(halted).toMatchObject({ failures: 0, block: { reason: 'halted' } });
});

test('STR-17 the state waits for the book: an emergency stop does not undo what was confirmed', async () => {
  const { store } = desk.ledger;
  await store.set(paths.riskState('paper'), riskStateDoc, riskState({ emergencyStop: true }));
  await evaluate('trend');
  expect(await signals()).toEqual([]);
  await store.set(paths.riskState('paper'), riskStateDoc, riskState());
  desk.ledger.pass(MINUTE);
  await evaluate('trend');
  expect(await signals()).toHaveLength(1);
  const known = await store.get(paths.strategyState('trend', KEY), strategyStateDoc);
  expect(known?.told.signals).toMatchObject([{ action: 'ENTER', status: null }]);
});
