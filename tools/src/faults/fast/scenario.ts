import { amountOf } from '@tradewind/core/lib/units';
import { SIM_DEFAULTS, type SimConfig } from '@tradewind/core/simulation/state';
import { planActors, runSchedules } from './actors.ts';
import { compare, isSettled, type Findings } from './compare.ts';
import { createDice } from './dice.ts';
import { createExchange } from './exchange.ts';
import { CALM, drawRates } from './faults.ts';
import { createMarket } from './market.ts';
import { createDisk, type Write } from './memory-disk.ts';
import { createPlatform } from './platform.ts';
import { CASH, INSTRUMENTS, seedBook, START } from './seed-book.ts';
import { watchProtection } from './protection.ts';
import { createTimeline } from './timeline.ts';
import { watchLimits } from './watch-limits.ts';
import { startWorker } from './worker.ts';
import { createWorld, emptyTally } from './world.ts';

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
  const exchange = createExchange({
    sim: simConfig(dice.pick([0, 0, 300])),
    funds: { USDT: amountOf(CASH) },
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
  seedBook(disk, dice.chance(0.5));
  const platform = createPlatform(world, exchange);
  const instruments = INSTRUMENTS.slice(0, dice.pick([1, 2, 4, 4]));
  const market = createMarket(world, exchange, instruments);
  startWorker(world, { platform, market }, 'worker-a');
  if (dice.chance(0.3)) startWorker(world, { platform, market }, 'worker-b');
  market.start();
  planActors(world, platform, { instruments, activeMs });

  await timeline.run(calmFrom);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    runSchedules(platform);
    await timeline.run(timeline.now() + ROUND_MS);
    if (platform.isIdle() && isAtRest(disk, exchange)) break;
    if (round === MAX_ROUNDS - 1) world.bug(new Error('It is still not quiet'));
  }
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

const simConfig = (latencyMs: number): SimConfig => ({
  ...SIM_DEFAULTS,
  instruments: Object.fromEntries(INSTRUMENTS.map((one) => [one.marketKey, one])),
  latencyMs: { min: Math.min(50, latencyMs), max: latencyMs },
});
