import type { Instrument } from '@tradewind/core/instrument/instrument';
import { SIM_DEFAULTS, type SimConfig } from '@tradewind/core/simulation/state';
import { planActors, runSchedules } from './actors.ts';
import { compare, isSettled, type Findings } from './compare.ts';
import { createDice } from './dice.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { CALM, drawRates } from './faults.ts';
import { createMarket } from './market.ts';
import { createDisk, type Write } from './memory-disk.ts';
import { createPlatform, type Platform } from './platform.ts';
import { CASH, drawBook, instrumentsOf, QUOTE, seedBook, START } from './seed-book.ts';
import { watchProtection } from './protection.ts';
import { createTimeline } from './timeline.ts';
import { watchLimits } from './watch-limits.ts';
import { startWorker } from './worker.ts';
import { createWorld, emptyTally, type World } from './world.ts';

/** What one scenario came to. */
export type Outcome = {
  readonly seed: number;
  readonly faults: number;
  /** Steps at which a process was killed. */
  readonly steps: readonly string[];
  readonly findings: Findings & {
    readonly limitViolations: readonly string[];
    /** Errors that no fault explains. */
    readonly bugs: readonly string[];
  };
  /** What happened, line by line; empty unless asked for. */
  readonly lines: readonly string[];
};

/** Recovery passes after the last fault; far more than anything needs. */
const MAX_ROUNDS = 40;
const ROUND_MS = 31_000;

/** Nothing is under way; and what a last round has changed, the guardian of the next one has looked after. */
const isAtRest = (...world: Parameters<typeof compare>): boolean =>
  isSettled(...world) && compare(...world).unprotected.length === 0;

/** Has the schedules run without harm until all is quiet. */
async function recover(world: World, platform: Platform, exchange: Exchange): Promise<void> {
  const { timeline, disk } = world;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    runSchedules(platform);
    await timeline.run(timeline.now() + ROUND_MS);
    if (platform.isIdle() && isAtRest(disk, exchange)) return;
  }
  world.bug(new Error('It is still not quiet'));
}

/** Runs one scenario to its end: the same seed, the same scenario. */
export async function runScenario(seed: number, traced = false): Promise<Outcome> {
  const dice = createDice(seed);
  const timeline = createTimeline(START);
  const tally = emptyTally();
  const limits = watchLimits(() => disk, timeline.now);
  const protection = watchProtection(
    () => world,
    () => exchange,
  );
  const disk = createDisk((writes: readonly Write[]) => {
    limits.onCommit(writes);
    protection.onCommit(writes);
  });
  const plan = drawBook(dice);
  const exchange = createExchange({
    sim: simConfig(instrumentsOf(plan), dice.pick([0, 0, 300])),
    market: plan.market,
    cash: CASH,
    quote: QUOTE,
    seed,
    now: timeline.now,
    schedule: timeline.at,
  });
  const activeMs = dice.pick([15_000, 30_000, 30_000, 90_000]);
  const calmFrom = START + activeMs;
  const drawn = dice.chance(0.1) ? CALM : drawRates(dice);
  const { lastPrice } = exchange;
  const world = createWorld({
    ...{ timeline, dice, disk, lastPrice, drawn, calmFrom, tally, traced },
    isGuarded: dice.chance(0.3),
    arrives: limits.onArrival,
  });
  seedBook(disk, plan);
  const platform = createPlatform(world, exchange);
  const instruments = instrumentsOf(plan).slice(0, dice.pick([1, 2, 4, 4]));
  const market = createMarket(world, exchange, instruments);
  const parts = { platform, market, instruments };
  startWorker(world, parts, 'worker-a');
  if (dice.chance(0.3)) startWorker(world, parts, 'worker-b');
  market.start();
  planActors(world, platform, { instruments, activeMs });

  await timeline.run(calmFrom);
  await recover(world, platform, exchange);
  const found = compare(disk, exchange);
  return {
    seed,
    faults: tally.faults,
    steps: [...tally.steps],
    findings: {
      ...found,
      unprotected: [...found.unprotected, ...protection.late],
      duplicates: [...found.duplicates, ...limits.doubled],
      limitViolations: limits.broken,
      bugs: tally.bugs,
    },
    lines: tally.lines,
  };
}

const simConfig = (instruments: readonly Instrument[], latencyMs: number): SimConfig => ({
  ...SIM_DEFAULTS,
  instruments: Object.fromEntries(instruments.map((one) => [one.marketKey, one])),
  latencyMs: { min: Math.min(50, latencyMs), max: latencyMs },
});
