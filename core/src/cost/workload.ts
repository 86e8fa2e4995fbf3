/** Firestore operations and the bytes that went with them; any span of time. */
export type Operations = {
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
};

export const NO_OPERATIONS: Operations = {
  reads: 0,
  writes: 0,
  deletes: 0,
  bytesRead: 0,
  bytesWritten: 0,
};

export const operations = (some: Partial<Operations>): Operations => ({
  ...NO_OPERATIONS,
  ...some,
});

/** `times` as much; any factor, so that a minute makes a day. */
export const scaled = (one: Operations, times: number): Operations => ({
  reads: one.reads * times,
  writes: one.writes * times,
  deletes: one.deletes * times,
  bytesRead: one.bytesRead * times,
  bytesWritten: one.bytesWritten * times,
});

export const summed = (...all: readonly Operations[]): Operations =>
  all.reduce(
    (sum, one) => ({
      reads: sum.reads + one.reads,
      writes: sum.writes + one.writes,
      deletes: sum.deletes + one.deletes,
      bytesRead: sum.bytesRead + one.bytesRead,
      bytesWritten: sum.bytesWritten + one.bytesWritten,
    }),
    NO_OPERATIONS,
  );

/** What each part of a desk asks of Firestore; what of it grows with what. */
export type Workload = {
  /** Candles, order flow and profile of one followed market. */
  readonly perSymbolDay: Operations;
  /** One bot on one-minute bars that decides and does not trade. */
  readonly perBotDay: Operations;
  /** Board, heartbeat, lease and listeners of one worker shard. */
  readonly perShardDay: Operations;
  /** What happens once, whatever the size: cycle, order sync, guardian. */
  readonly perDeskDay: Operations;
  /** Looking after a book that holds something, however much. */
  readonly perHoldingDay: Operations;
  /** Looking after one open position and its stop at the venue. */
  readonly perPositionDay: Operations;
  /** One open, visible dashboard, with what it makes the worker write faster. */
  readonly perViewerHour: Operations;
  /** Kept at the end of a day of one market. */
  readonly storedBytesPerSymbolDay: number;
};

const MINUTES = 1_440;
const HOURS = 24;

/** By storage size rules; a chunk of half an hour is written and read. */
const CHUNK_BYTES = 16_000;
const STATUS_BYTES = 800;
const STATE_BYTES = 3_000;
const HEARTBEAT_BYTES = 500;
/** How a strategy judged half an hour of bars: it is read and written with one more. */
const EVALUATIONS_BYTES = 19_000;

/**
 * One bot on one-minute bars. Each minute it is dispatched once: bot, market, state, book, positions, intents, signals
 * (an empty query is a read), risk, its last order, the board and two chunks are read; state, status and the hour's
 * evaluations are read in the transaction that writes them, and a signal under way is looked at. Asked of the
 * emulator by a test.
 */
export const BOT_DAY: Operations = operations({
  reads: 16 * MINUTES,
  writes: 3 * MINUTES,
  bytesRead: (2 * CHUNK_BYTES + 2 * STATE_BYTES + EVALUATIONS_BYTES + 4_500) * MINUTES,
  bytesWritten: (STATUS_BYTES + STATE_BYTES + EVALUATIONS_BYTES) * MINUTES,
});

/**
 * Each minute `runCycle` (lease twice, heartbeat, two queries), the whole comparison with the venue once and the short one
 * once, and the guardian with its heartbeats. The comparisons are asked of a desk in memory by a test.
 */
export const DESK_DAY: Operations = operations({
  reads: (4 + 32 + 13 + 6) * MINUTES,
  writes: (3 + 4 + 1) * MINUTES,
  bytesRead: 20_000 * MINUTES,
  bytesWritten: HEARTBEAT_BYTES * 8 * MINUTES,
});

/** Looks of the worker in a minute: monitors of a book and its comparison with the venue. */
const LOOKS = 6;
const POSITION_BYTES = 1_200;
const RISK_BYTES = 1_000;

/** The worker's monitors of a book that holds something. Asked of a desk in memory by a test. */
export const HOLDING_DAY: Operations = operations({
  reads: LOOKS * 6 * MINUTES,
  writes: 4 * MINUTES,
  bytesRead: LOOKS * 6 * RISK_BYTES * MINUTES,
  bytesWritten: 4 * RISK_BYTES * MINUTES,
});

/** Position, market and stop in both comparisons of a minute and in the guardian's look. Asked of a desk in memory by a test. */
const POSITION_SYNC_READS = 15 + 5 + 3;

/** One open position without a worker. */
export const CYCLE_POSITION_DAY: Operations = operations({
  reads: POSITION_SYNC_READS * MINUTES,
  bytesRead: POSITION_SYNC_READS * POSITION_BYTES * MINUTES,
});

/** What the market has done lately, which monitors ask for once a minute. */
const CANDLE_READS = 3;

/** One open position with a worker, which looks at it every ten seconds. */
export const POSITION_DAY: Operations = summed(
  CYCLE_POSITION_DAY,
  operations({
    reads: (LOOKS * (3 + 1) + CANDLE_READS) * MINUTES,
    bytesRead: (LOOKS * 4 * POSITION_BYTES + CANDLE_READS * CHUNK_BYTES) * MINUTES,
  }),
);

/**
 * One market without a worker: the cycle adds the minute to its chunk, after it read it. The board that all markets share
 * is in {@link CYCLE_BOARD_DAY}. Asked of the emulator by a test.
 */
export const CYCLE_SYMBOL_DAY: Operations = operations({
  reads: MINUTES,
  writes: MINUTES,
  bytesRead: CHUNK_BYTES * MINUTES,
  bytesWritten: CHUNK_BYTES * MINUTES,
});

/** The board that the cycle writes once a minute for all markets of a book. */
export const CYCLE_BOARD_DAY: Operations = operations({ reads: MINUTES, writes: MINUTES });

/** What a dashboard reads besides what a worker makes it read: statuses and the cycle's heartbeat, each minute. */
export const viewerHour = (bots: number): Operations =>
  operations({
    reads: 60 * (bots + 1),
    bytesRead: 60 * (bots * STATUS_BYTES + HEARTBEAT_BYTES),
  });

/** A dashboard without a worker: chunk of the shown market, board, and its own presence, each once a minute. */
export const cycleViewerHour = (bots: number): Operations =>
  summed(
    viewerHour(bots),
    operations({ reads: 120, writes: 60, bytesRead: 60 * (CHUNK_BYTES + 4_000) }),
  );

/** Bytes of a full chunk times the day's hours. */
export const STORED_BYTES_PER_SYMBOL_DAY = 2 * CHUNK_BYTES * HOURS;
