/** List prices in USD without tax, and what is free; everything that this desk is billed for. */
export type ListPrices = {
  /** When these were compared with the pages below, `yyyy-mm-dd`. */
  readonly checkedOn: string;
  readonly sources: readonly string[];
  readonly firestore: {
    readonly perLocation: Readonly<Record<FirestoreLocation, FirestorePrices>>;
    readonly freePerDay: Readonly<Record<'reads' | 'writes' | 'deletes', number>>;
    readonly freeStoredGib: number;
    /** To the internet, such as to dashboards. */
    readonly perEgressGib: number;
    readonly freeEgressGib: number;
  };
  /** Billed for as long as an instance runs: the worker. */
  readonly runAlways: RunPrices;
  /** Billed while a request runs: functions. */
  readonly runOnRequest: RunPrices & {
    readonly perMillionRequests: number;
    readonly freeRequests: number;
  };
  readonly scheduler: { readonly perJob: number; readonly freeJobs: number };
  readonly tasks: { readonly perMillion: number; readonly free: number };
};

/** `regional` is Iowa (us-central1) and its like; `multiRegion` is the United States (nam5). */
export type FirestoreLocation = 'regional' | 'multiRegion';

type FirestorePrices = {
  readonly per100kReads: number;
  readonly per100kWrites: number;
  readonly per100kDeletes: number;
  readonly perStoredGib: number;
};

type RunPrices = {
  readonly perVcpuSecond: number;
  readonly perGibSecond: number;
  /** A month. */
  readonly freeVcpuSeconds: number;
  readonly freeGibSeconds: number;
};

/** Prices change: compare them with the sources before trusting a month's figure, and move the date. */
export const LIST_PRICES: ListPrices = {
  checkedOn: '2026-11-20',
  sources: [
    'https://firebase.google.com/docs/firestore/pricing',
    'https://cloud.google.com/run/pricing',
    'https://cloud.google.com/scheduler/pricing',
    'https://cloud.google.com/tasks/docs/pricing',
  ],
  firestore: {
    perLocation: {
      regional: {
        per100kReads: 0.03,
        per100kWrites: 0.09,
        per100kDeletes: 0.01,
        perStoredGib: 0.15,
      },
      multiRegion: {
        per100kReads: 0.06,
        per100kWrites: 0.18,
        per100kDeletes: 0.02,
        perStoredGib: 0.18,
      },
    },
    freePerDay: { reads: 50_000, writes: 20_000, deletes: 20_000 },
    freeStoredGib: 1,
    perEgressGib: 0.12,
    freeEgressGib: 10,
  },
  runAlways: {
    perVcpuSecond: 0.000018,
    perGibSecond: 0.000002,
    freeVcpuSeconds: 240_000,
    freeGibSeconds: 450_000,
  },
  runOnRequest: {
    perVcpuSecond: 0.000024,
    perGibSecond: 0.0000025,
    freeVcpuSeconds: 180_000,
    freeGibSeconds: 360_000,
    perMillionRequests: 0.4,
    freeRequests: 2_000_000,
  },
  scheduler: { perJob: 0.1, freeJobs: 3 },
  tasks: { perMillion: 0.4, free: 1_000_000 },
};
