import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BTC, HOUR, temporaryFolder, testArchive } from './testing/fixtures.ts';

const PROGRAM = join(import.meta.dirname, 'testing', 'crash-writer.ts');

/** Starts the writer, and kills it with SIGKILL once it has taken `takes` trades; it ends by itself at `last`. */
async function run(
  folder: string,
  last: number,
  takes: number,
): Promise<{ lastTaken: number; waiting: number }> {
  const child = spawn(process.execPath, [PROGRAM, folder, String(last), String(takes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let [lastTaken, waiting, taken] = [0, 0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    [lastTaken = 0, waiting = 0] = line.split(' ').map(Number);
    taken += 1;
    if (taken === takes && lastTaken < last) child.kill('SIGKILL');
  }
  await ended;
  return { lastTaken, waiting };
}

test('MD-T16 MD-80 killed in mid-segment again and again: after each restart no trade is missing or there twice', async () => {
  const folder = temporaryFolder();
  const TRADES = 60;
  const first = await run(folder, TRADES, 18);
  expect(first.lastTaken).toBe(18);
  expect(first.waiting).toBeGreaterThan(0);
  const second = await run(folder, TRADES, 23);
  expect(second.waiting).toBeGreaterThan(0);
  // It began again behind what the first one had lost, and took that again.
  expect(second.lastTaken).toBeLessThan(18 + 23);
  const third = await run(folder, TRADES, 1_000);
  expect(third.lastTaken).toBe(TRADES);

  const desk = testArchive({ location: folder });
  expect(
    readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.tmp')),
  ).toEqual([]);
  const found = await desk.archive.inspect(BTC, { kind: 'ticks' });
  expect(found).toMatchObject({
    rows: TRADES,
    duplicates: 0,
    gapCount: 0,
    firstId: '1',
    lastId: String(TRADES),
  });
  desk.clock.now = HOUR + 8 * 3_600_000;
  await desk.archive.compact();
  const { rows } = await desk.archive.query('SELECT count(*), count(DISTINCT id) FROM ticks');
  expect(rows).toEqual([[TRADES, TRADES]]);
  await desk.archive.close();
  rmSync(folder, { recursive: true });
}, 60_000);
