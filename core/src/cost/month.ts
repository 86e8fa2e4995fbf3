import type { FirestoreLocation, ListPrices } from './prices.ts';
import { scaled, summed, type Operations, type Workload } from './workload.ts';

/** How large a desk is, and how it is run. */
export type Setup = {
  readonly symbols: number;
  readonly bots: number;
  /** Open on average. */
  readonly positions: number;
  /** Dashboards that are open at the same time. */
  readonly viewers: number;
  /** Worker instances that run day and night; 0 is a desk without a worker. */
  readonly workers: number;
  readonly location: FirestoreLocation;
  /** Hours a day that each viewer watches. */
  readonly watchedHours: number;
  /** Days of chunks that are stored: a desk deletes none by itself. */
  readonly keptDays: number;
};

/** What is assumed where nobody says otherwise: a working day of watching, a month of history. */
export const ASSUMED = { location: 'regional', watchedHours: 8, keptDays: 30 } as const;

/** Cents are for people: figures are not rounded. All USD a month of 30 days. */
export type Month = {
  readonly operations: Operations;
  readonly firestore: {
    readonly reads: number;
    readonly writes: number;
    readonly deletes: number;
    readonly storage: number;
    readonly egress: number;
    readonly usd: number;
  };
  readonly compute: {
    readonly worker: number;
    readonly functions: number;
    readonly scheduler: number;
    readonly tasks: number;
    readonly usd: number;
  };
  readonly totalUsd: number;
  /** The same less what is free each day and month. */
  readonly afterFreeTierUsd: { readonly firestore: number; readonly compute: number };
};

export const DAYS = 30;
const GIB = 2 ** 30;
const DAY_SECONDS = 86_400;

/** One worker instance (docs/cost.md): a vCPU and a GiB, always on, as ops/README.md deploys it. */
const WORKER = { vcpu: 1, gib: 1 };
/** A function's instance, and how long one invocation of each kind takes, in seconds. */
const FUNCTION = { vcpu: 1, gib: 0.5, dispatchSeconds: 0.5, cycleSeconds: 0.3, syncSeconds: 0.4 };
/** Evaluation is dispatched for this many bots at once. */
const BOTS_PER_DISPATCH = 50;
/** `runCycle` and `syncOrders`. */
const SCHEDULED_JOBS = 2;

/** Operations of one day of the whole desk. */
export function dayOf(workload: Workload, setup: Setup): Operations {
  const { symbols, bots, positions, viewers, workers, watchedHours } = setup;
  return summed(
    scaled(workload.perSymbolDay, symbols),
    scaled(workload.perBotDay, bots),
    scaled(workload.perShardDay, workers),
    workload.perDeskDay,
    scaled(workload.perHoldingDay, Math.min(1, positions)),
    scaled(workload.perPositionDay, positions),
    scaled(workload.perViewerHour, viewers * watchedHours),
  );
}

type Bill = { readonly day: Operations; readonly storedGib: number; readonly egressGib: number };

/** @param free Whether to take off what is free. */
function firestoreBill(
  { day, storedGib, egressGib }: Bill,
  { firestore }: ListPrices,
  { location, free }: { readonly location: FirestoreLocation; readonly free: boolean },
): Month['firestore'] {
  const price = firestore.perLocation[location];
  const beyond = (used: number, granted: number): number =>
    Math.max(0, used - (free ? granted : 0));
  const { freePerDay } = firestore;
  const reads = (DAYS * beyond(day.reads, freePerDay.reads) * price.per100kReads) / 1e5;
  const writes = (DAYS * beyond(day.writes, freePerDay.writes) * price.per100kWrites) / 1e5;
  const deletes = (DAYS * beyond(day.deletes, freePerDay.deletes) * price.per100kDeletes) / 1e5;
  const storage = beyond(storedGib, firestore.freeStoredGib) * price.perStoredGib;
  const egress = beyond(egressGib, firestore.freeEgressGib) * firestore.perEgressGib;
  return {
    reads,
    writes,
    deletes,
    storage,
    egress,
    usd: reads + writes + deletes + storage + egress,
  };
}

/** Seconds of functions and their number, a month. */
function functionRuns({ bots }: Setup) {
  const minutes = DAYS * 1_440;
  const dispatches = minutes * Math.max(1, Math.ceil(bots / BOTS_PER_DISPATCH));
  const seconds =
    dispatches * FUNCTION.dispatchSeconds +
    minutes * FUNCTION.cycleSeconds +
    2 * minutes * FUNCTION.syncSeconds;
  return { seconds, requests: dispatches + 3 * minutes, tasks: dispatches + 2 * minutes };
}

function computeBill(setup: Setup, prices: ListPrices, free: boolean): Month['compute'] {
  const { runAlways, runOnRequest, scheduler, tasks } = prices;
  const beyond = (used: number, granted: number): number =>
    Math.max(0, used - (free ? granted : 0));
  const on = setup.workers * DAYS * DAY_SECONDS;
  const worker =
    beyond(on * WORKER.vcpu, runAlways.freeVcpuSeconds) * runAlways.perVcpuSecond +
    beyond(on * WORKER.gib, runAlways.freeGibSeconds) * runAlways.perGibSecond;
  const runs = functionRuns(setup);
  const functions =
    beyond(runs.seconds * FUNCTION.vcpu, runOnRequest.freeVcpuSeconds) *
      runOnRequest.perVcpuSecond +
    beyond(runs.seconds * FUNCTION.gib, runOnRequest.freeGibSeconds) * runOnRequest.perGibSecond +
    (beyond(runs.requests, runOnRequest.freeRequests) * runOnRequest.perMillionRequests) / 1e6;
  const jobs = beyond(SCHEDULED_JOBS, scheduler.freeJobs) * scheduler.perJob;
  const queued = (beyond(runs.tasks, tasks.free) * tasks.perMillion) / 1e6;
  return {
    worker,
    functions,
    scheduler: jobs,
    tasks: queued,
    usd: worker + functions + jobs + queued,
  };
}

/**
 * What a month of 30 days costs at list prices, in USD: linear in symbols, bots, positions, workers and viewers. Trading itself
 * is not in it: an order is some twenty writes.
 *
 * @throws RangeError when a size is negative or not a number.
 */
export function monthOf(workload: Workload, setup: Setup, prices: ListPrices): Month {
  const { symbols, bots, positions, viewers, workers, watchedHours } = setup;
  for (const size of [symbols, bots, positions, viewers, workers, watchedHours])
    if (!(size >= 0))
      throw new RangeError(`Invariant: a desk's sizes are not negative, was ${size}`);
  const day = dayOf(workload, setup);
  const watched = scaled(workload.perViewerHour, setup.viewers * setup.watchedHours);
  const bill: Bill = {
    day,
    storedGib: (workload.storedBytesPerSymbolDay * setup.symbols * setup.keptDays) / GIB,
    egressGib: (watched.bytesRead * DAYS) / GIB,
  };
  const { location } = setup;
  const firestore = firestoreBill(bill, prices, { location, free: false });
  const compute = computeBill(setup, prices, false);
  return {
    operations: scaled(day, DAYS),
    firestore,
    compute,
    totalUsd: firestore.usd + compute.usd,
    afterFreeTierUsd: {
      firestore: firestoreBill(bill, prices, { location, free: true }).usd,
      compute: computeBill(setup, prices, true).usd,
    },
  };
}
