import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { Exchange } from './exchange.ts';
import { isInjected } from './injected.ts';
import { createPorts, type IntentTask, type OpenPorts } from './ports.ts';
import { createProcess, type Process } from './process.ts';
import type { World } from './world.ts';

/** One thing that a function does, as often as the platform delivers it. */
export type Job = {
  readonly useCase: string;
  readonly run: (ports: ExecutionPorts) => Promise<unknown>;
  readonly maxAttempts: number;
};

/** The functions' platform and the processes on it. */
export type Platform = {
  /** Delivers a job after `delayMs`: at least once, again after failures and deaths. */
  readonly deliver: (job: Job, delayMs: number) => void;
  /** A process that runs until it is killed. */
  readonly spawn: (name: string) => Process;
  readonly portsOf: OpenPorts;
  /** True when no job waits or runs. */
  readonly isIdle: () => boolean;
};

/** A dead instance is noticed and its jobs are delivered again after this. */
const REDELIVER_MS = 5_000;
const LONGEST_SKEW_MS = 500;

const executing = (target: IntentTask): Job => ({
  useCase: 'executeIntent',
  run: (ports) => executeIntent(ports, target),
  maxAttempts: 5,
});

/** Functions' processes: one dies, another one takes its place. */
function createInstances(world: World) {
  const { dice } = world;
  const instances = new Map<string, Process>();
  const spawn = (name: string): Process =>
    createProcess(world, { name, skewMs: dice.whole(-LONGEST_SKEW_MS, LONGEST_SKEW_MS) });
  const any = (): Process => {
    const name = dice.pick(['functions-a', 'functions-b']);
    const known = instances.get(name);
    if (known?.isAlive() === true) return known;
    const fresh = spawn(name);
    instances.set(name, fresh);
    return fresh;
  };
  return { spawn, any };
}

/** Two instances of functions that share a ledger, a queue and an account. */
export function createPlatform(world: World, exchange: Exchange): Platform {
  const { timeline, dice, rates } = world;
  const instances = createInstances(world);
  let underWay = 0;

  const attempt = (job: Job, number: number): void => {
    const process = instances.any();
    let isOver = false;
    const end = (again: number | null): void => {
      if (isOver) return;
      isOver = true;
      if (again !== null && number < job.maxAttempts) later(job, number + 1, again);
      underWay -= 1;
    };
    process.onDeath(() => {
      end(REDELIVER_MS);
    });
    world.trace(() => `${process.name} begins ${job.useCase} (${number})`);
    job.run(portsOf(process, job.useCase)).then(
      () => {
        end(null);
      },
      (error: unknown) => {
        if (!isInjected(error)) world.bug(error);
        end(1_000 * 2 ** number);
      },
    );
  };
  const later = (job: Job, number: number, delayMs: number): void => {
    underWay += 1;
    timeline.at(timeline.now() + delayMs, () => {
      attempt(job, number);
    });
  };
  const deliver = (job: Job, delayMs: number): void => {
    const { twice, late } = rates();
    const isLate = dice.chance(late);
    if (isLate) world.fault(`${job.useCase} is delivered late`);
    later(job, 1, delayMs + (isLate ? dice.whole(1_000, 40_000) : dice.whole(5, 200)));
    if (!dice.chance(twice)) return;
    world.fault(`${job.useCase} is delivered twice`);
    later(job, 1, delayMs + dice.whole(0, dice.pick([50, 2_000, 40_000])));
  };
  const portsOf = createPorts(world, exchange, (task, delayMs) => {
    deliver(executing(task), delayMs);
  });
  return { deliver, spawn: instances.spawn, portsOf, isIdle: () => underWay === 0 };
}
