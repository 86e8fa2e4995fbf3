import { epochMs } from '@tradewind/core/lib/time';
import { prepareDesk, runOnDesk } from '../../tools/src/faults/emulator/run-emulator.ts';
import { deskUnderTest, openStore } from '../lib/desk.ts';

/** Others may have left the desk in any state; seeds of our own make its scenarios. */
const FIRST_SEED = 1;
const SCENARIOS = 20;

const store = openStore();
const desk = {
  ports: deskUnderTest().ports,
  store,
  // The sandbox's market runs by the wall clock.
  marketNow: () => epochMs(Date.now()),
};

test('EXE-T11 whatever is done to the desk, sandbox and ledger agree in the end', async () => {
  await prepareDesk(desk);
  const run = Date.now().toString(36);
  let faults = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCENARIOS; seed += 1) {
    const outcome = await runOnDesk(desk, seed, run);
    faults += outcome.faults;
    expect([seed, outcome.lines, Object.values(outcome.findings).flat()]).toEqual([
      seed,
      outcome.lines,
      [],
    ]);
  }
  expect(faults).toBeGreaterThan(SCENARIOS);
}, 900_000);
