import {
  BUDGET,
  CALL_CLASSES,
  fullBudget,
  slowDown,
  take,
  type BudgetSettings,
  type CallClass,
} from '@tradewind/core/order/rate-budget';
import type { EpochMs } from '@tradewind/core/lib/time';

export type LimiterParts = {
  readonly clock: { readonly wallNow: () => EpochMs };
  readonly sleep: (ms: number) => Promise<void>;
  readonly settings?: BudgetSettings;
};

/** One account's calls to one venue, in order of their class (EXE-90, EXE-91). */
export type Limiter = {
  /**
   * Waits for its turn. False when it must not go: too many wait, more urgent ones have pushed it
   * out, or it has waited for as long as a call may, and at most `longestMs`.
   */
  readonly take: (kind: CallClass, weight: number, longestMs?: number) => Promise<boolean>;
  /** The venue said that a call of this class was too much (EXE-92). */
  readonly slowDown: (kind: CallClass, retryAfterMs: number | null) => void;
};

/** No call waits longer: its sender's right to send must not run out meanwhile. */
const LONGEST_WAIT_MS = 8_000;

type Waiting = {
  readonly rank: number;
  readonly kind: CallClass;
  readonly weight: number;
  readonly until: number;
  readonly answer: (go: boolean) => void;
};

/** What waits, first the most urgent, and among equals who came first. */
function createQueue(size: number) {
  let waiting: readonly Waiting[] = [];
  const remove = (one: Waiting, go: boolean): void => {
    waiting = waiting.filter((other) => other !== one);
    one.answer(go);
  };
  return {
    all: () => waiting,
    isEmpty: () => waiting.length === 0,
    remove,
    add: (one: Waiting): void => {
      waiting = [...waiting, one].toSorted((a, b) => a.rank - b.rank);
      const last = waiting.at(-1);
      if (waiting.length > size && last !== undefined) remove(last, false);
    },
  };
}

/** A limiter in this process's memory. */
export function createLimiter({ clock, sleep, settings = BUDGET }: LimiterParts): Limiter {
  const queue = createQueue(settings.waiting);
  let budget = fullBudget(clock.wallNow(), settings);

  /** `null` when it may go now; else when it is worth asking again. */
  const tryTake = (kind: CallClass, weight: number): number | null => {
    const taken = take(budget, { kind, weight, now: clock.wallNow() }, settings);
    if (!taken.ok) return taken.at;
    budget = taken.budget;
    return null;
  };
  /** Lets go what may go now; returns when the next one is worth another look. */
  const release = (): number => {
    let soonest = Infinity;
    for (const one of queue.all()) {
      const at = one.until <= clock.wallNow() ? one.until : tryTake(one.kind, one.weight);
      if (at === null) queue.remove(one, true);
      else if (at === one.until) queue.remove(one, false);
      else soonest = Math.min(soonest, at, one.until);
    }
    return soonest;
  };
  /** Looks again and again until `one` has its answer: each waits for itself, so that none oversleeps. */
  const serve = async (one: Waiting): Promise<void> => {
    for (let at = release(); queue.all().includes(one); at = release())
      await sleep(Math.max(1, at - clock.wallNow()));
  };
  return {
    take: (kind, weight, longestMs = LONGEST_WAIT_MS) => {
      if (queue.isEmpty() && tryTake(kind, weight) === null) return Promise.resolve(true);
      return new Promise((answer) => {
        const rank = CALL_CLASSES.indexOf(kind);
        const until = clock.wallNow() + Math.min(longestMs, LONGEST_WAIT_MS);
        const one = { rank, kind, weight, until, answer };
        queue.add(one);
        void serve(one);
      });
    },
    slowDown: (kind, retryAfterMs) => {
      budget = slowDown(budget, { kind, now: clock.wallNow(), retryAfterMs }, settings);
    },
  };
}
