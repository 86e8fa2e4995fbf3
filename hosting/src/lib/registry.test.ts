import { epochMs } from '@tradewind/core/lib/time';
import { fakeWorld } from '../testing/fake-ports.ts';
import { T0 } from '../testing/documents.ts';
import { COALESCE_MS, createRegistry } from './registry.ts';

const target = { kind: 'collection', path: 'alerts', limit: 5 } as const;
const nothing = (): void => undefined;

beforeEach(() => import.meta.jest.useFakeTimers());
afterEach(() => import.meta.jest.useRealTimers());

test('UI-09 two panels share one listener, and it ends with the last of them', () => {
  const world = fakeWorld();
  const registry = createRegistry(world.ports);
  const first = registry.open(target).subscribe(nothing);
  const second = registry.open({ ...target }).subscribe(nothing);
  expect(world.listening()).toEqual(['alerts']);
  first();
  expect(registry.connectivity().listeners).toBe(1);
  second();
  expect(world.listening()).toEqual([]);
  expect(registry.connectivity().listeners).toBe(0);
});

test('UI-08 the first change is drawn at once and a burst after it only once more', () => {
  const world = fakeWorld();
  const store = createRegistry(world.ports).open(target);
  let drawn = 0;
  store.subscribe(() => (drawn += 1));
  for (let i = 0; i < 50; i += 1) world.put('alerts', { a: { i } });
  expect(drawn).toBe(1);
  import.meta.jest.advanceTimersByTime(COALESCE_MS);
  expect(drawn).toBe(2);
  expect(store.get()).toMatchObject({ documents: [{ data: { i: 49 } }] });
});

test('UI-03 an empty cache is not "nothing there": only the server may say so', () => {
  const world = fakeWorld();
  world.fromCache('alerts');
  const registry = createRegistry(world.ports);
  const store = registry.open(target);
  store.subscribe(nothing);
  expect(store.get()).toEqual({ status: 'pending' });
  expect(registry.connectivity().cachedSince).toBe(T0);
  world.put('alerts', {});
  expect(store.get()).toMatchObject({ status: 'ready', live: true, documents: [] });
  expect(registry.connectivity().cachedSince).toBeNull();
});

test('what was seen before the connection broke stays, marked as not live', () => {
  const world = fakeWorld();
  const registry = createRegistry(world.ports);
  const store = registry.open(target);
  store.subscribe(nothing);
  world.put('alerts', { a: 1 });
  import.meta.jest.advanceTimersByTime(COALESCE_MS);
  world.setNow(epochMs(T0 + 10_000));
  world.fromCache('alerts');
  expect(store.get()).toMatchObject({ status: 'ready', live: false });
  expect(registry.connectivity().cachedSince).toBe(T0 + 10_000);
});

test('a failed read says why and can be tried again', () => {
  const world = fakeWorld();
  const registry = createRegistry(world.ports);
  const store = registry.open(target);
  store.subscribe(nothing);
  world.fail('alerts', 'your role may not read this');
  expect(store.get()).toEqual({ status: 'error', message: 'your role may not read this' });
  registry.retry();
  expect(store.get()).toMatchObject({ status: 'ready' });
});
