import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const root = join(import.meta.dirname, '../..');
const data = process.env['TRADEWIND_DATA'] ?? join(root, 'data');
const testOnData = existsSync(join(data, 'trades_binance_usdm_btcusdt_20200222.csv.gz'))
  ? test
  : test.skip;

/** Market minutes, at sixty times their pace. */
const MINUTES = 30;

const parityReport = z.object({
  decisions: z.number(),
  equal: z.number(),
  differences: z.array(z.unknown()),
  planted: z.object({ candle: z.boolean() }).loose(),
});

/** The report of `npm run parity`, whose exit code also asks for faults that need hours to be planted. */
async function record(): Promise<z.infer<typeof parityReport>> {
  const args = ['tools/src/parity/main.ts', '--minutes', String(MINUTES), '--json'];
  const run = promisify(execFile)(process.execPath, args, { cwd: root });
  const { stdout } = await run.catch((error: unknown) =>
    z.object({ stdout: z.string() }).parse(error),
  );
  return parityReport.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

testOnData(
  'STR-05 a session on a desk of its own replays to the same decisions, and a changed candle is named',
  async () => {
    const { decisions, equal, differences, planted } = await record();
    expect(differences).toEqual([]);
    expect([equal, planted.candle]).toEqual([decisions, true]);
    // Three bots and the strategies of the minute have looked at every bar but the first ones.
    expect(decisions).toBeGreaterThan(MINUTES * 3);
  },
  240_000,
);
