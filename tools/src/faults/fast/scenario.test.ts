import { runScenario } from './scenario.ts';

/** As many as a unit test may cost; `npm run faults` runs hundreds of thousands. */
const SEEDS = Array.from({ length: 8 }, (_, index) => index + 1);

test('EXE-T11 EXE-T18 whatever is done to the desk, venue and ledger agree in the end', async () => {
  let faults = 0;
  for (const seed of SEEDS) {
    const { findings, faults: done } = await runScenario(seed);
    faults += done;
    expect([seed, Object.values(findings).flat()]).toEqual([seed, []]);
  }
  expect(faults).toBeGreaterThan(10);
}, 60_000);

test('the same seed is the same scenario, step by step', async () => {
  const once = await runScenario(7, true);
  expect(await runScenario(7, true)).toEqual(once);
  expect(once.lines.some((line) => line.includes('BUY'))).toBe(true);
}, 60_000);
