import { emergencyCancel } from '@tradewind/adapters/execution/emergency-cancel';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { paths } from '@tradewind/contracts/paths';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
beforeEach(() => {
  desk = openDesk('resend', { stops: true, memory: true });
});
afterEach(() => desk.ledger.close());

test('RSK-92 an entry that is about to be sent again when the stop is pressed is not sent', async () => {
  await desk.seed();
  await desk.signal();
  await runGate(desk.ports, 'paper');
  desk.venue.script.push({ kind: 'lostBefore' });
  const { store } = desk.ports;
  let looks = 0;
  // The last look at the switches before it is sent again finds them on: then somebody presses the button.
  const get: typeof store.get = async (path, schema) => {
    const value = await store.get(path, schema);
    if (path === paths.riskState('paper')) looks += 1;
    if (looks === 1) {
      looks += 1;
      await emergencyCancel(desk.ports, { flatten: false, by: 'a trader' });
    }
    return value;
  };
  const [intent] = await desk.intents();
  await executeIntent(
    { ...desk.ports, store: { ...store, get } },
    { bookId: 'paper', intentId: intent?.intentId ?? '' },
  );
  expect(looks).toBeGreaterThan(1);
  expect(desk.venue.taken).toEqual([]);
  await desk.recover();
  expect(desk.venue.taken).toEqual([]);
  expect(await desk.orders()).toMatchObject([{ status: 'NOT_SENT' }]);
});
