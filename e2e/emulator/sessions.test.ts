import { runGate } from '@tradewind/adapters/execution/run-gate';
import { callables } from '@tradewind/contracts/callables';
import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { strategyStateDoc } from '@tradewind/contracts/documents/bot';
import { limitsDoc } from '@tradewind/contracts/documents/risk';
import { sessionDoc } from '@tradewind/contracts/documents/session';
import {
  strategyDoc,
  strategyVersionDoc,
  type StrategyDoc,
} from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { money } from '@tradewind/core/lib/units';
import { LIMITS } from '@tradewind/core/risk/limits';
import { randomUUID } from 'node:crypto';
import {
  handlePauseSession,
  handleResumeSession,
} from '../../functions/src/sessions/handle-pause-session.ts';
import { reviewSessions } from '../../functions/src/sessions/review-sessions.ts';
import { handleStartSession } from '../../functions/src/sessions/handle-start-session.ts';
import { handleStopSession } from '../../functions/src/sessions/handle-stop-session.ts';
import { book, NOW, riskState, strategy, strategyVersion } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

const ETH = 'binance_spot_ETH-USDT';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`sessions-${projects}`);
  await desk.ledger.clear();
  await desk.seed({ symbols: ['BTC-USDT', 'ETH-USDT'] });
  await put({ strategyId: 'btc' });
  await put({ strategyId: 'eth', marketKeys: [ETH] });
});
afterEach(() => desk.ledger.close());

async function put(changes: Partial<StrategyDoc>): Promise<void> {
  const { store } = desk.ledger;
  const doc = strategy({ status: 'STOPPED', ...changes });
  await store.set(paths.strategy(doc.strategyId), strategyDoc, doc);
  await store.set(
    paths.strategyVersion(doc.strategyId, doc.version),
    strategyVersionDoc,
    strategyVersion(changes),
  );
}

const start = (changes: object = {}) =>
  handleStartSession(
    desk.ports,
    callables.startSession.request.parse({
      commandId: randomUUID(),
      bookId: 'paper',
      mode: 'paper',
      symbols: ['BTC-USDT', 'ETH-USDT'],
      strategyIds: ['btc', 'eth'],
      initialCapital: '1000',
      ...changes,
    }),
    { name: 'me' },
  );
const started = async (changes: object = {}): Promise<string> => {
  const reply = await start(changes);
  if (!reply.ok || reply.id === undefined) throw new Error(reply.message);
  return reply.id;
};
const stop = (sessionId: string, closePositions: boolean) =>
  handleStopSession(desk.ports, { commandId: randomUUID(), sessionId, closePositions });
const session = async (sessionId: string) => {
  const found = await desk.ledger.store.get(paths.session(sessionId), sessionDoc);
  if (found === undefined) throw new Error('there is no such session');
  return found;
};
const statuses = async () =>
  Promise.all(
    ['btc', 'eth'].map(
      async (id) => (await desk.ledger.store.get(paths.strategy(id), strategyDoc))?.status,
    ),
  );
const states = async () =>
  (
    await desk.ledger.store.query(
      desk.ledger.store.firestore.collection('strategyStates'),
      strategyStateDoc,
    )
  ).map(({ strategyId }) => strategyId);
const enter = async (): Promise<void> => {
  await desk.signal({ strategyId: 'btc' });
  await runGate(desk.ports, 'paper');
  await desk.drain();
};
const leave = async (): Promise<void> => {
  await desk.signal({ strategyId: 'btc', action: 'EXIT' });
  await runGate(desk.ports, 'paper');
  await desk.drain();
};

describe('startSession', () => {
  test('STR-90 provisions its strategies and runs them together', async () => {
    const sessionId = await started();
    expect(await session(sessionId)).toMatchObject({
      status: 'RUNNING',
      type: 'paper',
      initialBalance: money('1000'),
      totalTrades: 0,
      createdBy: 'me',
    });
    expect(await statuses()).toEqual(['RUNNING', 'RUNNING']);
    expect(await states()).toEqual(['btc', 'eth']);
  });

  test('ARC-61 the same command again gets the same session', async () => {
    const commandId = randomUUID();
    const first = await start({ commandId });
    expect(await start({ commandId })).toEqual(first);
  });

  test('STR-90 lists everything that is wrong with it, and changes nothing', async () => {
    await put({ strategyId: 'eth', marketKeys: [ETH], status: 'RUNNING' });
    // What an admin set holds, not what the mode has by itself.
    await desk.ledger.store.set(paths.riskLimits('paper'), limitsDoc, {
      ...{ bookId: 'paper', mode: 'paper', pending: null, setBy: 'me', reason: 'less of it' },
      ...{ limits: { ...LIMITS.paper, maxLeverage: 5 }, updatedAt: NOW, version: 1 },
    });
    const reply = await start({
      mode: 'small',
      symbols: ['BTC-USDT', 'SOL-USDT'],
      strategyIds: ['btc', 'eth', 'nobody'],
      initialCapital: '10000.01',
      leverage: 6,
    });
    expect(reply).toMatchObject({ ok: false, code: 'invalid' });
    expect(reply.items?.map(({ item, result }) => `${item}: ${result}`)).toEqual([
      'mode: Paper is a paper book, not small',
      'initialCapital: Paper has 10000 USDT free, which is less than 10000.01',
      'leverage: 6 is above the ceiling of Paper, 5',
      'strategyIds: Cross is running; only what is stopped or error can be told to start',
      'symbols: Cross trades ETH-USDT, which the session does not name',
      'strategyIds: there is no strategy "nobody"',
      'symbols: no strategy of the session trades SOL-USDT',
    ]);
    expect(await statuses()).toEqual(['STOPPED', 'RUNNING']);
    expect(await states()).toEqual([]);
  });

  test('STR-T15 when the venue cannot be asked, nothing has changed and the session says why', async () => {
    desk.venue.setOffline(true);
    const reply = await start();
    expect(reply).toMatchObject({ ok: false, code: 'error' });
    expect(await session(reply.id ?? '')).toMatchObject({ status: 'ERROR' });
    expect((await session(reply.id ?? '')).error).toContain('could not be compared');
    expect(await statuses()).toEqual(['STOPPED', 'STOPPED']);
    expect(await states()).toEqual([]);
  });

  test('STR-T15 when one strategy cannot be run, none is', async () => {
    await put({
      strategyId: 'eth',
      marketKeys: [ETH],
      strategy: { id: 'sma-cross', params: { fast: 9, slow: 3 } },
    });
    const reply = await start();
    expect(reply).toMatchObject({ ok: false, code: 'invalid' });
    expect(reply.message).toContain('fast must be below slow');
    expect(await statuses()).toEqual(['STOPPED', 'STOPPED']);
    expect(await states()).toEqual([]);
  });

  test('an emergency stop in force keeps sessions from starting', async () => {
    const stopped = riskState({ emergencyStop: true });
    await desk.ledger.store.set(paths.riskState('paper'), riskStateDoc, stopped);
    expect((await start()).message).toContain('emergency stop');
  });

  test('STR-92 a book has one live session at most, and several on paper', async () => {
    await started({ strategyIds: ['btc'], symbols: ['BTC-USDT'] });
    await started({ strategyIds: ['eth'], symbols: ['ETH-USDT'] });

    await desk.ledger.store.set(
      paths.book('paper'),
      bookDoc,
      book({ mode: 'small', origin: 'live' }),
    );
    await put({ strategyId: 'btc' });
    await put({ strategyId: 'eth', marketKeys: [ETH] });
    const live = { mode: 'small' };
    await started({ ...live, strategyIds: ['btc'], symbols: ['BTC-USDT'] });
    const second = await start({ ...live, strategyIds: ['eth'], symbols: ['ETH-USDT'] });
    expect(second).toMatchObject({ ok: false, code: 'live_session' });
  });

  test('of two that start at once, one waits its turn', async () => {
    const replies = await Promise.all([start(), start()]);
    expect(replies.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe('pausing and resuming', () => {
  test('STR-91 a paused session takes its entries back, and a resumed one runs again', async () => {
    const sessionId = await started();
    await desk.signal({ strategyId: 'btc' });
    expect(await handlePauseSession(desk.ports, sessionId)).toMatchObject({ code: 'paused' });
    expect((await desk.signals())[0]).toMatchObject({ executionStatus: 'CANCELLED' });
    expect(await statuses()).toEqual(['PAUSED', 'PAUSED']);
    expect(await handleResumeSession(desk.ports, sessionId)).toMatchObject({ code: 'running' });
    expect(await statuses()).toEqual(['RUNNING', 'RUNNING']);
    expect(await handleResumeSession(desk.ports, sessionId)).toMatchObject({ code: 'refused' });
  });

  test('a strategy that a person has stopped is not resumed with its session', async () => {
    const sessionId = await started();
    await handlePauseSession(desk.ports, sessionId);
    await put({ strategyId: 'eth', marketKeys: [ETH], sessionId });
    await handleResumeSession(desk.ports, sessionId);
    expect(await statuses()).toEqual(['RUNNING', 'STOPPED']);
  });
});

describe('stopSession', () => {
  test('STR-91 with closePositions sells what is held, and sums up', async () => {
    const sessionId = await started();
    await enter();
    desk.ledger.pass(60_000);
    expect(await stop(sessionId, true)).toMatchObject({ ok: true, code: 'stopped' });
    expect((await desk.positions()).map(({ status }) => status)).toEqual(['CLOSED']);
    expect(await statuses()).toEqual(['STOPPED', 'STOPPED']);
    const over = await session(sessionId);
    expect(over).toMatchObject({ status: 'STOPPED', totalTrades: 1, losingTrades: 1, winRate: 0 });
    // Fees on both sides, at the price it was bought for.
    expect(over.totalPnl).toBeLessThan(0n);
    expect(over.currentBalance).toBe(money('1000') + over.totalPnl);
    expect(over.endTime).not.toBeNull();
    await desk.expectAgreement();
  });

  test('STR-91 without it, waits until its strategies have left by themselves', async () => {
    const sessionId = await started();
    await enter();
    expect(await stop(sessionId, false)).toMatchObject({ ok: true, code: 'stopping' });
    expect(await statuses()).toEqual(['PAUSED', 'PAUSED']);
    await reviewSessions(desk.ports);
    expect(await session(sessionId)).toMatchObject({ status: 'STOPPING' });
    await leave();
    await reviewSessions(desk.ports);
    expect(await session(sessionId)).toMatchObject({ status: 'STOPPED', totalTrades: 1 });
    expect(await statuses()).toEqual(['STOPPED', 'STOPPED']);
  });

  test('a session that waits can be told to sell after all; one that is over stays over', async () => {
    const sessionId = await started();
    await enter();
    await stop(sessionId, false);
    expect(await stop(sessionId, true)).toMatchObject({ ok: true, code: 'stopped' });
    expect(await stop(sessionId, true)).toMatchObject({ ok: false, code: 'refused' });
  });

  test('trades of before it, and of others, are not its own', async () => {
    await put({ strategyId: 'btc', status: 'RUNNING' });
    await enter();
    await leave();
    await put({ strategyId: 'btc' });
    desk.ledger.pass(60_000);
    const sessionId = await started();
    await stop(sessionId, true);
    expect(await session(sessionId)).toMatchObject({ status: 'STOPPED', totalTrades: 0 });
  });
});
