import { loadClock, type Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import { connect, type Target } from '../cli/connect.ts';
import { isBusy, portsAt } from '../lib/ports.ts';

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
