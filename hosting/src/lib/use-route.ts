import { useSyncExternalStore } from 'react';
import { routeOf, type Route } from './routes.ts';

const subscribe = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => {
    removeEventListener('hashchange', changed);
  };
};

/** The page that the address names. */
export const useRoute = (): Route => useSyncExternalStore(subscribe, () => routeOf(location.hash));
