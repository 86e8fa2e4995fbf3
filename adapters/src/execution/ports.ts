import type { BookDoc } from '@tradewind/contracts/documents/book';
import type { DurationMs } from '@tradewind/core/lib/time';
import type { Clock } from '../clock/clock.ts';
import type { Store } from '../ledger/store.ts';
import type { Queue } from '../queue/queue.ts';
import type { Log } from '../telemetry/log.ts';
import type { Venue } from '../venue/venue.ts';

/** Leases and ages that tests shorten. All are wall milliseconds but `priceMaxAgeMs`. */
export type ExecutionSettings = {
  /** How long the right to send one intent lasts (EXE-03). */
  readonly claimLeaseMs: number;
  readonly gateLeaseMs: number;
  /** Market milliseconds after which a price is stale (MD-64). */
  readonly priceMaxAgeMs: number;
  /** How long a breaker stays open before a call may probe; an outage of that length is told. */
  readonly breakerOpenMs?: number;
  /** What waits longer to be taken up was lost on its way; left out, as the specification has it. */
  readonly lostAfterMs?: number;
  /** Orders of a book that may wait for their venue; left out, as the specification has it. */
  readonly orderQueueMax?: number;
};

/** Everything that the execution use cases reach the world through. */
export type ExecutionPorts = {
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  /** The account that a book trades on. @throws Error when the book has no venue here. */
  readonly venueOf: (book: BookDoc) => Promise<Venue>;
  /**
   * The same account through clients and sockets of its own, for exits and emergencies: never behind
   * a bulk read, nor spoilt by one. Left out, it is `venueOf`.
   */
  readonly urgentVenueOf?: (book: BookDoc) => Promise<Venue>;
  /** Names this process in leases and claims. */
  readonly actor: string;
  readonly settings: ExecutionSettings;
  /** Waits; left out, it waits in real time. Tests move their clock instead. */
  readonly sleep?: (ms: DurationMs) => Promise<void>;
  /** From 0 on and below 1; left out, the platform's. Tests and the fault lab give their own. */
  readonly random?: () => number;
};

/** The way to a venue for what must not wait (see `urgentVenueOf`). */
export const urgentVenue = (ports: ExecutionPorts, book: BookDoc): Promise<Venue> =>
  (ports.urgentVenueOf ?? ports.venueOf)(book);

/** A number from 0 on and below 1. */
export const random = (ports: Pick<ExecutionPorts, 'random'>): number =>
  (ports.random ?? Math.random)();

/** Waits `ms`, at least 0. */
export const sleep = (ports: Pick<ExecutionPorts, 'sleep'>, ms: DurationMs): Promise<void> =>
  ports.sleep === undefined
    ? new Promise((resolve) => {
        setTimeout(resolve, Math.max(0, ms));
      })
    : ports.sleep(ms);
