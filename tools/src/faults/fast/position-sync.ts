import { reconcileAccounts } from '@tradewind/adapters/reconcile/reconcile-account';
import { isInjected } from './injected.ts';
import type { Platform } from './platform.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

const EVERY_MS = 10_000;

/** Compares what is held with the venue every ten seconds, as worker/position-sync does, in whichever process lives. */
export function comparePositions(world: World, platform: Platform, process: () => Process): void {
  const { timeline } = world;
  const compare = (): void => {
    const own = process();
    if (own.isAlive())
      reconcileAccounts(platform.portsOf(own, 'positionSync')).catch((error: unknown) => {
        if (!isInjected(error)) world.bug(error);
      });
    timeline.at(timeline.now() + EVERY_MS, compare);
  };
  compare();
}
