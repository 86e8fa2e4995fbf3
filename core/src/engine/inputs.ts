import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { tapeNext } from './bar-tape.ts';
import type { EngineBar } from './bar.ts';
import type { EngineState, Instance } from './engine.ts';
import { frameInit, frameNext, type FrameState } from './frames.ts';
import {
  partsOf,
  structureInit,
  structureNext,
  structureVariants,
  type StructureState,
} from './structure-state.ts';

/** The timeframes that a strategy looks at, its own first. */
export function framesOf({ strategy: { needs }, base }: Instance): FrameState[] {
  const { timeframe: own, variants, structure } = needs;
  const names = Object.keys(TIMEFRAMES) as Timeframe[];
  const others = names.filter(
    (name) => name !== own && (variants[name] !== undefined || partsOf(structure, name).length > 0),
  );
  return [own, ...others].map((name) =>
    frameInit(name, base, [...(variants[name] ?? []), ...structureVariants(structure, name)]),
  );
}

/** What is to be learned of the frames' bars beyond indicators. */
export const structureOf = (
  { strategy, base }: Instance,
  frames: readonly FrameState[],
): StructureState =>
  structureInit(
    strategy.needs.structure,
    frames.map(({ timeframe }) => timeframe),
    base,
  );

/** Takes a base bar into every timeframe, in place; the bar of the strategy's own that it closes, if any. */
export function closedBar(
  { frames, structure }: EngineState,
  base: EngineBar,
  grid: Instance['grid'],
): EngineBar | null {
  const { tape } = structure;
  structure.lastClose = base.close;
  if (tape !== null) tapeNext(tape, base, grid.lotSize);
  let own: EngineBar | null = null;
  for (let at = frames.length - 1; at >= 0; at -= 1) {
    const frame = frames[at];
    if (frame === undefined) continue;
    own = frameNext(frame, base);
    const known = structure.frames[at];
    if (own !== null && known !== undefined && known !== null)
      structureNext(known, frame, { bar: own, grid });
  }
  return own;
}
