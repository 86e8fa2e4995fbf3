import { setValue } from '../indicator/indicator-set.ts';
import type { Bar } from '../market/bar.ts';
import type { Timeframe } from '../market/market.ts';
import { gapsInit, gapsNext, type GapsState } from '../orderflow/fair-value-gap.ts';
import { hurstInit, hurstNext, type Hurst, type HurstState } from '../orderflow/hurst.ts';
import {
  meanReversionInit,
  meanReversionNext,
  type MeanReversionState,
} from '../orderflow/mean-reversion.ts';
import {
  collect,
  complete,
  frameClose,
  frameInit as profileInit,
  type FrameState as ProfileState,
} from '../orderflow/profile-frame.ts';
import {
  volumeSpikeInit,
  volumeSpikeNext,
  type VolumeSpikeState,
} from '../orderflow/volume-spike.ts';
import { zonesInit, zonesNext, type ZonesState } from '../orderflow/zones.ts';
import { tapeInit, type BarTape } from './bar-tape.ts';
import type { EngineBar } from './bar.ts';
import type { FrameState } from './frames.ts';

/** What may be asked of a timeframe's closed bars beyond indicators; nothing else is computed. */
export const STRUCTURE_PARTS = [
  'zones',
  'gaps',
  'profile',
  'regime',
  'reversion',
  'volumeSpike',
  'flow',
] as const;
export type StructurePart = (typeof STRUCTURE_PARTS)[number];

/** One timeframe, and what of it is looked at. */
export type StructureNeed = {
  readonly timeframe: Timeframe;
  readonly parts: readonly StructurePart[];
};

/** Bars after which an EMA 200 has forgotten where it began (IND-11, STR-55). */
export const CONVERGED_BARS = 600;

/** What is told of one timeframe's closed bars. JSON-able; `null` for what nobody asked for. */
export type FrameStructure = {
  readonly zones: ZonesState | null;
  readonly gaps: GapsState | null;
  readonly profile: ProfileState | null;
  readonly hurst: HurstState | null;
  lastHurst: Hurst | null;
  readonly reversion: MeanReversionState | null;
  readonly volumeSpike: VolumeSpikeState | null;
  lastVolumeSpike: number | null;
  /** Closed bars seen, counted up to {@link CONVERGED_BARS}. */
  bars: number;
};

/** All that is kept for `structure`. JSON-able. */
export type StructureState = {
  /** As the engine's frames stand; `null` for a timeframe whose structure nobody asked for. */
  readonly frames: readonly (FrameStructure | null)[];
  /** `null` where nobody asked for flow. */
  readonly tape: BarTape | null;
  /** Of the last base bar, in quote; 0 before the first. */
  lastClose: number;
};

/** Variants that the parts are computed from. */
const VARIANTS: { readonly [part in StructurePart]: readonly string[] } = {
  zones: ['ATR_14'],
  gaps: ['ATR_14'],
  profile: ['ATR_14'],
  regime: ['ADX_14', 'ATR_PCT_14_20', 'EMA_20', 'EMA_50', 'EMA_200'],
  reversion: [],
  volumeSpike: [],
  flow: ['ATR_14'],
};

/** The parts that are looked at in a timeframe. */
export const partsOf = (
  needs: readonly StructureNeed[],
  timeframe: Timeframe,
): readonly StructurePart[] =>
  needs.filter((need) => need.timeframe === timeframe).flatMap(({ parts }) => parts);

/** Variants that a timeframe has to have for its structure. */
export const structureVariants = (
  needs: readonly StructureNeed[],
  timeframe: Timeframe,
): readonly string[] => partsOf(needs, timeframe).flatMap((part) => VARIANTS[part]);

function frameStructure(
  timeframe: Timeframe,
  parts: readonly StructurePart[],
): FrameStructure | null {
  if (parts.length === 0) return null;
  const has = (part: StructurePart): boolean => parts.includes(part);
  return {
    zones: has('zones') ? zonesInit(timeframe) : null,
    gaps: has('gaps') ? gapsInit(timeframe) : null,
    profile: has('profile') ? profileInit() : null,
    hurst: has('regime') ? hurstInit() : null,
    lastHurst: null,
    reversion: has('regime') || has('reversion') ? meanReversionInit() : null,
    volumeSpike: has('volumeSpike') ? volumeSpikeInit() : null,
    lastVolumeSpike: null,
    bars: 0,
  };
}

/** Structure that has seen nothing. @param timeframes Of the engine's frames, in their order. */
export const structureInit = (
  needs: readonly StructureNeed[],
  timeframes: readonly Timeframe[],
  base: Timeframe,
): StructureState => ({
  frames: timeframes.map((timeframe) => frameStructure(timeframe, partsOf(needs, timeframe))),
  tape: needs.some(({ parts }) => parts.includes('flow')) ? tapeInit(base) : null,
  lastClose: 0,
});

/** Steps of the grid, which zones, gaps and profiles are counted in; they look at no split of the volume. */
function inSteps(bar: EngineBar, { tickSize, lotSize }: Grid): Bar {
  const ticks = (px: number): number => Math.round(px / tickSize);
  return {
    openAt: bar.openAt,
    open: ticks(bar.open),
    high: ticks(bar.high),
    low: ticks(bar.low),
    close: ticks(bar.close),
    volume: Math.round(bar.volume / lotSize),
    buyVolume: 0,
    turnover: 0,
    trades: bar.trades,
    buyTrades: 0,
    gapFilled: false,
    incomplete: bar.incomplete,
  };
}

type Grid = { readonly tickSize: number; readonly lotSize: number };

/** Takes a bar that closed in `frame`, whose indicators know it already, in place. */
export function structureNext(
  structure: FrameStructure,
  frame: FrameState,
  { bar, grid }: { readonly bar: EngineBar; readonly grid: Grid },
): void {
  const { zones, gaps, profile, hurst, reversion, volumeSpike } = structure;
  if (structure.bars < CONVERGED_BARS) structure.bars += 1;
  if (hurst !== null) structure.lastHurst = hurstNext(hurst, bar.close);
  if (reversion !== null) meanReversionNext(reversion, bar.close);
  if (zones === null && gaps === null && profile === null && volumeSpike === null) return;
  const steps = inSteps(bar, grid);
  const atr = setValue(frame.set, 'ATR_14');
  const context = { atr, grid };
  if (zones !== null) zonesNext(zones, steps, context);
  if (gaps !== null) gapsNext(gaps, steps, context);
  if (profile !== null) {
    const collected = collect(steps.openAt, profile.grain);
    complete(collected, steps);
    frameClose(profile, collected, atr === undefined ? undefined : atr / grid.tickSize);
  }
  if (volumeSpike !== null) structure.lastVolumeSpike = volumeSpikeNext(volumeSpike, steps) ?? null;
}
