import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { Mailer } from '@tradewind/adapters/mail/mailer';
import type { Mail } from '@tradewind/adapters/mail/mailer';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import { bookDoc, positionDoc, tradeDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import {
  alertDoc,
  notificationDoc,
  type AlertDoc,
  type NotificationDoc,
} from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { err, ok } from '@tradewind/core/lib/result';
import { money, qty } from '@tradewind/core/lib/units';
import { handleApplyOrder } from '../../functions/src/notifications/handle-apply-order.ts';
import { handleNotifyAlert } from '../../functions/src/notifications/handle-notify-alert.ts';
import {
  handleSendNotification,
  MAX_ATTEMPTS,
} from '../../functions/src/notifications/handle-send-notification.ts';
import { book, filled, NOW, order, position, trade } from './documents.ts';
import { openLedger } from './open-ledger.ts';

const ledger = openLedger('notifications', NOW);
const { store, clock } = ledger;
const TO = 'me@example.com';

const enqueued: string[] = [];
const ports = {
  store,
  clock,
  log: silentLog,
  queue: {
    enqueue: async (_name: string, _payload: object, { id }: { readonly id: string }) => {
      enqueued.push(id);
    },
  },
};

beforeEach(async () => {
  await ledger.clear();
  enqueued.length = 0;
  await store.set(paths.book('paper'), bookDoc, book());
});
afterAll(ledger.close);

const outbox = (): Promise<NotificationDoc[]> =>
  store.query(store.firestore.collection(paths.notifications), notificationDoc);
const alerts = (): Promise<AlertDoc[]> =>
  store.query(store.firestore.collection(paths.alerts), alertDoc);

const apply = (before: OrderDoc | undefined, after: OrderDoc, recipient: string | undefined = TO) =>
  handleApplyOrder(
    ports,
    {
      before: before === undefined ? undefined : orderDoc.encode(before),
      after: orderDoc.encode(after),
    },
    recipient,
  );

describe('applyOrder', () => {
  test('NTF-11 the first fill of an entry mails its figures, stop and target', async () => {
    await store.set(paths.position('paper', 'p1'), positionDoc, position());
    await apply(order(), filled());
    const [mail] = await outbox();
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
    expect(enqueued).toEqual([`mail-${mail?.dedupKey ?? ''}`]);
  });

  test('NTF-01 delivered twice it writes one notification', async () => {
    await apply(order(), filled());
    await apply(order(), filled());
    expect(await outbox()).toHaveLength(1);
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
    expect(enqueued).toHaveLength(1);
    expect(await outbox()).toHaveLength(1);
  });

  const exit = { action: 'EXIT', side: 'SELL', orderId: 'tw2', closeReason: 'ZE1' } as const;

  test('NTF-14 a closed position mails the net result of its round trip', async () => {
    await store.set(paths.position('paper', 'p1'), positionDoc, position({ status: 'CLOSED' }));
    await store.set(paths.trade('paper', 'p1'), tradeDoc, trade());
    await apply(order(exit), filled(exit));
    const [mail] = await outbox();
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
    expect(await outbox()).toMatchObject([
      { priority: 'WARNING', subject: 'Position Closed (stop loss): LONG BTC-USDT (-5.00 %)' },
    ]);
  });

  test('an exit that leaves the position open mails nothing yet', async () => {
    await apply(order(exit), filled(exit));
    expect(await outbox()).toEqual([]);
  });

  test('NTF-12 an order that ends half filled says what became of the rest', async () => {
    const half = { filledQuantity: qty('0.2'), status: 'CANCELLED' } as const;
    await apply(order({ filledQuantity: qty('0.2'), status: 'PARTIAL' }), filled(half));
    expect(await outbox()).toMatchObject([{ kind: 'partially_filled' }]);
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
      expect(await outbox()).toMatchObject([
        { priority: weight, subject: `Order Failed: ${side} BTC-USDT` },
      ]);
      expect(await alerts()).toMatchObject([{ rule: 'order_failed', severity: weight, count: 1 }]);
    },
  );

  test('an unclear answer raises an alert, which is resolved when it clears up', async () => {
    const unknown = order({ status: 'UNKNOWN', version: 2 });
    await apply(order(), unknown);
    expect(await alerts()).toMatchObject([{ rule: 'order_unknown', state: 'ACTIVE' }]);
    await apply(unknown, filled({ version: 3 }));
    expect(await alerts()).toMatchObject([{ rule: 'order_unknown', state: 'RESOLVED' }]);
  });

  test('NTF-50 without a recipient the notification stays, suppressed, with the reason', async () => {
    await apply(order(), filled(), '');
    expect(await outbox()).toMatchObject([
      { status: 'SUPPRESSED', error: expect.stringContaining('MAIL_TO') },
    ]);
    expect(enqueued).toEqual([]);
  });

  test('at most 20 mails that are not critical go to one recipient within an hour', async () => {
    for (let i = 0; i < 21; i += 1)
      await apply(order({ orderId: `tw${i}` }), filled({ orderId: `tw${i}` }));
    const status = (await outbox()).map((mail) => mail.status).sort();
    expect(status.filter((one) => one === 'PENDING')).toHaveLength(20);
    expect(status.filter((one) => one === 'SUPPRESSED')).toHaveLength(1);
    ledger.pass(3_600_001);
    await apply(order({ orderId: 'later' }), filled({ orderId: 'later' }));
    expect(enqueued).toHaveLength(21);
  });

  test('a malformed order is logged, not retried for ever', async () => {
    await expect(
      handleApplyOrder(ports, { before: undefined, after: { status: 'FILLED' } }, TO),
    ).resolves.toBeUndefined();
  });
});

describe('alerts', () => {
  const condition = {
    rule: 'worker_silent',
    severity: 'WARNING',
    message: 'The worker is silent',
    details: { age: '31 s' },
    bookId: null,
    symbol: null,
  } as const;
  const raise = (severity: AlertDoc['severity'] = 'WARNING') =>
    raiseAlert(store, { ...condition, severity, now: clock.wallNow() });
  const read = async (id: string) => store.get(paths.alert(id), alertDoc);
  const told = (before: AlertDoc | undefined, after: AlertDoc | undefined) =>
    handleNotifyAlert(
      ports,
      {
        before: before === undefined ? undefined : alertDoc.encode(before),
        after: after === undefined ? undefined : alertDoc.encode(after),
      },
      TO,
    );

  test('NTF-56 the same condition counts up on one document', async () => {
    const [first, second] = [await raise(), await raise()];
    expect(second).toBe(first);
    expect(await alerts()).toMatchObject([{ count: 2, state: 'ACTIVE' }]);
  });

  test('NTF-56 resolved for half an hour it is a new one', async () => {
    const id = await raise();
    await resolveAlert(store, { ...condition, now: clock.wallNow() });
    ledger.pass(1_800_000);
    await raise();
    expect((await read(id))?.count).toBe(2);
    await resolveAlert(store, { ...condition, now: clock.wallNow() });
    ledger.pass(1_800_001);
    await raise();
    expect(await read(id)).toMatchObject({ count: 1, firstAt: clock.wallNow(), state: 'ACTIVE' });
  });

  test('an acknowledged alert that gets worse wants eyes again', async () => {
    const id = await raise();
    const seen = await read(id);
    if (seen === undefined) throw new Error('the alert is there');
    await store.set(paths.alert(id), alertDoc, { ...seen, state: 'ACKNOWLEDGED' });
    await raise();
    expect((await read(id))?.state).toBe('ACKNOWLEDGED');
    await raise('CRITICAL');
    expect(await read(id)).toMatchObject({ state: 'ACTIVE', severity: 'CRITICAL' });
  });

  test('NTF-19 a new alert mails, counting up does not, getting worse does', async () => {
    const id = await raise();
    const first = await read(id);
    await told(undefined, first);
    await raise();
    const second = await read(id);
    await told(first, second);
    expect(await outbox()).toHaveLength(1);
    await raise('CRITICAL');
    await told(second, await read(id));
    const mails = await outbox();
    expect(mails.map(({ status }) => status)).toEqual(['PENDING', 'PENDING']);
    expect(mails.map(({ subject }) => subject).sort()).toEqual([
      'CRITICAL: Worker Silent',
      'Worker Silent',
    ]);
  });
});

describe('sendNotification', () => {
  const KEY = 'order_failed-tw1-REJECTED';
  const path = paths.notification(KEY);
  const notification: NotificationDoc = {
    dedupKey: KEY,
    kind: 'order_failed',
    priority: 'WARNING',
    recipient: TO,
    subject: 'Order Failed: BUY BTC-USDT',
    fields: [],
    bookId: 'paper',
    mode: 'paper',
    simulated: true,
    status: 'PENDING',
    attempts: 0,
    providerMessageId: null,
    error: null,
    createdAt: NOW,
    sentAt: null,
    claimedUntil: null,
  };
  const sent: Mail[] = [];
  const mailerOf = (answer: Awaited<ReturnType<Mailer['send']>>) => (): Mailer => ({
    send: async (mail) => {
      sent.push(mail);
      return answer;
    },
  });
  const accepts = mailerOf(ok({ messageId: 'm1' }));
  const refuses = (kind: 'refused' | 'notAccepted' | 'unknown') =>
    mailerOf(err({ kind, message: 'no' }));
  const send = (mailer: () => Mailer) => handleSendNotification(ports, mailer, { dedupKey: KEY });
  const stored = () => store.get(path, notificationDoc);

  beforeEach(async () => {
    sent.length = 0;
    await store.set(path, notificationDoc, notification);
  });

  test('a mail leaves once, however often its task is delivered', async () => {
    await send(accepts);
    await send(accepts);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ to: TO, subject: '🟡 Order Failed: BUY BTC-USDT' });
    expect(await stored()).toMatchObject({
      status: 'SENT',
      providerMessageId: 'm1',
      attempts: 1,
      sentAt: clock.wallNow(),
    });
  });

  test('two deliveries at once send one mail', async () => {
    await Promise.allSettled([send(accepts), send(accepts)]);
    expect(sent).toHaveLength(1);
  });

  test('NTF-03 a mail that was not taken is tried again, six times in all', async () => {
    for (let i = 1; i < MAX_ATTEMPTS; i += 1)
      await expect(send(refuses('notAccepted'))).rejects.toThrow('trying again');
    expect(await stored()).toMatchObject({ status: 'PENDING', attempts: 5, error: 'no' });
    await send(refuses('notAccepted'));
    expect(await stored()).toMatchObject({ status: 'FAILED', attempts: MAX_ATTEMPTS });
    await send(accepts);
    expect(sent).toHaveLength(MAX_ATTEMPTS);
  });

  test('NTF-03 what the provider refuses is not tried again, and an alert says so', async () => {
    await send(refuses('refused'));
    expect(await stored()).toMatchObject({ status: 'FAILED', error: 'no' });
    expect(await alerts()).toMatchObject([{ rule: 'mail_failed', severity: 'WARNING' }]);
  });

  test('NTF-01 a mail that may have arrived is not sent again', async () => {
    await send(refuses('unknown'));
    await send(accepts);
    expect(sent).toHaveLength(1);
    expect((await stored())?.error).toContain('may have arrived');
  });

  test('NTF-01 a process that died while sending is not repeated', async () => {
    const dies = (): Mailer => ({
      send: () => {
        throw new Error('killed');
      },
    });
    const killed = { ...notification, attempts: 1, claimedUntil: clock.wallNow() };
    await store.set(path, notificationDoc, killed);
    await send(dies);
    expect(await stored()).toMatchObject({ status: 'FAILED', attempts: 1 });
    expect(sent).toEqual([]);
  });

  test('a missing key is a failure with its reason, not a retry', async () => {
    await send(() => {
      throw new Error('SENDGRID_API_KEY is not set');
    });
    expect((await stored())?.error).toContain('SENDGRID_API_KEY');
  });
});
