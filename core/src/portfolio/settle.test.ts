import { anInstrument, aPosition, NOON } from '../order/fixtures.ts';
import { money, price, qty } from '../lib/units.ts';
import { settleOrderEnd } from './settle.ts';

const end = { instrument: anInstrument(), price: price('50000'), now: NOON };
const entry = { ...end, order: { intentId: 'intent-1', side: 'BUY' } } as const;
const exit = { ...end, order: { intentId: 'intent-2', side: 'SELL' } } as const;

test('EXE-T14 an entry cancelled after a partial fill leaves a position of the filled part', () => {
  const position = aPosition({ status: 'BUILDING' });
  expect(settleOrderEnd({ ...entry, position })).toEqual({
    position: { ...position, status: 'OPEN' },
    dust: null,
    trade: null,
  });
});

test('PF-T11 an exit that ended without selling re-arms the position', () => {
  const position = aPosition({
    status: 'REDUCING',
    closeIntentId: 'intent-2',
    closeReason: 'stop_loss',
  });
  expect(settleOrderEnd({ ...exit, position }).position).toMatchObject({
    status: 'OPEN',
    closeIntentId: null,
    closeReason: null,
  });
});

test('an exit cancelled with an unsellable rest closes the position and tells the round trip', () => {
  const position = aPosition({
    status: 'REDUCING',
    quantity: qty('0.00002'),
    cost: money('1'),
    entryFees: money('0.001'),
    closeIntentId: 'intent-2',
    closeReason: 'stop_loss',
    exitPrice: price('49000'),
    exitedQuantity: qty('0.00198'),
    exitedQuote: money('97.02'),
    realizedPnl: money('-2.1'),
  });
  const settled = settleOrderEnd({ ...exit, position });
  expect(settled.position).toMatchObject({ status: 'CLOSED', closedAt: NOON });
  expect(settled.dust).toEqual({
    quantity: qty('0.00002'),
    cost: money('1'),
    entryFees: money('0.001'),
  });
  expect(settled.trade).toMatchObject({
    exitReason: 'stop_loss',
    outcome: 'loss',
    fees: money('0.099'),
  });
});

test('the end of an entry leaves an exit that is under way alone', () => {
  const position = aPosition({ status: 'REDUCING', closeIntentId: 'intent-2' });
  expect(settleOrderEnd({ ...entry, position }).position).toEqual(position);
});

test('an entry below the minimum notional may become sellable, so it stays open', () => {
  const position = aPosition({ status: 'BUILDING', quantity: qty('0.00002') });
  expect(settleOrderEnd({ ...entry, position }).position.status).toBe('OPEN');
});

test('a closed position stays as it is', () => {
  const position = aPosition({ status: 'CLOSED' });
  expect(settleOrderEnd({ ...exit, position })).toEqual({ position, dust: null, trade: null });
});
