import { closePosition } from '@tradewind/adapters/execution/close-position';
import { emergencyCancel } from '@tradewind/adapters/execution/emergency-cancel';
import { guardBook } from '@tradewind/adapters/execution/guard-book';
import { monitorBook } from '@tradewind/adapters/execution/monitor-book';
import { requireBook } from '@tradewind/adapters/execution/records';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { reconcileAccounts } from '@tradewind/adapters/reconcile/reconcile-account';
import { syncBalances } from '@tradewind/adapters/reconcile/sync-balance';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { marginDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { err, ok } from '@tradewind/core/lib/result';
import { price } from '@tradewind/core/lib/units';
import { handleSimulateBotTrade } from '../../functions/src/bots/handle-simulate-bot-trade.ts';
import { MARKET, openFuturesDesk, type FuturesDesk } from './futures-desk.ts';

let desk: FuturesDesk;
beforeEach(async () => {
  desk = await openFuturesDesk();
}, 60_000);
afterEach(() => desk.close());

const only = async () => {
  const [position, another] = await desk.positions();
  if (position === undefined || another !== undefined) throw new Error('not one position');
  return position;
};
const critical = async () =>
  (await desk.alerts()).filter(({ severity }) => severity === 'CRITICAL').map(({ rule }) => rule);
const look = (px: string) =>
  monitorBook(desk.ports, { bookId: 'paper', prices: new Map([[MARKET, price(px)]]) });

test('EXE-40 EXE-41 a LONG is opened with the leverage and margin that were set, stopped at the venue, and closed', async () => {
  await desk.addBot('trend', {});
  expect(await desk.enter('LONG')).toMatchObject({ executionStatus: 'EXECUTED' });
  expect(await desk.setup()).toEqual({ leverage: 5, marginMode: 'isolated' });
  const position = await only();
  expect(position).toMatchObject({ side: 'LONG', status: 'OPEN', leverage: 5, marketKey: MARKET });
  expect(await desk.held()).toMatchObject([{ side: 'LONG', quantity: position.quantity }]);
  expect(await desk.resting()).toEqual([
    {
      ...{ type: 'STOP', side: 'SELL', quantity: position.quantity, reduceOnly: true },
      triggerPrice: position.stop.stopPrice,
    },
  ]);
  await desk.trade('51000');
  const { positionId } = position;
  await closePosition(desk.ports, { bookId: 'paper', positionId });
  expect(await only()).toMatchObject({ status: 'CLOSED', closeReason: 'manual' });
  expect([await desk.held(), await desk.resting()]).toEqual([[], []]);
  await desk.expectAgreement();
}, 60_000);

test('ARC-63 a forced SELL opens a SHORT where the bot may sell short, and a forced BUY closes it', async () => {
  await desk.addBot('trend', {});
  await desk.addBot('careful', { allowShort: false });
  const force = async (botId: string, action: 'BUY' | 'SELL') => {
    const request = { commandId: `${botId}-${action}`, botId, action, by: 'me' } as const;
    const reply = await handleSimulateBotTrade(desk.ports, request);
    await desk.carryOut();
    return (await desk.signals()).find(({ signalId }) => signalId === reply.id);
  };
  expect(await force('careful', 'SELL')).toMatchObject({
    ...{ action: 'EXIT', direction: 'LONG', rejectionReason: 'nothing_to_sell' },
  });
  expect(await force('trend', 'SELL')).toMatchObject({ action: 'ENTER', direction: 'SHORT' });
  expect(await only()).toMatchObject({ side: 'SHORT', status: 'OPEN', strategyId: 'trend' });
  expect(await desk.held()).toMatchObject([{ side: 'SHORT' }]);
  expect(await force('trend', 'BUY')).toMatchObject({ action: 'EXIT', direction: 'SHORT' });
  expect(await only()).toMatchObject({ status: 'CLOSED' });
  expect(await desk.held()).toEqual([]);
  await desk.expectAgreement();
}, 60_000);

test('PF-46 a SHORT is stopped above its price, and the stop that fires at the venue is booked', async () => {
  await desk.addBot('trend', {});
  await desk.enter('SHORT');
  const position = await only();
  expect(position).toMatchObject({ side: 'SHORT', status: 'OPEN' });
  expect(position.protection.stopLoss > position.averageEntry).toBe(true);
  expect(await desk.resting()).toMatchObject([{ type: 'STOP', side: 'BUY', reduceOnly: true }]);
  await desk.trade('53000');
  await syncOrders(desk.ports);
  expect(await only()).toMatchObject({ status: 'CLOSED', closeReason: 'stop_loss' });
  expect((await only()).realizedPnl < 0n).toBe(true);
  expect([await desk.held(), await desk.resting()]).toEqual([[], []]);
  await desk.expectAgreement();
}, 60_000);

test('EXE-08 what is held on one side takes no entry on the other, in the book and at the venue', async () => {
  await desk.addBot('trend', {});
  await desk.addBot('bear', {});
  await desk.enter('LONG');
  expect(await desk.enter('SHORT', 'bear')).toMatchObject({ rejectionReason: 'opposite_side' });
  await closePosition(desk.ports, { bookId: 'paper', positionId: (await only()).positionId });
  // Somebody else is short there, which no book knows yet.
  await desk.account.submit({
    ...{ clientOrderId: 'web-1', symbol: 'BTC-USDT', side: 'SELL', type: 'MARKET' },
    ...{ quantity: (await only()).exitedQuantity, limitPrice: null, timeInForce: 'GTC' },
  });
  await desk.addBot('bull', {});
  await desk.enter('LONG', 'bull');
  const refused = (await desk.orders()).find(({ strategyId }) => strategyId === 'bull');
  expect(refused).toMatchObject({ status: 'REJECTED', errorCode: 'OppositePosition' });
}, 60_000);

describe('an entry is not sent while', () => {
  const refused = {
    severity: 'MEDIUM',
    retryable: false,
    message: 'no',
    retryAfterMs: null,
  } as const;
  test.each([
    [
      'EXE-41 the account is in hedge mode',
      'WrongPositionMode',
      { positionMode: async () => ok('hedge' as const) },
    ],
    [
      'EXE-40 EXE-T13 its leverage is another',
      'InvalidLeverage',
      { setLeverage: async () => err({ ...refused, code: 'InvalidLeverage' }) },
    ],
    [
      'EXE-41 its position mode is not known',
      'SchemaMismatch',
      { positionMode: async () => err({ ...refused, code: 'SchemaMismatch' }) },
    ],
    [
      'EXE-51 what it holds is not known',
      'SchemaMismatch',
      { positions: async () => err({ ...refused, code: 'SchemaMismatch' }) },
    ],
  ] as const)(
    '%s',
    async (_, errorCode, bent) => {
      await desk.addBot('trend', {});
      desk.bend(bent);
      await desk.enter('LONG');
      expect(await desk.orders()).toMatchObject([{ status: 'REJECTED', errorCode }]);
      expect([await desk.held(), await desk.positions()]).toEqual([[], []]);
    },
    60_000,
  );
});

test('RSK-102 more leverage than mode or venue allow is refused by the gate', async () => {
  await desk.addBot('trend', { leverage: 21 });
  expect(await desk.enter('LONG')).toMatchObject({ rejectionReason: 'leverage' });
}, 60_000);

test('D4 a liquidation is booked as one, told, and stops its bot', async () => {
  await desk.addBot('trend', { leverage: 20, stopLossPct: 20 });
  await desk.enter('LONG');
  await reconcileAccounts(desk.ports, { full: true });
  await syncBalances(desk.ports);
  await desk.trade('47000');
  expect(await desk.held()).toEqual([]);
  await syncOrders(desk.ports);
  await reconcileAccounts(desk.ports, { full: true });
  expect(await only()).toMatchObject({ status: 'CLOSED', closeReason: 'liquidation' });
  expect(await critical()).toContain('reconciliation_D4');
  expect(await desk.store.get(paths.bot('trend'), botDoc)).toMatchObject({ status: 'STOPPED' });
  // What was lost beyond the margin was borne by the venue.
  await syncBalances(desk.ports);
  await desk.expectAgreement();
}, 60_000);

test('RSK-103 RSK-T20 margin that runs out: half is sold below 0.3, all below 0.15, before the venue does it', async () => {
  await desk.addBot('trend', { leverage: 20, stopLossPct: 20 });
  await desk.enter('SHORT');
  const { quantity } = await only();
  await look('50000');
  const known = await desk.store.get(paths.riskMargin('paper'), marginDoc);
  expect(known?.positions['BTC-USDT__SHORT']).toMatchObject({ action: 'none', side: 'SHORT' });
  await desk.trade('51600');
  await look('51600');
  await look('51600');
  const half = await only();
  expect(half).toMatchObject({ status: 'OPEN', closeIntentId: null });
  expect(half.quantity * 2n).toBe(quantity);
  expect(await desk.resting()).toMatchObject([{ quantity: half.quantity }]);
  await desk.trade('52000');
  await look('52000');
  expect(await only()).toMatchObject({ status: 'CLOSED', closeReason: 'health' });
  expect(await critical()).toContain('LIQUIDATION_RISK');
  expect([await desk.held(), await desk.resting()]).toEqual([[], []]);
  await desk.expectAgreement();
}, 60_000);

test('RSK-103 whoever looks at a book is told its margin health, and nothing while it is not known', async () => {
  await desk.addBot('trend', {});
  await desk.enter('LONG');
  const told: [string, number][][] = [];
  const prices = new Map([[MARKET, price('50000')]]);
  const onMargin = (healths: ReadonlyMap<string, number>) => void told.push([...healths]);
  await monitorBook(desk.ports, { bookId: 'paper', prices, onMargin });
  const known = await desk.store.get(paths.riskMargin('paper'), marginDoc);
  expect(told).toEqual([[['BTC-USDT', known?.positions['BTC-USDT__LONG']?.health]]]);
  const lost = {
    code: 'NetworkTimeout',
    severity: 'LOW',
    retryable: false,
    retryAfterMs: null,
  } as const;
  desk.bend({ positions: async () => err({ ...lost, message: 'too late' }) });
  await monitorBook(desk.ports, { bookId: 'paper', prices, onMargin });
  expect(told[1]).toEqual([]);
}, 60_000);

test('RSK-18 nothing is entered while the margin of what is held is not known', async () => {
  await desk.addBot('trend', {});
  await desk.addBot('other', {});
  await desk.enter('LONG');
  expect(await desk.enter('LONG', 'other')).toMatchObject({ rejectionReason: 'margin' });
}, 60_000);

test('RSK-90 an emergency closes a SHORT and leaves nothing at the venue', async () => {
  await desk.addBot('trend', {});
  await desk.enter('SHORT');
  const reply = await emergencyCancel(desk.ports, { flatten: true, by: 'a trader' });
  expect(reply).toMatchObject({ ok: true, code: 'stopped' });
  expect(await only()).toMatchObject({ status: 'CLOSED', closeReason: 'emergency' });
  expect([await desk.held(), await desk.resting()]).toEqual([[], []]);
  await desk.expectAgreement();
}, 60_000);

test('D13 the guardian puts back a stop that is gone', async () => {
  await desk.addBot('trend', {});
  await desk.enter('SHORT');
  const stopId = (await only()).stop.venueStopOrderId ?? '';
  await desk.account.cancel('BTC-USDT', stopId);
  expect(await desk.resting()).toEqual([]);
  const book = await requireBook(desk.store, 'paper');
  expect(await guardBook(desk.ports, book)).toMatchObject({ positions: 1, repaired: 1 });
  expect(await desk.resting()).toMatchObject([{ type: 'STOP', side: 'BUY' }]);
}, 60_000);
