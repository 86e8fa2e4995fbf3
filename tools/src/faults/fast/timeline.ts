/** Simulated time: what is to happen, in order; nothing waits for real. */
export type Timeline = {
  /** True simulated time, ms. */
  readonly now: () => number;
  /**
   * Has `run` called at `at`; what is due at one time runs in the order in which it was asked for.
   *
   * @param isQuiet - no promise can go on because of it, so that nothing has to settle.
   */
  readonly at: (at: number, run: () => void, isQuiet?: boolean) => void;
  /** Runs everything that is due until `until`, all that it leads to included. */
  readonly run: (until: number) => Promise<void>;
};

type Due = {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  readonly isQuiet: boolean;
};

const isBefore = (a: Due, b: Due): boolean => (a.at === b.at ? a.order < b.order : a.at < b.at);

/** A binary heap: the earliest first. */
function createHeap() {
  const heap: Due[] = [];
  const swap = (i: number, j: number): void => {
    const [a, b] = [heap[i], heap[j]];
    if (a === undefined || b === undefined) return;
    heap[i] = b;
    heap[j] = a;
  };
  const before = (i: number, j: number): boolean => {
    const [a, b] = [heap[i], heap[j]];
    return a !== undefined && b !== undefined && isBefore(a, b);
  };
  return {
    peek: (): Due | undefined => heap[0],
    push: (due: Due): void => {
      let i = heap.push(due) - 1;
      for (let up = (i - 1) >> 1; i > 0 && before(i, up); i = up, up = (i - 1) >> 1) swap(i, up);
    },
    pop: (): void => {
      swap(0, heap.length - 1);
      heap.pop();
      for (let i = 0; ;) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        let least = before(left, i) ? left : i;
        if (before(right, least)) least = right;
        if (least === i) return;
        swap(i, least);
        i = least;
      }
    },
  };
}

/** Lets every promise that can go on do so, until each waits for something that is to happen. */
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** A timeline that stands at `start`. */
export function createTimeline(start: number): Timeline {
  const heap = createHeap();
  let now = start;
  let order = 0;
  return {
    now: () => now,
    at: (at, run, isQuiet = false) => {
      order += 1;
      heap.push({ at: Math.max(at, now), order, run, isQuiet });
    },
    run: async (until) => {
      await settle();
      for (;;) {
        const due = heap.peek();
        if (due === undefined || due.at > until) break;
        heap.pop();
        now = due.at;
        due.run();
        if (!due.isQuiet) await settle();
      }
      now = Math.max(now, until);
    },
  };
}
