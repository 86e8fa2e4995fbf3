import { loadClock, type Clock } from '@tradewind/adapters/clock/clock';
import { keptAs } from '@tradewind/adapters/archive/origin';
import type { Store } from '@tradewind/adapters/ledger/store';
import { clockDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { connect, type Target } from '../cli/connect.ts';
import { isBusy, portsAt } from '../lib/ports.ts';
import type { Place } from './open-data.ts';

/** Which desk's ledger knows of sessions. */
export type Desk = Target;

/** The ledger of a project that was named or a desk that runs here; `undefined` when there is neither. */
export async function connectIfRunning(desk: Desk): Promise<Store | undefined> {
  if (desk.project === undefined && !(await isBusy(portsAt(desk.portOffset).firestore)))
    return undefined;
  return (await connect(desk)).store;
}

/** The ledger and its clocks. @throws Fault when no desk runs. */
export async function connectWithClock(desk: Desk): Promise<{ store: Store; clock: Clock }> {
  const { store } = await connect(desk);
  return { store, clock: await loadClock(store) };
}

/** The archive that a desk's own worker keeps, unless another origin is named. */
export async function placeOfDesk<P extends Place & Desk>(
  place: P,
  store: Store | undefined,
): Promise<P> {
  if (place.origin !== undefined || store === undefined) return place;
  const told = await store.get(paths.clock, clockDoc);
  const isLocal = place.project === undefined;
  return {
    ...place,
    origin: keptAs(told?.dataOrigin ?? (isLocal ? 'synthetic' : 'live'), isLocal),
  };
}
