import { parentPort, workerData } from 'node:worker_threads';
import type { StrategyDefinition } from '@tradewind/core/strategy/strategy';
import { runTask, type Setup, type Task } from './task.ts';

/** One thread of the optimiser: backtests the combinations that it is sent, one after the other. */
const setup = workerData as Setup;
const { strategyById } = (await import(setup.registry)) as {
  readonly strategyById: (id: string) => StrategyDefinition | undefined;
};
parentPort?.on('message', (task: Task) => {
  parentPort?.postMessage(runTask(setup, strategyById, task));
});
parentPort?.postMessage('ready');
