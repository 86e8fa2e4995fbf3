import { parentPort } from 'node:worker_threads';
import { runScenario } from './scenario.ts';
import { addOutcome, emptyBatch } from './summary.ts';

// A thread of the pool: a range of seeds comes in, what came of them goes out.
parentPort?.on('message', ([from, to]: readonly [from: number, to: number]) => {
  void (async () => {
    const batch = emptyBatch();
    for (let seed = from; seed < to; seed += 1) addOutcome(batch, await runScenario(seed));
    parentPort?.postMessage(batch);
  })();
});
