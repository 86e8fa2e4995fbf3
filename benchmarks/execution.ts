import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { parseFeed } from '../tools/src/desk/feed.ts';
import { withDrillDesk } from '../tools/src/drill/drill-desk.ts';
import { percentile } from '../tools/src/lib/stats.ts';
import { measureAcks, measureBurst, prepareBots } from './execution-desk.ts';
import { measureFastPath } from './execution-fast-path.ts';
import type { Measured } from './main.ts';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const told = z.object({ perSecond: z.number(), approvedShare: z.number() });

/** Verdicts per second, in a process of its own. */
async function measureDecisions(): Promise<number> {
  const script = fileURLToPath(new URL('execution-runs.ts', import.meta.url));
  const { stdout } = await run(process.execPath, [script]);
  return told.parse(JSON.parse(stdout)).perSecond;
}

function sandboxFeed() {
  const feed = parseFeed('sandbox');
  if (!feed.ok) throw new Error(`Invariant: ${feed.error}`);
  return feed.value;
}

/** A percentile in tenths of a millisecond; `NaN`, which JSON shows as null, where nothing was measured. */
const of = (values: readonly number[], share: number): number =>
  Math.round((percentile(values, share) ?? Number.NaN) * 10) / 10;

/**
 * The way of a decision to the venue: the pure pipeline alone; signal to acknowledgement on the emulators beside a
 * bare trigger, task and HTTP call in the same seconds; a stop from its tick to the venue; a burst of signals.
 */
export async function measureExecution(say: (text: string) => void): Promise<Measured> {
  const decisionsPerSecond = await measureDecisions();
  say(`decisions/s: ${Math.round(decisionsPerSecond)}`);
  const plan = {
    name: 'bench',
    feed: sandboxFeed,
    symbols: ['BTC-USDT'],
    // What the worker does on its fast path runs in this process, where it can be timed.
    withWorker: false,
  };
  const measured = await withDrillDesk({ root, say }, plan, async (desk) => {
    const bots = await prepareBots(desk);
    const { acks, bare } = await measureAcks(desk, bots, say);
    const fast = await measureFastPath(desk, say);
    const burst = await measureBurst(desk, bots, say);
    return { acks, bare, fast, burst };
  });
  const { acks, bare, fast, burst } = measured;
  say(`${acks.length} acknowledged, ${bare.length} bare, ${fast.length} stops`);
  const [ackP50, bareP50] = [of(acks, 0.5), of(bare, 0.5)];
  return {
    figures: {
      decisionsPerSecond: Math.round(decisionsPerSecond),
      ackP50Ms: ackP50,
      ackP95Ms: of(acks, 0.95),
      ackP99Ms: of(acks, 0.99),
      fastPathP50Ms: of(fast, 0.5),
      fastPathP99Ms: of(fast, 0.99),
      burst,
    },
    ratios: { ackToBare: Number((ackP50 / bareP50).toFixed(2)) },
    peers: { bareP50Ms: bareP50, bareP95Ms: of(bare, 0.95) },
  };
}
