import { act } from '@testing-library/react';
import { fakeWorld } from '../testing/fake-ports.ts';
import { T0 } from '../testing/documents.ts';
import { renderIn } from '../testing/render-desk.tsx';
import { PRESENCE_LASTS_MS, PRESENCE_MS, usePresence } from './use-presence.ts';

function Tab() {
  usePresence('u1');
  return null;
}

const see = (state: 'visible' | 'hidden'): void => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, value: state });
  act(() => {
    document.dispatchEvent(new Event('visibilitychange'));
  });
};

beforeEach(() => {
  import.meta.jest.useFakeTimers();
});
afterEach(() => {
  see('visible');
  import.meta.jest.useRealTimers();
});

test('a visible tab says every minute that it is there, for ninety seconds each', () => {
  const world = fakeWorld();
  renderIn(world, <Tab />);
  expect(world.present()).toEqual([{ at: T0, expiresAt: T0 + PRESENCE_LASTS_MS }]);
  import.meta.jest.advanceTimersByTime(2 * PRESENCE_MS);
  expect(world.shown()).toBe(3);
});

test('a hidden tab is taken away and says nothing; seen again, it is back', () => {
  const world = fakeWorld();
  renderIn(world, <Tab />);
  see('hidden');
  expect(world.present()).toEqual([]);
  import.meta.jest.advanceTimersByTime(5 * PRESENCE_MS);
  expect(world.shown()).toBe(1);
  see('visible');
  expect(world.present()).toHaveLength(1);
});

test('a tab that closes, or signs out, is taken away', () => {
  const world = fakeWorld();
  const { unmount } = renderIn(world, <Tab />);
  act(() => {
    dispatchEvent(new Event('pagehide'));
  });
  expect(world.present()).toEqual([]);
  unmount();
  expect(world.present()).toEqual([]);
});
