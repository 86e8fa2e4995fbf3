import { runGate } from '@tradewind/adapters/execution/run-gate';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { alertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { price } from '@tradewind/core/lib/units';
import { effectiveStop } from '@tradewind/core/portfolio/protection';
import { actOnHandOver } from '../../functions/src/cycle/hand-over.ts';
import { position } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = openDesk('hand-over', { memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const { positionId, bookId } = position();
const path = paths.position(bookId, positionId);
const stored = async () => {
  const found = await desk.ledger.store.get(path, positionDoc);
  if (found === undefined) throw new Error('there is no such position');
  return found;
};
const alerts = async () =>
  (
    await desk.ledger.store.query(desk.ledger.store.firestore.collection(paths.alerts), alertDoc)
  ).map(({ rule, severity, count }) => `${rule} ${severity} ${count}`);
const act = (view: Readonly<Record<string, boolean>>) =>
  actOnHandOver(desk.ports, view, position());

test('STR-33 an emergency exit that is unknown for 10 s is told, for 30 s the stops are tightened, once and never looser', async () => {
  await desk.ledger.store.set(path, positionDoc, position());
  const before = await stored();
  await act({ alert: false, handOver: false });
  expect(await alerts()).toEqual([]);

  await act({ alert: true, handOver: false });
  expect(await stored()).toEqual(before);
  expect(await alerts()).toEqual(['exit_unknown WARNING 1']);

  await act({ alert: true, handOver: true });
  const tightened = await stored();
  // Three fifths of the stop's 5 %, from the best price so far (PF-47).
  expect(effectiveStop(tightened.protection, 'LONG').price).toBe(price('97'));
  expect(tightened.version).toBe(before.version + 1);
  expect(await alerts()).toEqual(['exit_unknown CRITICAL 2']);

  await act({ alert: true, handOver: true });
  expect(await stored()).toEqual(tightened);
});

test('STR-33 a position that closed in the meantime stays as it is', async () => {
  const closed = position({ status: 'CLOSED' });
  await desk.ledger.store.set(path, positionDoc, closed);
  const before = await stored();
  await act({ alert: true, handOver: true });
  expect(await stored()).toEqual(before);
});

const states = async () => (await desk.alerts()).map(({ rule, state }) => `${rule} ${state}`);

test('STR-33 the alert is settled once the exit is known again', async () => {
  await desk.ledger.store.set(path, positionDoc, position());
  await act({ alert: true, handOver: false });
  expect(await states()).toEqual(['exit_unknown ACTIVE']);
  await act({ alert: false, handOver: false });
  expect(await states()).toEqual(['exit_unknown RESOLVED']);
});

test('STR-33 the alert is settled when the position is closed', async () => {
  await desk.seed();
  await desk.signal();
  await runGate(desk.ports, 'paper');
  await desk.drain();
  const [held] = await desk.positions();
  await actOnHandOver(desk.ports, { alert: true, handOver: true }, held);
  expect(await states()).toEqual(['exit_unknown ACTIVE']);
  await desk.signal({ action: 'EXIT' });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  expect(await desk.positions()).toMatchObject([{ status: 'CLOSED' }]);
  expect(await states()).toEqual(['exit_unknown RESOLVED']);
});
