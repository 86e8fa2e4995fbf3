import type { RegimeReading } from '../orderflow/regime.ts';
import type { ZoneType } from '../orderflow/zone.ts';

/** A live zone in quote units (IND-74). */
export type ZoneLevel = {
  readonly zoneId: string;
  readonly type: ZoneType;
  readonly low: number;
  readonly high: number;
  /** 0 to 100. */
  readonly strength: number;
  readonly testCount: number;
};

/** A gap that is not filled, in quote units (IND-81). */
export type GapLevel = {
  readonly type: 'bullish' | 'bearish';
  readonly low: number;
  readonly high: number;
};

/** What is told of a timeframe's closed bars beyond indicators, in quote units. */
export type StructureView = {
  readonly zones: readonly ZoneLevel[];
  readonly gaps: readonly GapLevel[];
  readonly profile: {
    readonly poc: number;
    readonly valueAreaHigh: number;
    readonly valueAreaLow: number;
  } | null;
  readonly regime: RegimeReading | null;
};
