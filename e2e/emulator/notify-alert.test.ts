import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import { alertDoc, type AlertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { handleNotifyAlert } from '../../functions/src/notifications/handle-notify-alert.ts';
import { openOutbox, TO } from './outbox.ts';

const outbox = openOutbox('notify-alert');
const { ledger, ports } = outbox;
const { store, clock } = ledger;

beforeEach(outbox.reset);
afterAll(ledger.close);

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
  expect(await outbox.alerts()).toMatchObject([{ count: 2, state: 'ACTIVE' }]);
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
  expect(await outbox.mails()).toHaveLength(1);
  await raise('CRITICAL');
  await told(second, await read(id));
  const mails = await outbox.mails();
  expect(mails.map(({ status }) => status)).toEqual(['PENDING', 'PENDING']);
  expect(mails.map(({ subject }) => subject).sort()).toEqual([
    'CRITICAL: Worker Silent',
    'Worker Silent',
  ]);
});
