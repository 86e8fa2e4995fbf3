/**
 * A worker's archive in small, for the test that kills it: follows a market from the trade after the last stored
 * one, as a worker refetches after a crash, and tells each id that it has taken. Run with the folder, the number
 * of the last trade there is, and how many it may take before it stands still.
 */
import { silentLog } from '../../telemetry/log.ts';
import { openArchive } from '../archive.ts';
import { BTC, GRID, HOUR, tickOf } from './fixtures.ts';

const [folder = '', last = '0', takes = '0'] = process.argv.slice(2);
let now = HOUR;
const archive = openArchive({
  location: folder,
  now: () => now,
  log: silentLog,
  hasTimers: false,
  rules: { segmentMs: 5_000 },
});
const stored = await archive.lastTick(BTC);
const writer = archive.writer(BTC, GRID);
const first = Number(stored?.id ?? 0) + 1;
const end = Math.min(Number(last), first + Number(takes) - 1);
for (let id = first; id <= end; id += 1) {
  now = HOUR + id * 1_000;
  writer.tick(tickOf(id), now, { source: stored === undefined ? 'ws' : 'rest' });
  await archive.pump();
  process.stdout.write(`${id} ${writer.stats().waiting}\n`);
}
if (end === Number(last)) await archive.close();
else setInterval(() => undefined, 1_000);
