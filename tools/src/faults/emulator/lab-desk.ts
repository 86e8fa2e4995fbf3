import type { Store } from '@tradewind/adapters/ledger/store';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Ports } from '../../lib/ports.ts';

/** A running desk, as the lab needs it. */
export type LabDesk = {
  readonly ports: Ports;
  readonly store: Store;
  readonly marketNow: () => EpochMs;
};
