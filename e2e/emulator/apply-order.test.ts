import { positionDoc, tradeDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { money, qty } from '@tradewind/core/lib/units';
import { handleApplyOrder } from '../../functions/src/notifications/handle-apply-order.ts';
import { filled, order, position, trade } from './documents.ts';
import { openOutbox, TO } from './outbox.ts';

const outbox = openOutbox('apply-order');
const { ledger, ports } = outbox;
const { store } = ledger;

beforeEach(outbox.reset);
afterAll(ledger.close);

const apply = (before: OrderDoc | undefined, after: OrderDoc, recipient: string | undefined = TO) =>
  handleApplyOrder(
    ports,
    {
      before: before === undefined ? undefined : orderDoc.encode(before),
      after: orderDoc.encode(after),
    },
    recipient,
  );

test('NTF-11 the first fill of an entry mails its figures, stop and target', async () => {
  await store.set(paths.position('paper', 'p1'), positionDoc, position());
  await apply(order(), filled());
  const [mail] = await outbox.mails();
  expect(mail).toMatchObject({
    kind: 'position_opened',
    priority: 'INFO',
    subject: 'Position Opened: LONG BTC-USDT',
    recipient: TO,
    status: 'PENDING',
    mode: 'paper',
    simulated: true,
  });
  const fields = new Map(mail?.fields.map(({ label, value }) => [label, value]));
  expect(fields.get('Average price')).toBe('100');
  expect(fields.get('Stop loss')).toBe('95');
  expect(fields.get('Take profit')).toBe('110');
  expect(outbox.enqueued).toEqual([`mail-${mail?.dedupKey ?? ''}`]);
});

test('NTF-01 ARC-04 ARC-53 delivered twice it writes one notification', async () => {
  await apply(order(), filled());
  await apply(order(), filled());
  expect(await outbox.mails()).toHaveLength(1);
});

test('NTF-01 a crash before the task was enqueued is made good by the next delivery', async () => {
  const crashing = {
    ...ports,
    queue: {
      enqueue: async () => {
        throw new Error('the process died');
      },
    },
  };
  const change = { before: orderDoc.encode(order()), after: orderDoc.encode(filled()) };
  await expect(handleApplyOrder(crashing, change, TO)).rejects.toThrow('died');
  await handleApplyOrder(ports, change, TO);
  expect(outbox.enqueued).toHaveLength(1);
  expect(await outbox.mails()).toHaveLength(1);
});

const exit = { action: 'EXIT', side: 'SELL', orderId: 'tw2', closeReason: 'ZE1' } as const;

test('NTF-14 a closed position mails the net result of its round trip', async () => {
  await store.set(paths.position('paper', 'p1'), positionDoc, position({ status: 'CLOSED' }));
  await store.set(paths.trade('paper', 'p1'), tradeDoc, trade());
  await apply(order(exit), filled(exit));
  const [mail] = await outbox.mails();
  expect(mail?.subject).toBe('Position Closed: LONG BTC-USDT (+1.49 %)');
  const fields = new Map(mail?.fields.map(({ label, value }) => [label, value]));
  expect(fields.get('Net P&L')).toBe('+0.745 USDT (+1.49 %)');
  expect(fields.get('In units of risk')).toBe('0.30 R');
  expect(fields.get('Held for')).toBe('2 min 5 s');
});

test('NTF-15 a stop that closes with a loss is a warning', async () => {
  await store.set(
    paths.trade('paper', 'p1'),
    tradeDoc,
    trade({ exitReason: 'stop_loss', outcome: 'loss', netPnl: money('-2.5'), netPnlPct: -5 }),
  );
  await apply(order(exit), filled({ ...exit, closeReason: 'stop_loss' }));
  expect(await outbox.mails()).toMatchObject([
    { priority: 'WARNING', subject: 'Position Closed (stop loss): LONG BTC-USDT (-5.00 %)' },
  ]);
});

test('an exit that leaves the position open mails nothing yet', async () => {
  await apply(order(exit), filled(exit));
  expect(await outbox.mails()).toEqual([]);
});

test('NTF-12 an order that ends half filled says what became of the rest', async () => {
  const half = { filledQuantity: qty('0.2'), status: 'CANCELLED' } as const;
  await apply(order({ filledQuantity: qty('0.2'), status: 'PARTIAL' }), filled(half));
  expect(await outbox.mails()).toMatchObject([{ kind: 'partially_filled' }]);
});

test.each([
  ['ENTER', 'BUY', 'WARNING'],
  ['EXIT', 'SELL', 'CRITICAL'],
] as const)(
  'NTF-16 a rejected %s is a mail and an alert of its weight',
  async (action, side, weight) => {
    const rejected = {
      action,
      side,
      status: 'REJECTED',
      version: 2,
      rejectionReason: 'no funds',
    } as const;
    await apply(order({ action, side }), order(rejected));
    expect(await outbox.mails()).toMatchObject([
      { priority: weight, subject: `Order Failed: ${side} BTC-USDT` },
    ]);
    expect(await outbox.alerts()).toMatchObject([
      { rule: 'order_failed', severity: weight, count: 1 },
    ]);
  },
);

test('an unclear answer raises an alert, which is resolved when it clears up', async () => {
  const unknown = order({ status: 'UNKNOWN', version: 2 });
  await apply(order(), unknown);
  expect(await outbox.alerts()).toMatchObject([{ rule: 'order_unknown', state: 'ACTIVE' }]);
  await apply(unknown, filled({ version: 3 }));
  expect(await outbox.alerts()).toMatchObject([{ rule: 'order_unknown', state: 'RESOLVED' }]);
});

test('NTF-50 without a recipient the notification stays, suppressed, with the reason', async () => {
  await apply(order(), filled(), '');
  const [mail] = await outbox.mails();
  expect(mail?.status).toBe('SUPPRESSED');
  expect(mail?.error).toContain('MAIL_TO');
  expect(outbox.enqueued).toEqual([]);
});

test('at most 20 mails that are not critical go to one recipient within an hour', async () => {
  for (let i = 0; i < 21; i += 1)
    await apply(order({ orderId: `tw${i}` }), filled({ orderId: `tw${i}` }));
  const status = (await outbox.mails()).map((mail) => mail.status).sort();
  expect(status.filter((one) => one === 'PENDING')).toHaveLength(20);
  expect(status.filter((one) => one === 'SUPPRESSED')).toHaveLength(1);
  ledger.pass(3_600_001);
  await apply(order({ orderId: 'later' }), filled({ orderId: 'later' }));
  expect(outbox.enqueued).toHaveLength(21);
});

test('a malformed order is logged, not retried for ever', async () => {
  await expect(
    handleApplyOrder(ports, { before: undefined, after: { status: 'FILLED' } }, TO),
  ).resolves.toBeUndefined();
});
