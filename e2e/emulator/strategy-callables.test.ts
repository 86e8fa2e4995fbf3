import { callables } from '@tradewind/contracts/callables';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { strategyStateDoc } from '@tradewind/contracts/documents/bot';
import { strategyDoc, strategyVersionDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { randomUUID } from 'node:crypto';
import { handleDeleteStrategy } from '../../functions/src/strategies/handle-delete-strategy.ts';
import { handleSaveStrategy } from '../../functions/src/strategies/handle-save-strategy.ts';
import { handleStrategyCommand } from '../../functions/src/strategies/handle-strategy-command.ts';
import { book } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

const BTC = 'binance_spot_BTC-USDT';
const ETH = 'binance_spot_ETH-USDT';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`strategy-callables-${projects}`);
  await desk.ledger.clear();
  await desk.seed({ symbols: ['BTC-USDT', 'ETH-USDT'] });
});
afterEach(() => desk.ledger.close());

const settings = (changes: object = {}) => ({
  name: 'Cross',
  strategy: { id: 'sma-cross', params: { fast: 3, slow: 6, timeframe: '5m' } },
  marketKeys: [BTC],
  positionSizeQuote: '100',
  maxPositions: 1,
  protection: { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null },
  ...changes,
});
const save = (changes: object = {}, strategyId?: string) =>
  handleSaveStrategy(
    desk.ports,
    callables.saveStrategy.request.parse({
      commandId: randomUUID(),
      bookId: 'paper',
      settings: settings(changes),
      ...(strategyId === undefined ? {} : { strategyId }),
    }),
    { name: 'me' },
  );
const saved = async (changes: object = {}): Promise<string> => {
  const reply = await save(changes);
  if (!reply.ok || reply.id === undefined) throw new Error(reply.message);
  return reply.id;
};
const docOf = async (strategyId: string) => {
  const found = await desk.ledger.store.get(paths.strategy(strategyId), strategyDoc);
  if (found === undefined) throw new Error('there is no such strategy');
  return found;
};
const stateOf = (strategyId: string, key = BTC) =>
  desk.ledger.store.get(paths.strategyState(strategyId, key), strategyStateDoc);
const command = (strategyId: string, verb: 'start' | 'pause' | 'resume' | 'stop') =>
  handleStrategyCommand(desk.ports, strategyId, verb);

describe('saveStrategy', () => {
  test('writes a stopped strategy with its first version; its timeframe follows from its parameters', async () => {
    const strategyId = await saved();
    expect(await docOf(strategyId)).toMatchObject({
      status: 'STOPPED',
      version: 1,
      timeframe: '5m',
    });
    const version = await desk.ledger.store.get(
      paths.strategyVersion(strategyId, 1),
      strategyVersionDoc,
    );
    expect(version).toMatchObject({ codeVersion: '1.0.0', savedBy: 'me', marketKeys: [BTC] });
  });

  test('STR-07 each save is the next version, and those before stay as they were', async () => {
    const strategyId = await saved();
    await save({ strategy: { id: 'sma-cross', params: { fast: 5, slow: 6 } } }, strategyId);
    const { store } = desk.ledger;
    const versions = await Promise.all(
      [1, 2].map((n) => store.get(paths.strategyVersion(strategyId, n), strategyVersionDoc)),
    );
    expect(versions.map((version) => version?.strategy.params['fast'])).toEqual([3, 5]);
    expect(await docOf(strategyId)).toMatchObject({ version: 2, timeframe: '1m' });
  });

  test('lists everything that is wrong, and writes nothing', async () => {
    const reply = await save({
      strategy: { id: 'sma-cross', params: { fast: 1, slow: 'far', more: 1 } },
      marketKeys: [BTC, 'kraken_spot_BTC-EUR'],
    });
    expect(reply).toMatchObject({ ok: false, code: 'invalid' });
    expect(reply.items?.map(({ item }) => item)).toEqual([
      'marketKeys',
      'strategy.params.fast',
      'strategy.params.slow',
      'strategy.params',
    ]);
    const { store } = desk.ledger;
    expect(await store.firestore.collection(paths.strategies).count().get()).toHaveProperty(
      '_data.count',
      0,
    );
  });

  test('names the strategies there are when it does not know one', async () => {
    const reply = await save({ strategy: { id: 'no-such', params: {} } });
    expect(reply.message).toMatch(/there is no strategy "no-such".*sma-cross/);
  });

  test('STR-14 refuses the sensitive temperature table in a live book, and takes it in a paper book', async () => {
    const sensitive = { strategy: { id: 'weighted', params: { temperatureTable: 'sensitive' } } };
    expect(await save(sensitive)).toMatchObject({ ok: true });
    const live = book({ mode: 'small', origin: 'live' });
    await desk.ledger.store.set(paths.book('paper'), bookDoc, live);
    const reply = await save(sensitive);
    expect(reply).toMatchObject({ ok: false, code: 'invalid' });
    expect(reply.message).toContain('sensitive');
  });

  test('keeps a strategy in its book', async () => {
    const strategyId = await saved();
    await desk.ledger.store.set(paths.book('other'), bookDoc, book({ bookId: 'other' }));
    const reply = await handleSaveStrategy(
      desk.ports,
      callables.saveStrategy.request.parse({
        commandId: randomUUID(),
        bookId: 'other',
        strategyId,
        settings: settings(),
      }),
      { name: 'me' },
    );
    expect(reply).toMatchObject({ ok: false, code: 'other_book' });
  });
});

describe('starting, pausing and stopping a strategy', () => {
  test('STR-38 what it reads of trades is named with it: of all versions that may decide while it runs, then of its own', async () => {
    const reading = (condition: string) => ({
      strategy: {
        id: 'five-section',
        params: {
          S1: { conditions: [{ id: 'pump', condition, operator: 'gt', value: 1 }] },
          Z1: { conditions: [{ id: 'rsi', condition: 'RSI_14', operator: 'gt', value: 1 }] },
        },
      },
    });
    const strategyId = await saved(reading('TWPA_120_0'));
    expect(await docOf(strategyId)).toMatchObject({ windows: ['TWPA_120_0'] });
    await command(strategyId, 'start');
    await save(reading('DELTA_90_0'), strategyId);
    expect(await docOf(strategyId)).toMatchObject({ windows: ['TWPA_120_0', 'DELTA_90_0'] });
    await command(strategyId, 'stop');
    await command(strategyId, 'start');
    expect(await docOf(strategyId)).toMatchObject({ windows: ['DELTA_90_0'] });
  });

  test('it starts with a fresh state for each of its markets, and stops again', async () => {
    const strategyId = await saved({ marketKeys: [BTC, ETH] });
    expect(await command(strategyId, 'start')).toMatchObject({ ok: true, code: 'running' });
    expect(await docOf(strategyId)).toMatchObject({ status: 'RUNNING' });
    for (const key of [BTC, ETH])
      expect(await stateOf(strategyId, key)).toMatchObject({ botVersion: 1, lastBarCloseAt: 0 });
    expect(await command(strategyId, 'start')).toMatchObject({ ok: false, code: 'refused' });
    expect(await command(strategyId, 'stop')).toMatchObject({ ok: true, code: 'stopped' });
  });

  test('STR-91 pausing takes back what is not entered yet, and leaves exits alone', async () => {
    const strategyId = await saved({ marketKeys: [BTC, ETH], maxPositions: 2 });
    await command(strategyId, 'start');
    await desk.signal({ strategyId, signalId: 'in' });
    await desk.signal({ strategyId, signalId: 'out', action: 'EXIT', symbol: 'ETH-USDT' });
    await desk.signal({ signalId: 'other' });
    const reply = await command(strategyId, 'pause');
    expect(reply.items).toEqual([{ item: 'signal ENTER BTC-USDT', result: 'cancelled', ok: true }]);
    const status = new Map((await desk.signals()).map((s) => [s.signalId, s.executionStatus]));
    expect(Object.fromEntries(status)).toEqual({
      in: 'CANCELLED',
      out: 'PENDING',
      other: 'PENDING',
    });
    expect(await command(strategyId, 'resume')).toMatchObject({ ok: true, code: 'running' });
  });

  test('STR-06 starting again after an error forgives it', async () => {
    const strategyId = await saved();
    await command(strategyId, 'start');
    const { store } = desk.ledger;
    const before = await stateOf(strategyId);
    if (before === undefined) throw new Error('it has a state');
    const failed = before.state.replace('"status":"RUNNING"', '"status":"ERROR"');
    await store.set(paths.strategyState(strategyId, BTC), strategyStateDoc, {
      ...before,
      state: failed,
    });
    const doc = await docOf(strategyId);
    await store.set(paths.strategy(strategyId), strategyDoc, { ...doc, status: 'ERROR' });
    expect(await command(strategyId, 'start')).toMatchObject({ ok: true });
    expect((await stateOf(strategyId))?.state).toContain('"status":"RUNNING"');
  });

  test('a strategy that nobody knows is named', async () => {
    const reply = await command('nobody', 'start');
    expect(reply).toMatchObject({ ok: false, code: 'not_found' });
    expect(reply.message).toContain('nobody');
  });
});

describe('deleteStrategy', () => {
  const remove = (strategyId: string) => handleDeleteStrategy(desk.ledger, strategyId);

  test('takes a stopped one away with its states, and keeps its versions', async () => {
    const strategyId = await saved();
    await command(strategyId, 'start');
    expect(await remove(strategyId)).toMatchObject({ ok: false, code: 'running' });
    await command(strategyId, 'stop');
    expect(await remove(strategyId)).toMatchObject({ ok: true, code: 'deleted' });
    expect(await stateOf(strategyId)).toBeUndefined();
    const version = paths.strategyVersion(strategyId, 1);
    expect(await desk.ledger.store.get(version, strategyVersionDoc)).toBeDefined();
  });

  test('one that has a signal under way stays', async () => {
    const strategyId = await saved();
    await desk.signal({ strategyId });
    expect(await remove(strategyId)).toMatchObject({ ok: false, code: 'in_use' });
  });
});
