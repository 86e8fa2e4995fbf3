import { useSyncExternalStore } from 'react';
import { connectionView, type ConnectionView } from '../features/connection/connection-view.ts';
import { useDesk } from '../lib/desk-context.tsx';
import type { DeskData } from './use-desk-data.ts';

const subscribe = (changed: () => void): (() => void) => {
  addEventListener('online', changed);
  addEventListener('offline', changed);
  return () => {
    removeEventListener('online', changed);
    removeEventListener('offline', changed);
  };
};

/** The connection state, judged anew with every second and snapshot. */
export function useConnection({ heartbeats, prices, now }: DeskData): ConnectionView {
  const { registry } = useDesk();
  const browserOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  const { cachedSince } = registry.connectivity();
  return connectionView({ browserOnline, cachedSince, heartbeats, prices, now });
}
