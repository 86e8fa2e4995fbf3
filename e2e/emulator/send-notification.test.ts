import type { Mail, Mailer } from '@tradewind/adapters/mail/mailer';
import { notificationDoc, type NotificationDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { err, ok } from '@tradewind/core/lib/result';
import {
  handleSendNotification,
  MAX_ATTEMPTS,
} from '../../functions/src/notifications/handle-send-notification.ts';
import { NOW } from './documents.ts';
import { openOutbox, TO } from './outbox.ts';

const outbox = openOutbox('send-notification');
const { ledger, ports } = outbox;
const { store, clock } = ledger;

beforeEach(outbox.reset);
afterAll(ledger.close);

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
  expect(await outbox.alerts()).toMatchObject([{ rule: 'mail_failed', severity: 'WARNING' }]);
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
