import { tasks } from '@tradewind/contracts/tasks';
import { paths } from '@tradewind/contracts/paths';
import * as deployed from '../index.ts';

const triggers: Readonly<Record<string, unknown>> = deployed;

/** What the platform is told of a function. */
const endpointOf = (name: string): unknown => {
  const found = triggers[name];
  return typeof found === 'function' ? Reflect.get(found, '__endpoint') : undefined;
};

test('EXE-04 EXE-01 signals are read by the gate of their book, whose trigger is repeated until it succeeds', () => {
  const document = paths.signal('{bookId}', '{signalId}');
  expect(endpointOf('decideSignals')).toMatchObject({
    eventTrigger: {
      eventType: 'google.cloud.firestore.document.v1.created',
      eventFilterPathPatterns: { document },
      retry: true,
    },
  });
});

test('EXE-04 every queue that something is put on has a function that takes it off, above all executeIntent', () => {
  expect(Object.keys(tasks)).toContain('executeIntent');
  for (const name of Object.keys(tasks))
    expect({ name, endpoint: endpointOf(name) }).toMatchObject({
      name,
      endpoint: { taskQueueTrigger: expect.any(Object) as unknown },
    });
});

test('EXE-04 order sync, which finds what both have missed, runs every minute', () => {
  expect(endpointOf('syncOrders')).toMatchObject({ scheduleTrigger: { schedule: '* * * * *' } });
});
