import type { VenueOrder } from '@tradewind/adapters/venue/venue';
import type { Price } from '@tradewind/core/lib/units';
import type { Dice } from './dice.ts';
import { CALM, type Rates } from './faults.ts';
import type { Disk } from './memory-disk.ts';
import type { Timeline } from './timeline.ts';

/** What all parts of one scenario share. */
export type World = {
  readonly timeline: Timeline;
  readonly dice: Dice;
  readonly disk: Disk;
  /** The harm of this moment: none once the scenario has had its share. */
  readonly rates: () => Rates;
  readonly isCalm: () => boolean;
  /** Breakers and a rate budget stand between the desk and the venue: a ban keeps it away for minutes. */
  readonly isGuarded: boolean;
  /** Called with every order that reaches the venue. */
  readonly arrives: (order: VenueOrder) => void;
  readonly lastPrice: (marketKey: string) => Price | undefined;
  /** Notes a fault that was injected, in words. */
  readonly fault: (words: string) => void;
  /** Simulated time of the last one; before the beginning when there was none. */
  readonly lastFaultAt: () => number;
  /** Notes that a process was killed at this step. */
  readonly killedAt: (step: string) => void;
  /** A line for whoever replays the seed. */
  readonly trace: (line: () => string) => void;
  /** A bug that threw: never a fault that was injected. */
  readonly bug: (error: unknown) => void;
};

/** What happened in a scenario. */
export type Tally = {
  faults: number;
  readonly steps: Set<string>;
  readonly bugs: string[];
  readonly lines: string[];
};

export const emptyTally = (): Tally => ({ faults: 0, steps: new Set(), bugs: [], lines: [] });

type Parts = Pick<World, 'timeline' | 'dice' | 'disk' | 'lastPrice' | 'isGuarded' | 'arrives'> & {
  readonly drawn: Rates;
  /** Simulated time until which harm is done. */
  readonly calmFrom: number;
  readonly tally: Tally;
  readonly traced: boolean;
};

const asText = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

export function createWorld(parts: Parts): World {
  const { timeline, disk, drawn, calmFrom, tally, traced } = parts;
  const start = timeline.now();
  let lastFaultAt = -Infinity;
  const trace: World['trace'] = (line) => {
    if (!traced) return;
    const at = ((timeline.now() - start) / 1_000).toFixed(3).padStart(8);
    tally.lines.push(`${at} ${line()}`);
  };
  return {
    timeline,
    disk,
    dice: parts.dice,
    lastPrice: parts.lastPrice,
    isGuarded: parts.isGuarded,
    arrives: parts.arrives,
    rates: () => (timeline.now() < calmFrom ? drawn : CALM),
    isCalm: () => timeline.now() >= calmFrom,
    trace,
    lastFaultAt: () => lastFaultAt,
    fault: (words) => {
      tally.faults += 1;
      lastFaultAt = timeline.now();
      trace(() => `FAULT ${words}`);
    },
    killedAt: (step) => {
      tally.steps.add(step);
    },
    bug: (error) => {
      tally.bugs.push(asText(error));
      trace(() => `BUG ${asText(error)}`);
    },
  };
}
