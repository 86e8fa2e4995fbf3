import { runGate } from '@tradewind/adapters/execution/run-gate';
import { strategyDoc, strategyVersionDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { newsOf, type Told } from '../../functions/src/cycle/told.ts';
import { strategy, strategyVersion } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`strategy-news-${projects}`);
  await desk.ledger.clear();
  await desk.seed();
  const { store } = desk.ledger;
  await store.set(paths.strategy('cross'), strategyDoc, strategy());
  await store.set(paths.strategyVersion('cross', 1), strategyVersionDoc, strategyVersion());
});
afterEach(() => desk.ledger.close());

const decide = async () => {
  await runGate(desk.ports, 'paper');
  await desk.drain();
};
const awaiting = (signalId: string, action: 'ENTER' | 'EXIT' = 'ENTER'): Told => ({
  signals: [{ signalId, action, status: null }],
  position: null,
});
/** What a strategy hears that knows this much, in words; and what it then knows. */
async function hear(told: Told) {
  const open = (await desk.positions()).find(({ status }) => status !== 'CLOSED');
  const news = await newsOf(desk.ports, { bookId: 'paper', told }, open);
  const heard = news.events.map((event) =>
    event.kind === 'order' || event.kind === 'position'
      ? `${event.kind} ${event.update.status}`
      : event.kind,
  );
  return { heard, told: news.told };
}

test('before the gate decided there is nothing to hear, and it goes on waiting', async () => {
  await desk.signal({ strategyId: 'cross', signalId: 'in' });
  const told = awaiting('in');
  expect(await hear(told)).toEqual({ heard: [], told });
});

test('an order is heard of step by step, a position when it opens; told twice it says nothing new', async () => {
  await desk.signal({ strategyId: 'cross', signalId: 'in' });
  await runGate(desk.ports, 'paper');
  const approved = await hear(awaiting('in'));
  expect(approved.heard).toEqual(['order approved']);
  expect((await hear(approved.told)).heard).toEqual([]);
  await desk.drain();
  const filled = await hear(approved.told);
  expect(filled.heard).toEqual(['order filled', 'position opened']);
  expect(filled.told.signals).toEqual([]);
  expect(await hear(filled.told)).toEqual({ heard: [], told: filled.told });
});

test('one that looked away while it was filled hears that it was approved first', async () => {
  await desk.signal({ strategyId: 'cross', signalId: 'in' });
  await decide();
  expect((await hear(awaiting('in'))).heard).toEqual([
    'order approved',
    'order filled',
    'position opened',
  ]);
});

test('a position that was closed, by whomever, is heard of once', async () => {
  await desk.signal({ strategyId: 'cross', signalId: 'in' });
  await decide();
  const { told } = await hear(awaiting('in'));
  await desk.signal({ strategyId: 'cross', signalId: 'out', action: 'EXIT' });
  await decide();
  const closed = await hear(told);
  expect(closed).toEqual({ heard: ['position closed'], told: { signals: [], position: null } });
  expect((await hear(closed.told)).heard).toEqual([]);
});

test('a signal that risk refused is refused, with the reason', async () => {
  await desk.ledger.store.set(
    paths.strategy('cross'),
    strategyDoc,
    strategy({ status: 'STOPPED' }),
  );
  await desk.signal({ strategyId: 'cross', signalId: 'in' });
  await decide();
  const news = await newsOf(desk.ports, { bookId: 'paper', told: awaiting('in') }, undefined);
  expect(news.events).toMatchObject([
    { kind: 'order', update: { status: 'refused', reason: 'disabled' } },
  ]);
  expect(news.told.signals).toEqual([]);
});

test('a signal that is gone has ended: nothing waits for it for ever', async () => {
  expect(await hear(awaiting('nobody'))).toMatchObject({ heard: ['order expired'] });
});
