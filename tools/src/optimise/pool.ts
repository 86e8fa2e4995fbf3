import { Worker } from 'node:worker_threads';
import { messageOf } from '../lib/fault.ts';
import { shareSeries } from './shared-series.ts';
import type { Outcome, Setup, Task } from './task.ts';

export type Pool = {
  /**
   * Backtests all combinations. Outcomes come in the order of the tasks, whichever thread had which; those that were
   * not reached when the run was stopped are left out at the end.
   */
  readonly run: (tasks: readonly Task[], onDone?: () => void) => Promise<readonly Outcome[]>;
  readonly close: () => Promise<void>;
};

export type PoolOptions = {
  readonly threads: number;
  /** A combination that takes longer is given up, and its thread with it. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
};

type Slot = { worker: Worker | null };

/** A thread that has loaded its strategies. @throws whatever keeps it from doing so. */
function startThread(setup: Setup): Promise<Worker> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: setup,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', () => {
      worker.off('error', reject);
      resolve(worker);
    });
  });
}

/** `isLost`: the thread cannot go on. */
type Served = { readonly outcome: Outcome; readonly isLost: boolean };

function runOn(worker: Worker, task: Task, deadlineMs: number): Promise<Served> {
  return new Promise((resolve) => {
    const end = (served: Served): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(served);
    };
    const lose = (fault: string): void => {
      end({ outcome: { ok: false, fault }, isLost: true });
    };
    const onMessage = (outcome: Outcome): void => {
      end({ outcome, isLost: false });
    };
    const onError = (error: unknown): void => {
      lose(`its thread failed: ${messageOf(error)}`);
    };
    const onExit = (): void => {
      lose('its thread ended');
    };
    const timer = setTimeout(() => {
      lose(`it took longer than ${deadlineMs / 1_000} s`);
    }, deadlineMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(task);
  });
}

/**
 * Threads that share the data's memory. The columns are copied once, however many combinations and threads there are.
 */
export function createPool(setup: Setup, { threads, deadlineMs, signal }: PoolOptions): Pool {
  const shared: Setup = { ...setup, series: setup.series.map(shareSeries) };
  const slots: readonly Slot[] = Array.from({ length: threads }, () => ({ worker: null }));
  const stop = async (): Promise<void> => {
    const workers = slots.map(({ worker }) => worker).filter((worker) => worker !== null);
    for (const slot of slots) slot.worker = null;
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  const isStopped = (): boolean => signal?.aborted === true;
  const onAbort = (): void => {
    void stop();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    run: async (tasks, onDone) => {
      const outcomes: (Outcome | undefined)[] = [];
      let next = 0;
      const serve = async (slot: Slot): Promise<void> => {
        while (next < tasks.length && !isStopped()) {
          const index = next;
          next += 1;
          const task = tasks[index];
          if (task === undefined) return;
          const worker = (slot.worker ??= await startThread(shared));
          const { isLost, outcome } = await runOn(worker, task, deadlineMs);
          if (isStopped()) return;
          if (isLost) {
            slot.worker = null;
            await worker.terminate();
          }
          outcomes[index] = outcome;
          onDone?.();
        }
      };
      await Promise.all(slots.map(serve));
      const end = outcomes.findIndex((outcome) => outcome === undefined);
      return (end < 0 ? outcomes : outcomes.slice(0, end)).filter((each) => each !== undefined);
    },
    close: async () => {
      signal?.removeEventListener('abort', onAbort);
      await stop();
    },
  };
}
