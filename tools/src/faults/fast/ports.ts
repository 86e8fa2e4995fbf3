import { createAccountGuard } from '@tradewind/adapters/execution/guard-account';
import type { Lane } from '@tradewind/adapters/resilience/guard-venue';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { Queue } from '@tradewind/adapters/queue/queue';
import { BREAKER } from '@tradewind/core/risk/breaker';
import type { Exchange } from './exchange.ts';
import type { Process } from './process.ts';
import { createProcessStore } from './store-io.ts';
import { createVenueLink } from './venue-link.ts';
import type { World } from './world.ts';

/** An intent's task, as it goes on the queue. */
export type IntentTask = { readonly bookId: string; readonly intentId: string };

/** Takes a task that is new to the queue. */
export type Accept = (task: IntentTask, delayMs: number) => void;

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SETTINGS = { claimLeaseMs: 30_000, gateLeaseMs: 15_000, priceMaxAgeMs: 300_000 } as const;

/** What a process reaches the world through, in one use case. */
export type OpenPorts = (process: Process, useCase: string) => ExecutionPorts;

type Guard = ReturnType<typeof createAccountGuard>;

/** Breakers and rate budget of each process, as the product's processes have one for all their clients. */
function createGuards(world: World, openQueue: (process: Process, useCase: string) => Queue) {
  const guards = new WeakMap<Process, Guard>();
  return (process: Process): Guard => {
    const known = guards.get(process);
    if (known !== undefined) return known;
    const useCase = 'breakers';
    const parts = {
      store: createProcessStore(world, process, useCase),
      queue: openQueue(process, useCase),
      clock: { wallNow: process.now },
      log: SILENT,
      sleep: process.wait,
      breakerOpenMs: BREAKER.openMs,
    };
    const kind = process.name.startsWith('worker') ? 'worker' : 'functions';
    const made = createAccountGuard(parts, { name: 'binance', process: kind });
    guards.set(process, made);
    return made;
  };
}

/** Ports onto the disk, the exchange and the queue of a world. */
export function createPorts(world: World, exchange: Exchange, accept: Accept): OpenPorts {
  const { dice } = world;
  const enqueued = new Set<string>();
  const queueOf = (process: Process, useCase: string): Queue => ({
    enqueue: (name, payload, { id, delayMs = 0 }) =>
      process.request({
        step: `${useCase} queue ${name}`,
        arriveMs: dice.whole(1, 20),
        answerMs: dice.whole(20, 40),
        effect: () => {
          // The platform remembers the ids of tasks that have run.
          if (name !== 'executeIntent' || !('intentId' in payload) || enqueued.has(id)) return;
          enqueued.add(id);
          accept(payload, delayMs);
        },
      }),
  });
  const guardOf = createGuards(world, queueOf);
  return (process, useCase) => {
    const bare = createVenueLink(world, exchange, { process, useCase });
    const open = (lane: Lane) =>
      Promise.resolve(world.isGuarded ? guardOf(process)(bare, lane) : bare);
    const [venue, urgent] = [open('normal'), open('urgent')];
    return {
      store: createProcessStore(world, process, useCase),
      queue: queueOf(process, useCase),
      clock: { wallNow: process.now, marketNow: process.now },
      log: SILENT,
      venueOf: () => venue,
      urgentVenueOf: () => urgent,
      actor: process.name,
      settings: SETTINGS,
      sleep: process.wait,
      // What arrives when is drawn already.
      random: () => 0.5,
    };
  };
}
