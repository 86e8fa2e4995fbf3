import { createContext, use } from 'react';
import type { DeskPorts } from './ports.ts';
import type { Registry } from './registry.ts';

export type Desk = { readonly ports: DeskPorts; readonly registry: Registry };

export const DeskContext = createContext<Desk | null>(null);

/** @throws Error outside of the provider, which is a bug. */
export function useDesk(): Desk {
  const desk = use(DeskContext);
  if (desk === null) throw new Error('Invariant: panels are drawn inside the desk');
  return desk;
}
