import { useMemo, useSyncExternalStore } from 'react';
import type * as z from 'zod';
import { useDesk } from './desk-context.tsx';
import { parseState, type Loaded } from './loaded.ts';
import type { WatchTarget } from './ports.ts';

/** Live documents of one target through their schema; the listener lives as long as its panels. */
export function useLoaded<T>(target: WatchTarget, schema: z.ZodType<T>): Loaded<T> {
  const { registry } = useDesk();
  const key = JSON.stringify(target);
  // Two equal targets are the same read: the key, not the object, decides.
  const store = useMemo(() => registry.open(target), [registry, key]);
  const raw = useSyncExternalStore(store.subscribe, store.get);
  return useMemo(() => parseState(schema, raw), [schema, raw]);
}
