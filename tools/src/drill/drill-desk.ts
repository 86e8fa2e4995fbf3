import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createGuard, startDesk, type Desk } from '../desk/desk.ts';
import type { Feed } from '../desk/feed.ts';
import { plainSteps } from '../desk/steps.ts';
import { freeOffset, portsAt } from '../lib/ports.ts';
import type { DrillContext } from './drill.ts';

/** Away from a person's desk, from those of tests and from recordings. */
const FIRST_OFFSET = 9_000;

/** The desk that a drill wants. */
export type DrillPlan = {
  readonly name: string;
  /** Where prices come from; given the desk's folder, so that a drill may write its own market there. */
  readonly feed: (folder: string) => Feed;
  readonly symbols: readonly string[];
  /** Left out: with the streaming worker. */
  readonly withWorker?: boolean;
  /** Where to begin to look for free ports; left out, where drills do. */
  readonly firstOffset?: number;
  /** Extra variables of functions and worker, such as shorter leases. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs `body` on a new desk of its own, complete with worker, and ends the desk whatever happens. */
export async function withDrillDesk<T>(
  { root, say }: DrillContext,
  plan: DrillPlan,
  body: (desk: Desk) => Promise<T>,
): Promise<T> {
  const ports = portsAt(await freeOffset(plan.firstOffset ?? FIRST_OFFSET));
  const folder = join(root, '.tradewind', `drill-${plan.name}-${ports.hub}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const guard = createGuard();
  process.once('exit', guard.killAll);
  // Whoever ends the drill ends its desk: a signal alone would leave it behind.
  const stop = (): void => {
    process.exit(130);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const { symbols, env = {}, withWorker = true } = plan;
  try {
    const desk = await startDesk(
      { root, folder, ports, feed: plan.feed(folder), symbols, withWorker, env },
      { steps: plainSteps(process.stderr), guard, say },
    );
    try {
      return await body(desk);
    } finally {
      await desk.stop(false);
    }
  } finally {
    guard.killAll();
    process.off('exit', guard.killAll);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
