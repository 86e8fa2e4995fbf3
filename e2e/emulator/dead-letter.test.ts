import { alertDoc, deadLetterDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { withDeadLetter } from '../../functions/src/execution/dead-letter.ts';
import { openDesk } from './execution-desk.ts';

const desk = openDesk('dead-letter');
beforeEach(() => desk.ledger.clear());
afterAll(() => desk.ledger.close());

const { store } = desk.ports;
const letters = () => store.query(store.firestore.collection(paths.deadLetters), deadLetterDoc);
const deliver = (retryCount: number) =>
  withDeadLetter(
    desk.ports,
    { topic: 'executeIntent', payload: { intentId: 'i1' }, retryCount, maxAttempts: 5 },
    () => Promise.reject(new Error('ledger down')),
  );

test('ARC-05 ARC-52 a failure goes back to the platform and leaves nothing behind while it retries', async () => {
  await expect(deliver(3)).rejects.toThrow('ledger down');
  expect(await letters()).toEqual([]);
});

test('ARC-55 the last failure is written down with its payload, and raises an alert', async () => {
  await expect(deliver(4)).rejects.toThrow('ledger down');
  expect(await letters()).toMatchObject([
    { topic: 'executeIntent', payload: '{"intentId":"i1"}', error: 'ledger down', attempts: 5 },
  ]);
  const alerts = await store.query(store.firestore.collection(paths.alerts), alertDoc);
  expect(alerts.map(({ rule }) => rule)).toEqual(['dead_letter']);
});
