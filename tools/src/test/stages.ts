import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createGuard, startDesk } from '../desk/desk.ts';
import { PROJECT, startEmulators } from '../desk/emulators.ts';
import { findFirestoreEmulator } from '../desk/firestore-emulator.ts';
import { SHORT_WAITS } from '../desk/short-waits.ts';
import { plainSteps } from '../desk/steps.ts';
import { freeOffset, portsAt } from '../lib/ports.ts';
import type { Tally } from './tally.ts';

type Env = Readonly<Record<string, string>>;

/** Ports of tests start here, away from a person's desk and from those that fetch refuses (10080 is the last). */
const FIRST_OFFSET = 20_000;

function testFolder(root: string, name: string): string {
  const folder = join(root, '.tradewind', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'public'), { recursive: true });
  return folder;
}

/** Runs `body` with Auth and Firestore up, their addresses in the environment that it is given. */
export async function withEmulators(
  { root }: { readonly root: string; readonly say: (text: string) => void },
  body: (env: Env) => Promise<Tally>,
): Promise<Tally> {
  const ports = portsAt(await freeOffset(FIRST_OFFSET));
  const folder = testFolder(root, `test-emulators-${ports.hub}`);
  const guard = createGuard();
  process.once('exit', guard.killAll);
  const emulators = await plainSteps(process.stderr)('Starting Auth and Firestore', () =>
    startEmulators({
      root,
      folder,
      ports,
      firestore: findFirestoreEmulator(process.env['FIRESTORE_EMULATOR_BINARY_PATH'], folder),
      env: {},
      only: ['auth', 'firestore'],
      onSpawn: guard.add,
    }),
  );
  try {
    return await body({
      GCLOUD_PROJECT: PROJECT,
      METADATA_SERVER_DETECTION: 'none',
      FIRESTORE_EMULATOR_HOST: `127.0.0.1:${ports.firestore}`,
      FIREBASE_AUTH_EMULATOR_HOST: `127.0.0.1:${ports.auth}`,
    });
  } finally {
    await emulators.stop();
    process.off('exit', guard.killAll);
  }
}

/** Runs `body` with a whole new desk up. Its ports and the browser are in `TRADEWIND_E2E`. */
export async function withDesk(
  {
    root,
    chromium,
    say,
  }: {
    readonly root: string;
    readonly chromium: string | undefined;
    readonly say: (text: string) => void;
  },
  body: (env: Env) => Promise<Tally>,
): Promise<Tally> {
  const ports = portsAt(await freeOffset(FIRST_OFFSET + 2_000));
  const folder = testFolder(root, `test-desk-${ports.hub}`);
  const guard = createGuard();
  process.once('exit', guard.killAll);
  const steps = plainSteps(process.stderr);
  try {
    const desk = await startDesk(
      {
        root,
        folder,
        ports,
        feed: { kind: 'sandbox', name: 'sandbox' },
        symbols: ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'],
        withWorker: true,
        env: { ...SHORT_WAITS, TRADEWIND_RESET_MIN_MS: '0' },
      },
      { steps, guard, say },
    );
    try {
      return await body({
        GCLOUD_PROJECT: PROJECT,
        METADATA_SERVER_DETECTION: 'none',
        FIRESTORE_EMULATOR_HOST: `127.0.0.1:${ports.firestore}`,
        FIREBASE_AUTH_EMULATOR_HOST: `127.0.0.1:${ports.auth}`,
        TRADEWIND_E2E: JSON.stringify({ ports, chromium: chromium ?? null, folder }),
      });
    } finally {
      await desk.stop(false);
    }
  } catch (error) {
    guard.killAll();
    throw error;
  } finally {
    process.off('exit', guard.killAll);
  }
}
