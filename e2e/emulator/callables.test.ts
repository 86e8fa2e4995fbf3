import { silentLog } from '@tradewind/adapters/telemetry/log';
import type { CommandReply } from '@tradewind/contracts/callables';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { signalDoc } from '@tradewind/contracts/documents/execution';
import { alertDoc, auditDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import { money, price } from '@tradewind/core/lib/units';
import { randomUUID } from 'node:crypto';
import { handleStartBot, handleStopBot } from '../../functions/src/bots/handle-set-bot-status.ts';
import { handleSimulateBotTrade } from '../../functions/src/bots/handle-simulate-bot-trade.ts';
import { handleCallable, type Caller } from '../../functions/src/callables/handle-callable.ts';
import { handleAcknowledgeAlert } from '../../functions/src/notifications/handle-acknowledge-alert.ts';
import { handleSyncOrdersNow } from '../../functions/src/sync/handle-sync-orders-now.ts';
import { book, bot, NOW, riskState } from './documents.ts';
import { createFakeVenue } from './fake-venue.ts';
import { openLedger } from './open-ledger.ts';
import { putPrice } from './put-price.ts';

const ledger = openLedger('callables', NOW);
const { store, clock } = ledger;
const venue = createFakeVenue({ cash: money('10000'), price: price('100'), now: clock.wallNow });
const ports = { ...ledger, venueOf: () => Promise.resolve(venue) };
const deps = { store, log: silentLog, wallNow: clock.wallNow };
const trader: Caller = { uid: 'u1', email: 'trader@example.com', role: 'trader' };
const done: CommandReply = { ok: true, code: 'done', message: 'Done.', id: 'x' };

beforeEach(ledger.clear);
afterAll(ledger.close);

const start = (
  call: { caller?: Caller | undefined; data?: unknown },
  handler: () => Promise<CommandReply> = async () => done,
) =>
  handleCallable(
    { name: 'startBot', caller: 'caller' in call ? call.caller : trader, data: call.data },
    handler,
    deps,
  );

const request = (changes: object = {}): object => ({
  commandId: randomUUID(),
  botId: 'trend',
  ...changes,
});

describe('handleCallable', () => {
  test('ARC-60 a caller who is not signed in is unauthenticated', async () => {
    const result = await start({ caller: undefined, data: request() });
    expect(result).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
  });

  test.each(['viewer', undefined, 'owner', 'Admin'])(
    'ARC-60 a caller with the role %j may not trade, and hears which role may',
    async (role) => {
      const result = await start({ caller: { ...trader, role }, data: request() });
      if (result.ok) throw new Error('it was allowed');
      expect(result.error.code).toBe('permission-denied');
      expect(result.error.message).toContain('trader');
    },
  );

  test('a higher role may do what a lower one may', async () => {
    const result = await start({ caller: { ...trader, role: 'admin' }, data: request() });
    expect(result).toEqual({ ok: true, value: done });
  });

  test('ARC-06 ARC-27 a malformed request is refused with every fault by field, and nothing is done', async () => {
    let calls = 0;
    const data = { commandId: 'no uuid', botId: '../x', extra: 1 };
    const result = await start({ data }, async () => {
      calls += 1;
      return done;
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid-argument' } });
    const fields = !result.ok ? (result.error.faults ?? []).map(({ field }) => field) : [];
    expect(fields).toEqual(expect.arrayContaining(['commandId', 'botId', 'request']));
    expect(calls).toBe(0);
  });

  test.each([undefined, null, 5, 'startBot', []])('%j is no request', async (data) => {
    const result = await start({ data });
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid-argument' } });
  });

  test('ARC-61 the same command again gets the first reply and is not done again', async () => {
    let calls = 0;
    const data = request();
    const handler = async (): Promise<CommandReply> => ({ ...done, message: `${(calls += 1)}` });
    const first = await start({ data }, handler);
    const second = await start({ data }, handler);
    expect(second).toEqual(first);
    expect(calls).toBe(1);
  });

  test('ARC-61 the same id for another request is refused', async () => {
    const commandId = randomUUID();
    await start({ data: request({ commandId }) });
    const other = await start({ data: request({ commandId, botId: 'other' }) });
    expect(other).toMatchObject({ ok: false, error: { code: 'already-exists' } });
  });

  test('one user’s reply is not shown to another', async () => {
    const data = request();
    await start({ data });
    const other = await start({ caller: { ...trader, uid: 'u2' }, data });
    expect(other).toMatchObject({ ok: false, error: { code: 'already-exists' } });
  });

  test('a repeat while the first call runs is told to wait; after a crash it runs', async () => {
    const data = request();
    let repeat: unknown;
    const first = start({ data }, async () => {
      repeat = await start({ data });
      return done;
    });
    await first;
    expect(repeat).toMatchObject({ ok: false, error: { code: 'aborted' } });

    const crashed = request();
    const never = start({ data: crashed }, () => new Promise(() => {}));
    void never;
    const path = paths.command(Reflect.get(crashed, 'commandId') as string);
    while (!(await store.firestore.doc(path).get()).exists);
    expect(await start({ data: crashed })).toMatchObject({ error: { code: 'aborted' } });
    ledger.pass(60_001);
    expect(await start({ data: crashed })).toEqual({ ok: true, value: done });
  });

  test('a command that throws can be repeated with its id at once', async () => {
    const data = request();
    await expect(
      start({ data }, async () => {
        throw new Error('the venue is away');
      }),
    ).rejects.toThrow('the venue is away');
    expect(await start({ data })).toEqual({ ok: true, value: done });
  });

  describe('ARC-62 a user gives at most 60 commands within a minute', () => {
    const sixty = async (): Promise<void> => {
      for (let each = 0; each < 60; each += 1)
        expect(await start({ data: request() })).toMatchObject({ ok: true });
    };

    test('one more is refused before anything is done, and says when to come again', async () => {
      await sixty();
      let calls = 0;
      const data = request();
      const handler = async (): Promise<CommandReply> => {
        calls += 1;
        return done;
      };
      const result = await start({ data }, handler);
      expect(result).toMatchObject({ ok: false, error: { code: 'resource-exhausted' } });
      expect(!result.ok && result.error.message).toContain('Try again in 60 s');
      expect(calls).toBe(0);
      ledger.pass(60_000);
      expect(await start({ data }, handler)).toEqual({ ok: true, value: done });
    });

    test('others are not held up, and neither is what takes risk away', async () => {
      await sixty();
      expect(await start({ caller: { ...trader, uid: 'u2' }, data: request() })).toMatchObject({
        ok: true,
      });
      const urgent = { commandId: randomUUID(), flatten: true };
      expect(
        await handleCallable(
          { name: 'emergencyCancel', caller: trader, data: urgent },
          async () => done,
          deps,
        ),
      ).toEqual({ ok: true, value: done });
    });

    test('the same command again counts once', async () => {
      const data = request();
      for (let each = 0; each < 61; each += 1)
        expect(await start({ data })).toMatchObject({ ok: true });
      expect(await start({ data: request() })).toMatchObject({ ok: true });
    });
  });

  test('every command leaves an audit record with actor, target and result', async () => {
    const data = request();
    await start({ data });
    const [audit] = await store.query(store.firestore.collection(paths.auditLog), auditDoc);
    expect(audit).toMatchObject({
      auditId: Reflect.get(data, 'commandId') as string,
      actor: 'trader@example.com (u1)',
      action: 'startBot',
      target: 'trend',
      result: { ok: 'true', code: 'done' },
    });
  });
});

describe('bot commands', () => {
  beforeEach(async () => {
    await store.set(paths.book('paper'), bookDoc, book());
    await store.set(paths.riskState('paper'), riskStateDoc, riskState());
    await store.set(paths.bot('trend'), botDoc, bot({ status: 'STOPPED' }));
  });

  test('a bot starts and stops; again changes nothing', async () => {
    expect(await handleStartBot(ports, 'trend')).toMatchObject({ ok: true, code: 'running' });
    expect(await handleStartBot(ports, 'trend')).toMatchObject({ ok: true, code: 'unchanged' });
    expect(await handleStopBot(ledger, 'trend')).toMatchObject({ ok: true, code: 'stopped' });
    expect((await store.get(paths.bot('trend'), botDoc))?.status).toBe('STOPPED');
  });

  test('STR-14 a sensitive bot does not start in a live book', async () => {
    await store.set(paths.book('paper'), bookDoc, book({ mode: 'small', origin: 'live' }));
    expect(await handleStartBot(ports, 'trend')).toMatchObject({ ok: false, code: 'refused' });
  });

  test('a bot that does not exist is named', async () => {
    const reply = await handleStartBot(ports, 'nobody');
    expect(reply.ok).toBe(false);
    expect(reply.message).toContain('nobody');
  });

  const trade = (commandId: string) =>
    handleSimulateBotTrade(ledger, { commandId, botId: 'trend', action: 'BUY', by: 'me' });

  const givePrice = () =>
    putPrice(ledger, {
      marketKey: 'binance_spot_BTC-USDT',
      symbol: 'BTC-USDT',
      price: price('100'),
      at: NOW,
    });

  test('a forced trade writes one pending signal, however often it is called', async () => {
    await givePrice();
    const reply = await trade('c1');
    await trade('c1');
    const signals = await store.query(
      store.firestore.collection(paths.signals('paper')),
      signalDoc,
    );
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({
      signalId: reply.id,
      action: 'ENTER',
      executionStatus: 'PENDING',
      expectedPrice: price('100'),
    });
  });

  test('ARC-63 a forced trade is refused on a live book', async () => {
    await givePrice();
    await store.set(paths.book('paper'), bookDoc, book({ mode: 'full', origin: 'live' }));
    expect(await trade('c2')).toMatchObject({ ok: false, code: 'live_book' });
    const signals = await store.query(
      store.firestore.collection(paths.signals('paper')),
      signalDoc,
    );
    expect(signals).toEqual([]);
  });

  test('ARC-26 without a price there is no forced trade', async () => {
    expect(await trade('c3')).toMatchObject({ ok: false, code: 'no_price' });
  });
});

test('an alert is acknowledged once, with who and when', async () => {
  const alertId = await raiseAlert(store, {
    rule: 'test',
    severity: 'WARNING',
    message: 'Look here',
    details: {},
    bookId: null,
    symbol: null,
    now: clock.wallNow(),
  });
  expect(await handleAcknowledgeAlert(ledger, { alertId, by: 'me' })).toMatchObject({ ok: true });
  expect(await handleAcknowledgeAlert(ledger, { alertId, by: 'you' })).toMatchObject({
    code: 'unchanged',
  });
  expect(await store.get(paths.alert(alertId), alertDoc)).toMatchObject({
    state: 'ACKNOWLEDGED',
    acknowledgedBy: 'me',
    acknowledgedAt: clock.wallNow(),
  });
});

test('EXE-46 orders are synchronised by hand at most once per 5 s', async () => {
  let passes = 0;
  const sync = () =>
    handleSyncOrdersNow({ store, clock, actor: 'test' }, async () => {
      passes += 1;
    });
  expect((await sync()).code).toBe('synced');
  ledger.pass(4_999);
  expect((await sync()).code).toBe('too_soon');
  ledger.pass(1);
  expect((await sync()).code).toBe('synced');
  expect(passes).toBe(2);
});
