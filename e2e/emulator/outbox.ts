import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { Queue } from '@tradewind/adapters/queue/queue';
import { silentLog, type Log } from '@tradewind/adapters/telemetry/log';
import { bookDoc } from '@tradewind/contracts/documents/book';
import {
  alertDoc,
  notificationDoc,
  type AlertDoc,
  type NotificationDoc,
} from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { book, NOW } from './documents.ts';
import { openLedger, type Ledger } from './open-ledger.ts';

/** Who gets the mails of these tests. */
export const TO = 'me@example.com';

/** A ledger with a book, and a queue that notes what is enqueued. */
export type Outbox = {
  readonly ledger: Ledger;
  readonly ports: {
    readonly store: Store;
    readonly clock: Clock;
    readonly log: Log;
    readonly queue: Queue;
  };
  /** Ids of tasks. */
  readonly enqueued: string[];
  readonly mails: () => Promise<NotificationDoc[]>;
  readonly alerts: () => Promise<AlertDoc[]>;
  /** Empties all of it. */
  readonly reset: () => Promise<void>;
};

export function openOutbox(name: string): Outbox {
  const ledger = openLedger(name, NOW);
  const { store, clock } = ledger;
  const enqueued: string[] = [];
  const queue: Queue = {
    enqueue: async (_name, _payload, { id }) => {
      enqueued.push(id);
    },
  };
  return {
    ledger,
    ports: { store, clock, log: silentLog, queue },
    enqueued,
    mails: () => store.query(store.firestore.collection(paths.notifications), notificationDoc),
    alerts: () => store.query(store.firestore.collection(paths.alerts), alertDoc),
    reset: async () => {
      await ledger.clear();
      enqueued.length = 0;
      await store.set(paths.book('paper'), bookDoc, book());
    },
  };
}
