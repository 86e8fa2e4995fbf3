import { TOPICS } from '@tradewind/contracts/topics';
import * as functions from '../index.ts';

test('ARC-56 every subscriber of a topic is a function that is deployed', () => {
  const subscribers = Object.values(TOPICS).flatMap((topic) => topic.subscribers);
  expect(subscribers.length).toBeGreaterThan(8);
  expect(Object.keys(functions)).toEqual(expect.arrayContaining(subscribers));
});

test('ARC-56 every function that is told of events is a subscriber', () => {
  const subscribers = new Set(Object.values(TOPICS).flatMap((topic) => topic.subscribers));
  const told = Object.entries(functions).filter(([name, one]) => {
    const isTold = ['eventTrigger', 'taskQueueTrigger'].some(
      (kind) => one !== undefined && '__endpoint' in one && kind in one.__endpoint,
    );
    return isTold && !name.startsWith('probe');
  });
  expect(told.map(([name]) => name).filter((name) => !subscribers.has(name))).toEqual([]);
  expect(told).toHaveLength(subscribers.size);
});
