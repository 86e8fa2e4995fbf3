import { runGate } from '@tradewind/adapters/execution/run-gate';
import {
  activeBotOf,
  activeMarkets,
  activeVersionOf,
  marketsInUse,
} from '@tradewind/adapters/strategies/active-version';
import { botDoc } from '@tradewind/contracts/documents/bot';
import {
  strategyDoc,
  strategyVersionDoc,
  type StrategyDoc,
} from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { price } from '@tradewind/core/lib/units';
import { bot, strategy, strategyVersion } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

const BTC = 'binance_spot_BTC-USDT';
const ETH = 'binance_spot_ETH-USDT';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`strategy-trading-${projects}`);
  await desk.ledger.clear();
  await desk.seed({ symbols: ['BTC-USDT', 'ETH-USDT'] });
});
afterEach(() => desk.ledger.close());

/** Saves a strategy as `saveStrategy` does: the document, and a copy of this version. */
async function save(changes: Partial<StrategyDoc> = {}): Promise<StrategyDoc> {
  const { store } = desk.ledger;
  const doc = strategy(changes);
  await store.set(paths.strategy(doc.strategyId), strategyDoc, doc);
  await store.create(
    paths.strategyVersion(doc.strategyId, doc.version),
    strategyVersionDoc,
    strategyVersion(changes),
  );
  return doc;
}

const decide = async () => {
  await runGate(desk.ports, 'paper');
  await desk.drain();
};
const bySignal = async () =>
  new Map((await desk.signals()).map((signal) => [signal.signalId, signal]));

describe('the gate and strategies', () => {
  test('an entry of a running strategy is executed, and its position is protected as its document says', async () => {
    await save({ protection: { stopLossPct: 2, takeProfitPct: 4, trailingStopPct: null } });
    await desk.signal({ strategyId: 'cross' });
    await decide();
    const [position] = await desk.positions();
    expect(position).toMatchObject({
      strategyId: 'cross',
      protection: { stopLossPct: 2, takeProfitPct: 4, stopLoss: price('98') },
    });
  });

  test.each(['PAUSED', 'STOPPED', 'ERROR'] as const)(
    'STR-91 a strategy that is %s enters nothing and still leaves what it holds',
    async (status) => {
      await save();
      await desk.signal({ strategyId: 'cross', signalId: 'in' });
      await decide();
      await save({ status });
      await desk.signal({ strategyId: 'cross', signalId: 'more', symbol: 'ETH-USDT' });
      await desk.signal({ strategyId: 'cross', signalId: 'out', action: 'EXIT' });
      await decide();
      const signals = await bySignal();
      expect(signals.get('more')).toMatchObject({ rejectionReason: 'disabled' });
      expect(signals.get('out')).toMatchObject({ executionStatus: 'EXECUTED' });
      expect((await desk.positions()).map((position) => position.status)).toEqual(['CLOSED']);
    },
  );

  test('a strategy holds at most its own number of positions', async () => {
    await save({ marketKeys: [BTC, ETH], maxPositions: 1 });
    await desk.signal({ strategyId: 'cross', signalId: 'first' });
    await decide();
    await desk.signal({ strategyId: 'cross', signalId: 'second', symbol: 'ETH-USDT' });
    await decide();
    expect((await bySignal()).get('second')).toMatchObject({ rejectionReason: 'max_positions' });
  });
});

describe('STR-07 the version that decides', () => {
  /** What the book has under way for the strategy, and the version that decides in BTC. */
  async function active(doc: StrategyDoc, decidedLast: number) {
    const [positions, intents, pending] = await Promise.all([
      desk.positions(),
      desk.intents(),
      desk.signals(),
    ]);
    const inUse = marketsInUse(
      {
        positions: positions.filter(({ status }) => status !== 'CLOSED'),
        intents: intents.filter(({ status }) => status === 'APPROVED'),
        pending: pending.filter(({ executionStatus }) => executionStatus === 'PENDING'),
      },
      doc.strategyId,
    );
    const stored = { botVersion: decidedLast };
    const standing = { isInUse: inUse.has(BTC), stored };
    const { version } = await activeVersionOf(desk.ledger.store, doc, standing);
    return { version, markets: activeMarkets(doc, inUse) };
  }

  test('is the one that entered, from its signal until its position has closed; then it is the newest', async () => {
    await save();
    await desk.signal({ strategyId: 'cross', signalId: 'in' });
    const newest = await save({ version: 2, strategy: { id: 'sma-cross', params: { fast: 5 } } });
    expect(await active(newest, 1)).toMatchObject({ version: 1 });
    await runGate(desk.ports, 'paper');
    expect(await active(newest, 1)).toMatchObject({ version: 1 });
    await desk.drain();
    expect(await active(newest, 1)).toMatchObject({ version: 1 });
    await desk.signal({ strategyId: 'cross', signalId: 'out', action: 'EXIT' });
    await decide();
    expect(await active(newest, 1)).toMatchObject({ version: 2 });
  });

  test('goes on in a market that the newest version has given up, until nothing is held there', async () => {
    await save();
    await desk.signal({ strategyId: 'cross' });
    await decide();
    const moved = await save({ version: 2, marketKeys: [ETH] });
    expect(await active(moved, 1)).toEqual({ version: 1, markets: [ETH, BTC] });
  });

  test('is the newest for whoever has decided nothing yet', async () => {
    const doc = await save();
    const standing = { isInUse: true, stored: undefined };
    expect(await activeVersionOf(desk.ledger.store, doc, standing)).toMatchObject({ version: 1 });
  });

  test('is never guessed: where it is gone, nothing is decided', async () => {
    const doc = await save({ version: 2 });
    const standing = { isInUse: true, stored: { botVersion: 1 } };
    await expect(activeVersionOf(desk.ledger.store, doc, standing)).rejects.toThrow('Version 1');
  });

  test('holds for bots as well: settings of then, status of now', async () => {
    const { store } = desk.ledger;
    const before = bot({ version: 1, cooldownMinutes: 7, status: 'RUNNING' });
    await store.set(paths.botVersion('trend', 1), botDoc, before);
    const newest = bot({ version: 2, cooldownMinutes: 9, status: 'STOPPED' });
    const held = { isInUse: true, stored: { botVersion: 1 } };
    expect(await activeBotOf(store, newest, held)).toEqual({ ...before, status: 'STOPPED' });
    expect(await activeBotOf(store, newest, { ...held, isInUse: false })).toBe(newest);
  });
});
