import type { CommandReply } from '@tradewind/contracts/callables';
import { callables } from '@tradewind/contracts/callables';
import { bookDoc, positionDoc } from '@tradewind/contracts/documents/book';
import { botDoc, strategyStateDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import { money } from '@tradewind/core/lib/units';
import { randomUUID } from 'node:crypto';
import { handleCreateBot } from '../../functions/src/bots/handle-create-bot.ts';
import { handleDeleteBot } from '../../functions/src/bots/handle-delete-bot.ts';
import { handleStopAllBots } from '../../functions/src/bots/handle-stop-all-bots.ts';
import { handleUpdateBot } from '../../functions/src/bots/handle-update-bot.ts';
import { book, bot, NOW, position } from './documents.ts';
import { openLedger } from './open-ledger.ts';

const BTC = 'binance_spot_BTC-USDT';
const ledger = openLedger('bot-callables', NOW);
const { store } = ledger;

beforeEach(async () => {
  await ledger.clear();
  await store.set(paths.book('paper'), bookDoc, book());
});
afterAll(ledger.close);

const trader = { role: 'trader' } as const;
const create = (changes: object = {}, role: 'trader' | 'admin' = 'trader') =>
  handleCreateBot(
    ledger,
    callables.createBot.request.parse({
      commandId: randomUUID(),
      bookId: 'paper',
      marketKey: BTC,
      preset: 'conservative',
      settings: { name: 'Mine' },
      ...changes,
    }),
    { role },
  );
const update = (settings: object) =>
  handleUpdateBot(
    ledger,
    callables.updateBot.request.parse({ commandId: randomUUID(), botId: 'trend', settings }),
    trader,
  );
const botOf = async ({ id }: CommandReply) => {
  const found = await store.get(paths.bot(id ?? ''), botDoc);
  if (found === undefined) throw new Error('there is no such bot');
  return found;
};

describe('createBot', () => {
  test('STR-10 STR-20 makes a stopped bot with the numbers of its preset, but for those that are named', async () => {
    const made = await create({ settings: { name: 'Mine', stopLossPct: 3 } });
    expect(await botOf(made)).toMatchObject({
      status: 'STOPPED',
      symbol: 'BTC-USDT',
      confirmationMinutes: 10,
      positionSizeQuote: money('50'),
      stopLossPct: 3,
      version: 1,
    });
  });

  test('ARC-61 done twice under one command id, it makes one bot', async () => {
    const commandId = randomUUID();
    const first = await create({ commandId });
    expect(await create({ commandId })).toEqual(first);
    expect(await store.query(store.firestore.collection(paths.bots), botDoc)).toHaveLength(1);
  });

  test('STR-10 one name and market has one bot in a book', async () => {
    await create();
    expect(await create()).toMatchObject({ ok: false, code: 'exists' });
    expect(await create({ marketKey: 'binance_spot_ETH-USDT' })).toMatchObject({ ok: true });
    expect(await create({ settings: { name: 'Other' } })).toMatchObject({ ok: true });
  });

  test('STR-22 in a small book a bot trades 12.5 by its preset, a trader may name 25 and an admin more', async () => {
    await store.set(paths.book('paper'), bookDoc, book({ mode: 'small', origin: 'live' }));
    expect(await botOf(await create())).toMatchObject({ positionSizeQuote: money('12.5') });
    const named = (name: string, positionSizeQuote: string) => ({
      settings: { name, positionSizeQuote },
    });
    expect(await create(named('a', '25'))).toMatchObject({ ok: true });
    expect(await create(named('b', '25.01'))).toMatchObject({ ok: false, code: 'refused' });
    expect(await create(named('b', '25.01'), 'admin')).toMatchObject({ ok: true });
  });

  test('STR-14 a live book takes no bot with the sensitive temperature table', async () => {
    await store.set(paths.book('paper'), bookDoc, book({ mode: 'full', origin: 'live' }));
    const reply = await create({ settings: { name: 'x', temperatureTable: 'sensitive' } });
    expect(reply).toMatchObject({ ok: false, code: 'refused' });
    expect(reply.message).toContain('production');
  });

  test('STR-10 STR-11 settings outside their ranges are refused with every fault', () => {
    const parsed = callables.createBot.request.safeParse({
      commandId: randomUUID(),
      bookId: 'paper',
      marketKey: BTC,
      preset: 'balanced',
      settings: { stopLossPct: 0, cooldownMinutes: 0, maxPositions: 6, more: 1 },
    });
    const fields = parsed.error?.issues.map(({ path }) => path.join('.'));
    expect(fields).toEqual(
      expect.arrayContaining([
        'settings.name',
        'settings.stopLossPct',
        'settings.cooldownMinutes',
        'settings.maxPositions',
        'settings',
      ]),
    );
  });

  test('a book that does not exist is named', async () => {
    const reply = await create({ bookId: 'nowhere' });
    expect(reply).toMatchObject({ ok: false, code: 'no_book' });
    expect(reply.message).toContain('nowhere');
  });
});

describe('updateBot', () => {
  beforeEach(() => store.set(paths.bot('trend'), botDoc, bot()));

  test('STR-07 makes the next version and keeps what was, immutable', async () => {
    expect(await update({ cooldownMinutes: 7 })).toMatchObject({ ok: true });
    expect(await update({ cooldownMinutes: 9 })).toMatchObject({ ok: true });
    const versions = await Promise.all(
      [0, 1, 2].map((version) => store.get(paths.botVersion('trend', version), botDoc)),
    );
    expect(versions.map((version) => version?.cooldownMinutes)).toEqual([1, 7, 9]);
    expect(await store.get(paths.bot('trend'), botDoc)).toMatchObject({
      cooldownMinutes: 9,
      version: 2,
      status: 'RUNNING',
    });
  });

  test('nothing to change is refused before anything is done', () => {
    const request = { commandId: randomUUID(), botId: 'trend', settings: {} };
    expect(callables.updateBot.request.safeParse(request).success).toBe(false);
  });

  test('STR-14 a live book refuses the sensitive table here as well, and nothing is written', async () => {
    await store.set(paths.bot('trend'), botDoc, bot({ temperatureTable: 'production' }));
    await store.set(paths.book('paper'), bookDoc, book({ mode: 'small', origin: 'live' }));
    const reply = await update({ temperatureTable: 'sensitive' });
    expect(reply).toMatchObject({ ok: false, code: 'refused' });
    expect((await store.get(paths.bot('trend'), botDoc))?.version).toBe(0);
  });
});

describe('deleteBot', () => {
  test('takes a stopped bot away with its state, and keeps its versions', async () => {
    const stopped = bot({ status: 'STOPPED' });
    await store.set(paths.bot('trend'), botDoc, stopped);
    await store.set(paths.botVersion('trend', 0), botDoc, stopped);
    await store.set(paths.strategyState('trend', BTC), strategyStateDoc, {
      ...{ strategyId: 'trend', marketKey: BTC, botVersion: 0, state: '{}' },
      told: { signals: [], position: null },
      ...{ lastBarCloseAt: NOW, updatedAt: NOW },
    });
    expect(await handleDeleteBot(ledger, 'trend')).toMatchObject({ ok: true, code: 'deleted' });
    expect(await store.get(paths.bot('trend'), botDoc)).toBeUndefined();
    expect(await store.get(paths.strategyState('trend', BTC), strategyStateDoc)).toBeUndefined();
    expect(await store.get(paths.botVersion('trend', 0), botDoc)).toEqual(stopped);
    expect(await handleDeleteBot(ledger, 'trend')).toMatchObject({ code: 'not_found' });
  });

  test('a bot that runs, or holds something, stays', async () => {
    await store.set(paths.bot('trend'), botDoc, bot());
    expect(await handleDeleteBot(ledger, 'trend')).toMatchObject({ code: 'running' });
    await store.set(paths.bot('trend'), botDoc, bot({ status: 'STOPPED' }));
    await store.set(paths.position('paper', 'p1'), positionDoc, position());
    expect(await handleDeleteBot(ledger, 'trend')).toMatchObject({ code: 'in_use' });
    expect(await store.get(paths.bot('trend'), botDoc)).toBeDefined();
  });
});

describe('stopAllBots', () => {
  const statuses = async () => {
    const bots = await store.firestore.collection(paths.bots).get();
    return Object.fromEntries(bots.docs.map((one) => [one.id, one.get('status') as string]));
  };
  beforeEach(async () => {
    for (const [botId, bookId] of [
      ['a', 'paper'],
      ['b', 'paper'],
      ['c', 'other'],
    ] as const)
      await store.set(paths.bot(botId), botDoc, bot({ botId, bookId }));
    await store.set(paths.book('other'), bookDoc, book({ bookId: 'other' }));
  });

  test('stops the bots of one book, or of all', async () => {
    expect(await handleStopAllBots(ledger, 'paper')).toMatchObject({ ok: true });
    expect(await statuses()).toEqual({ a: 'STOPPED', b: 'STOPPED', c: 'RUNNING' });
    expect(await handleStopAllBots(ledger, undefined)).toMatchObject({ ok: true });
    expect(await statuses()).toEqual({ a: 'STOPPED', b: 'STOPPED', c: 'STOPPED' });
  });

  test('a malformed bot is stopped as well, and keeps no other from it', async () => {
    await store.firestore.doc(paths.bot('a')).update({ stopLossPct: 'much' });
    const reply = await handleStopAllBots(ledger, undefined);
    expect(reply.items).toHaveLength(3);
    expect(new Set(Object.values(await statuses()))).toEqual(new Set(['STOPPED']));
  });
});
