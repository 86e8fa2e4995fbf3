import { epochMs } from '@tradewind/core/lib/time';
import { prepareDesk, runOnDesk } from '../../tools/src/faults/emulator/run-emulator.ts';
import { deskUnderTest, openStore } from '../lib/desk.ts';

/** Others may have left the desk in any state; seeds of our own make its scenarios. */
const FIRST_SEED = 1;
const SCENARIOS = 20;
/** On a slow machine no more are begun after this, so that all tests together stay within their time; ten always are. */
const BEGIN_WITHIN_MS = 120_000;
const FEWEST = 10;

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
  const startedAt = Date.now();
  let faults = 0;
  let scenarios = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCENARIOS; seed += 1) {
    if (scenarios >= FEWEST && Date.now() - startedAt > BEGIN_WITHIN_MS) break;
    const outcome = await runOnDesk(desk, seed, run);
    faults += outcome.faults;
    scenarios += 1;
    expect([seed, outcome.lines, Object.values(outcome.findings).flat()]).toEqual([
      seed,
      outcome.lines,
      [],
    ]);
  }
  process.stderr.write(`${scenarios} of ${SCENARIOS} scenarios on the emulators\n`);
  expect(faults).toBeGreaterThan(scenarios);
}, 900_000);
