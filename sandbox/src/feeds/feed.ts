import type { Instrument } from '@tradewind/core/instrument/instrument';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Print } from '@tradewind/core/simulation/price-process';
import type { TapeCandle } from '../exchange/tape.ts';

/** One trade of the market on its way to the tape. */
export type FeedPrint = Print & { readonly symbol: string };

/** A row of a file that was left out, and why. */
export type BadRow = { readonly line: number; readonly reason: string };

/** What a feed says of itself in `/admin/state`. */
export type FeedReport = {
  readonly kind: string;
  readonly ended: boolean;
  readonly firstAt: EpochMs | null;
  readonly lastAt: EpochMs | null;
  readonly badRows: number;
};

/** Where the price process comes from. Time is given to it: it has no clock of its own. */
export type Feed = {
  readonly instruments: readonly Instrument[];
  /** The trades that have happened by `now` and were not taken before, oldest first. */
  readonly take: (now: EpochMs) => readonly FeedPrint[];
  /** Makes a trade that was taken again by its number on the tape; then the tape keeps only the newest. */
  readonly recall?: (symbol: string, id: number) => Print | undefined;
  /** Closed minutes from before the first trade, oldest first. */
  readonly history?: (symbol: string) => readonly TapeCandle[];
  readonly report: () => FeedReport;
  /** Plain JSON that `resume` of the same feed understands. */
  readonly snapshot: () => unknown;
};
