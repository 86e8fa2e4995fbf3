import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { pauseAfter } from './faults.ts';
import type { World } from './world.ts';

/** One request of a process to the world outside. */
export type Request<T> = {
  /** Names the step: who does what to what. */
  readonly step: string;
  /** Time until it takes effect; `null`: it is lost on its way. */
  readonly arriveMs: number | null;
  /** Time until the answer is here. */
  readonly answerMs: number;
  readonly effect: () => T;
  /** What the caller gets; left out, what the effect returned. It may throw. */
  readonly answer?: (made: { readonly value: T } | undefined) => T;
};

/** A process: what it asks for takes time, and it may end at any request without another word. */
export type Process = {
  readonly name: string;
  readonly isAlive: () => boolean;
  /** Ends it: nothing that it waits for ever comes, no `finally` runs. */
  readonly kill: () => void;
  readonly request: <T>(request: Request<T>) => Promise<T>;
  /** Waits without a request. */
  readonly wait: (ms: number) => Promise<void>;
  /** Its own clock, which is a little off. */
  readonly now: () => EpochMs;
  /** Calls `listener` when the process ends. */
  readonly onDeath: (listener: () => void) => void;
};

/** A life, and how it gets what it waits for. */
type Life = Pick<Process, 'isAlive' | 'kill' | 'onDeath'> & {
  /** Hands something over at `at`: later while it stands still, and never when it is dead. */
  readonly hand: (at: number, receive: () => void) => void;
  /** May stand still from now on. */
  readonly maybePause: (step: string) => void;
};

const PAUSES_MS = [2_000, 16_000, 31_000, 60_000] as const;

function createLife({ timeline, dice, rates, fault, trace }: World, name: string): Life {
  const mourners: (() => void)[] = [];
  let alive = true;
  let resumesAt = 0;
  const hand = (at: number, receive: () => void): void => {
    timeline.at(at, () => {
      if (!alive) return;
      if (resumesAt > timeline.now()) hand(resumesAt, receive);
      else receive();
    });
  };
  return {
    hand,
    isAlive: () => alive,
    kill: () => {
      if (!alive) return;
      alive = false;
      trace(() => `${name} is dead`);
      for (const mourner of mourners) mourner();
    },
    onDeath: (listener) => void mourners.push(listener),
    maybePause: (step) => {
      if (!dice.chance(pauseAfter(rates(), step))) return;
      const ms = dice.pick(PAUSES_MS);
      resumesAt = timeline.now() + ms;
      fault(`${name} stands still for ${ms / 1_000} s after ${step}`);
    },
  };
}

/** What a request came to at the other end; nothing while it is on its way, or when it was lost. */
type Effect<T> = { made?: { readonly value: T }; thrown?: { readonly error: unknown } };

function perform<T>(effect: () => T, into: Effect<T>): void {
  try {
    into.made = { value: effect() };
  } catch (error) {
    into.thrown = { error };
  }
}

function conclude<T>({ step, answer }: Request<T>, { made, thrown }: Effect<T>): T {
  if (thrown !== undefined) throw thrown.error;
  if (answer !== undefined) return answer(made);
  if (made === undefined) throw new Error(`Invariant: ${step} was lost and has no answer`);
  return made.value;
}

/** A living process. Its requests may kill it, before or after they have taken effect. */
export function createProcess(
  world: World,
  { name, skewMs }: { readonly name: string; readonly skewMs: number },
): Process {
  const { timeline, dice, rates, trace } = world;
  const life = createLife(world, name);
  const drawDeath = (step: string): 'before' | 'after' | null => {
    if (!dice.chance(rates().kill)) return null;
    const moment = dice.pick<'before' | 'after'>(['before', 'after']);
    world.fault(`${name} is killed ${moment} ${step}`);
    world.killedAt(`${step} ${moment}`);
    return moment;
  };
  const take = <T>({ step, effect }: Request<T>, into: Effect<T>): void => {
    perform(effect, into);
    trace(
      () => `${name} ${step}${into.thrown === undefined ? '' : `: ${String(into.thrown.error)}`}`,
    );
  };
  const request = <T>(wanted: Request<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!life.isAlive()) return;
      const death = drawDeath(wanted.step);
      if (death === 'before') {
        life.kill();
        return;
      }
      const { arriveMs, answerMs } = wanted;
      const now = timeline.now();
      const effect: Effect<T> = {};
      const arrive = (): void => {
        if (arriveMs !== null) take(wanted, effect);
        if (death === 'after') life.kill();
      };
      timeline.at(now + (arriveMs ?? answerMs), arrive, true);
      life.hand(now + answerMs, () => {
        life.maybePause(wanted.step);
        life.hand(timeline.now(), () => {
          try {
            resolve(conclude(wanted, effect));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      });
    });
  return {
    name,
    request,
    isAlive: life.isAlive,
    kill: life.kill,
    onDeath: life.onDeath,
    wait: (ms) =>
      new Promise((resolve) => {
        life.hand(timeline.now() + ms, resolve);
      }),
    now: () => epochMs(timeline.now() + skewMs),
  };
}
