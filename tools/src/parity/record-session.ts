import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '@tradewind/adapters/ledger/store';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { createGuard, startDesk, type Desk } from '../desk/desk.ts';
import { settle } from '../desk/headless.ts';
import { plainSteps } from '../desk/steps.ts';
import { Fault } from '../lib/fault.ts';
import { freeOffset, portsAt } from '../lib/ports.ts';

/** Real trades of two hours; see docs/parity.md. */
const RECORDING = 'trades_binance_usdm_btcusdt_20200222.csv.gz';
/** Market milliseconds per wall millisecond. */
const SPEED = 60;
/** The desk goes on for so long, wall time, so that the candles of the last decisions are on record as well. */
const AFTERMATH_MS = 5_000;
/** Away from a person's desk and from those of tests. */
const FIRST_OFFSET = 6_000;

/** A paper session that has ended, its ledger still open. */
export type Recorded = {
  readonly store: Store;
  /** Market time. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** What went wrong on the desk, in words; a session with faults proves nothing. */
  readonly faults: readonly string[];
};

export type SessionPlan = {
  readonly root: string;
  /** Folder of recorded market data. */
  readonly data: string;
  /** Market minutes. */
  readonly minutes: number;
  readonly say: (text: string) => void;
};

/** Lets a new desk trade on recorded trades, then hands its ledger to `body` before all of it ends. */
export async function withRecordedSession<T>(
  { root, data, minutes, say }: SessionPlan,
  prepare: (store: Store) => Promise<void>,
  body: (recorded: Recorded) => Promise<T>,
): Promise<T> {
  const path = join(data, RECORDING);
  if (!existsSync(path))
    throw new Fault(
      `There is no recording ${path}.\nName the folder that has it: TRADEWIND_DATA=/path/to/data npm run parity`,
    );
  const ports = portsAt(await freeOffset(FIRST_OFFSET));
  const folder = join(root, '.tradewind', `parity-${ports.hub}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const guard = createGuard();
  process.once('exit', guard.killAll);
  const feed = { kind: 'file', name: `${RECORDING}@${SPEED}`, path, speed: SPEED } as const;
  try {
    const desk = await startDesk(
      { root, folder, ports, feed, symbols: ['BTC-USDT'], withWorker: true },
      { steps: plainSteps(process.stderr), guard, say },
    );
    try {
      await prepare(desk.store);
      say(`Recording ${minutes} minutes at ${SPEED} times their pace`);
      const recorded = await record(desk, minutes);
      return await body(recorded);
    } finally {
      await desk.stop(false);
    }
  } finally {
    guard.killAll();
    process.off('exit', guard.killAll);
  }
}

async function record(desk: Desk, minutes: number): Promise<Recorded> {
  const { clock, store } = desk;
  const until = clock.startedAt + (minutes * 60_000) / clock.speed;
  await delay(Math.max(0, until + AFTERMATH_MS - Date.now()));
  await settle(desk);
  return {
    store,
    from: clock.origin,
    to: epochMs(clock.origin + minutes * 60_000),
    faults: [...desk.watch.errors(), ...desk.driver.failures()],
  };
}
