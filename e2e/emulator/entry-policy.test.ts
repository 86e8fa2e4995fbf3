import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { strategyDoc, type StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { price, qty } from '@tradewind/core/lib/units';
import { strategy } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';
import { putPrice } from './put-price.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`entry-policy-${projects}`, { stops: true, memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const trade = async (): Promise<void> => {
  await runGate(desk.ports, 'paper');
  await desk.drain();
};

describe('EXE-12 an entry', () => {
  test('goes with the worst price that it may get, and its position has its stop', async () => {
    await desk.seed();
    await desk.signal();
    await trade();
    expect(desk.venue.taken[0]).toMatchObject({
      type: 'LIMIT',
      timeInForce: 'IOC',
      limitPrice: price('100.5'),
    });
    expect((await desk.positions())[0]).toMatchObject({ status: 'OPEN', quantity: qty('0.999') });
    await desk.expectAgreement();
  });

  test('that is filled in part and then dropped by the venue leaves what was bought, protected', async () => {
    await desk.seed();
    await desk.signal();
    desk.venue.script.push({ kind: 'expire', quantity: qty('0.4') });
    await trade();
    const orders = await desk.orders();
    expect(orders.find(({ side }) => side === 'BUY')).toMatchObject({ status: 'EXPIRED' });
    expect(orders.find(({ type }) => type === 'STOP')).toMatchObject({ quantity: qty('0.3996') });
    await desk.expectAgreement();
  });

  test('that nobody sells at its price ends without a position', async () => {
    await desk.seed();
    await desk.signal();
    desk.venue.script.push({ kind: 'expire' });
    await trade();
    expect(await desk.orders()).toMatchObject([{ status: 'EXPIRED' }]);
    expect(await desk.positions()).toEqual([]);
    await desk.expectAgreement();
  });

  test('goes at the market where its book says so', async () => {
    await desk.seed({ book: { priceGuard: false } });
    await desk.signal();
    await trade();
    expect(desk.venue.taken[0]).toMatchObject({ type: 'MARKET', limitPrice: null });
  });
});

describe('an entry that the venue finds too far from the market (05 section 15)', () => {
  const outOfBand = { kind: 'reject', code: 'PriceOutOfBand' } as const;
  const entries = async () =>
    (await desk.orders())
      .filter(({ type }) => type === 'LIMIT')
      .map(({ status, limitPrice }) => `${status} ${Number(limitPrice) / 1e18}`)
      .sort();

  /** Sends an entry that is refused for its price; its second quote is not taken up yet. */
  async function sendOutOfBand(): Promise<void> {
    await desk.seed();
    await desk.signal();
    desk.venue.script.push(outOfBand);
    await runGate(desk.ports, 'paper');
    const [task] = [...desk.tasks.values()];
    if (task === undefined) throw new Error('nothing to send');
    desk.tasks.clear();
    await executeIntent(desk.ports, task);
  }

  test('is quoted once more, by the price of now, as an order of its own (EXE-15)', async () => {
    await sendOutOfBand();
    expect(await desk.intents()).toMatchObject([{ status: 'QUEUED', requotes: 1 }]);
    await putPrice(desk.ledger, {
      ...{ marketKey: 'binance_spot_BTC-USDT', symbol: 'BTC-USDT', price: price('99.8') },
    });
    await desk.drain();
    expect(await entries()).toEqual(['FILLED 100.29', 'REJECTED 100.5']);
    expect((await desk.positions())[0]).toMatchObject({ status: 'OPEN' });
    await desk.expectAgreement();
  });

  test('and not a third time', async () => {
    await desk.seed();
    await desk.signal();
    desk.venue.script.push(outOfBand, outOfBand);
    await trade();
    await desk.recover();
    expect(await entries()).toEqual(['REJECTED 100.5', 'REJECTED 100.5']);
    expect(await desk.intents()).toMatchObject([{ status: 'FAILED' }]);
    expect(await desk.positions()).toEqual([]);
    expect(desk.venue.submissions()).toBe(2);
  });

  test('and not at all when the gate refuses it by then', async () => {
    await sendOutOfBand();
    await putPrice(desk.ledger, {
      ...{ marketKey: 'binance_spot_BTC-USDT', symbol: 'BTC-USDT', price: price('102') },
    });
    await desk.drain();
    expect(await desk.intents()).toMatchObject([{ status: 'EXPIRED' }]);
    expect(desk.venue.submissions()).toBe(1);
  });
});

describe('a signal against the position of its strategy (05 section 2, handler 2)', () => {
  async function reversed(reversal: StrategyDoc['reversal']): Promise<void> {
    await desk.seed();
    const document = strategy(reversal === undefined ? {} : { reversal });
    await desk.ledger.store.set(paths.strategy('cross'), strategyDoc, document);
    await desk.signal({ strategyId: 'cross' });
    await trade();
    await desk.signal({ strategyId: 'cross', signalId: 's-down', direction: 'SHORT' });
    await trade();
  }
  const signals = async () =>
    (await desk.signals()).map(({ signalId, executionStatus, rejectionReason }) => [
      signalId,
      executionStatus,
      rejectionReason,
    ]);

  test('EXE-T17 closes it and enters nothing, where nothing else was asked for', async () => {
    await reversed(undefined);
    expect(await desk.positions()).toMatchObject([{ status: 'CLOSED', closeReason: 'reversal' }]);
    expect(await signals()).toHaveLength(2);
    await desk.expectAgreement();
  });

  test('flip asks for the entry anew once the venue has closed the position, and the gate decides it', async () => {
    await reversed('flip');
    expect(await desk.positions()).toMatchObject([{ status: 'CLOSED', closeReason: 'reversal' }]);
    expect(await signals()).toContainEqual(['s-down-flip', 'PENDING', null]);
    await trade();
    // There is nothing to sell short on a spot market: every gate speaks, and here one refuses.
    expect(await signals()).toContainEqual(['s-down-flip', 'REJECTED', 'nothing_to_sell']);
    await desk.expectAgreement();
  });

  test('flip asks only when the position is closed, and once', async () => {
    await desk.seed();
    await desk.ledger.store.set(
      paths.strategy('cross'),
      strategyDoc,
      strategy({ reversal: 'flip' }),
    );
    await desk.signal({ strategyId: 'cross' });
    await trade();
    await desk.signal({ strategyId: 'cross', signalId: 's-down', direction: 'SHORT' });
    desk.venue.script.push({ kind: 'rest', quantity: qty('0.5') });
    await trade();
    expect(await signals()).toHaveLength(2);
    const exit = (await desk.orders()).find(
      ({ closeReason, type }) => closeReason === 'reversal' && type === 'MARKET',
    );
    desk.venue.fill(exit?.orderId ?? '');
    await desk.recover();
    await desk.recover();
    expect((await signals()).map(([id]) => id).sort()).toEqual([
      's-BTC-USDT-cross-ENTER',
      's-down',
      's-down-flip',
    ]);
    await desk.expectAgreement();
  });

  test('ignore leaves the position as it is', async () => {
    await reversed('ignore');
    expect(await desk.positions()).toMatchObject([{ status: 'OPEN' }]);
    expect(await signals()).toContainEqual(['s-down', 'REJECTED', 'max_positions']);
    await desk.expectAgreement();
  });
});
