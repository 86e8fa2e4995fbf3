import { setTimeout as delay } from 'node:timers/promises';
import { breakerDoc } from '@tradewind/contracts/documents/breaker';
import { paths } from '@tradewind/contracts/paths';
import type { Desk } from '../desk/desk.ts';
import { settle } from '../desk/headless.ts';
import { callJson, callLocal } from '../lib/http.ts';
import { waitFor } from '../lib/wait.ts';
import { agrees } from './agreement.ts';
import { reportOf, type Drill, type DrillContext, type DrillReport } from './drill.ts';
import { withDrillDesk } from './drill-desk.ts';
import { SPEED, writeMarket } from './outage-market.ts';
import { readOutcome, type Marks, type Outcome } from './outage-report.ts';
import { addQuietBots, startSignals } from './signal-source.ts';

/** Market time of the outage: five minutes. */
const OUTAGE_MS = 300_000;
/** Wall time of trading before it and after it. */
const BEFORE_MS = 25_000;
const AFTER_MS = 15_000;
const SIGNAL_EVERY_MS = 1_000;
const BOTS = 6;
const RECOVERY_MS = 90_000;

/** Every REST call to the venue answers 503 until it is mended; its streams go on. */
const breakVenue = ({ plan }: Desk): Promise<unknown> =>
  callJson({
    method: 'POST',
    port: plan.ports.sandbox,
    path: '/admin/faults',
    body: { match: { path: '/api/*' }, kind: '5xx', count: null, status: 503 },
  });
const mendVenue = ({ plan }: Desk): Promise<unknown> =>
  callLocal({ method: 'DELETE', port: plan.ports.sandbox, path: '/admin/faults' });

/** Until every breaker is closed and the book was compared with the venue. */
const untilBack = ({ store }: Desk): Promise<true> =>
  waitFor(
    'the breakers to close and the book to be compared with the venue',
    async () => {
      const breakers = await store.query(store.firestore.collection(paths.breakers), breakerDoc);
      const isBack = breakers.every(
        ({ status, recoveringSince }) => status === 'CLOSED' && recoveringSince === null,
      );
      return breakers.length > 0 && isBack ? true : undefined;
    },
    { timeoutMs: RECOVERY_MS, everyMs: 500 },
  );

async function play(
  desk: Desk,
  say: DrillContext['say'],
): Promise<Marks & { readonly written: number; readonly failures: readonly string[] }> {
  const bots = await addQuietBots(desk, BOTS);
  await delay(Math.max(0, desk.clock.startedAt - Date.now()));
  const source = startSignals(desk, bots, SIGNAL_EVERY_MS);
  say(`Trading for ${BEFORE_MS / 1_000} s`);
  await delay(BEFORE_MS);
  const downAt = Date.now();
  await breakVenue(desk);
  say(
    `The venue is down for ${OUTAGE_MS / 60_000} market minutes (${OUTAGE_MS / SPEED / 1_000} s)`,
  );
  await delay(OUTAGE_MS / SPEED);
  await mendVenue(desk);
  const upAt = Date.now();
  say('The venue is back');
  await untilBack(desk);
  const backAt = Date.now();
  say(`The desk is back after ${Math.round((backAt - upAt) / 1_000)} s; trading on`);
  await delay(AFTER_MS);
  await source.stop();
  await settle(desk);
  return { downAt, upAt, backAt, written: source.written(), failures: source.failures() };
}

/** Errors that an outage makes the desk report are part of it; these are never. */
const CRASH = /ended by itself|Invariant|TypeError|RangeError|was killed|out of memory/i;

function judge(
  outcome: Outcome,
  told: {
    readonly marks: Marks;
    readonly crashes: readonly string[];
    readonly failures: readonly string[];
  },
): DrillReport {
  const { agreement, fates, fatesDuringOutage, alerts } = outcome;
  const { marks, crashes, failures } = told;
  const lost = fates['lost'] ?? 0;
  const paused = fatesDuringOutage['rejected breaker_open'] ?? 0;
  const unexplained = Object.keys(fates).filter((fate) => fate.includes('WITHOUT REASON'));
  const measured = {
    outageMarketMs: OUTAGE_MS,
    outageWallMs: marks.upAt - marks.downAt,
    recoveredMs: marks.backAt - marks.upAt,
    crashes: crashes.length,
    ...outcome,
  };
  return reportOf(measured, [
    [lost === 0, `${lost} signals have no end: ${JSON.stringify(fates)}`],
    [unexplained.length === 0, `signals ended without a reason: ${unexplained.join(', ')}`],
    [paused > 0, 'no entry was blocked by the breaker: strategies did not pause'],
    [crashes.length === 0, `something crashed: ${crashes.join('; ')}`],
    [failures.length === 0, `signals could not be written: ${failures.join('; ')}`],
    [
      alerts.length === 1 && alerts[0]?.times === 1 && alerts[0].severity === 'CRITICAL',
      `the outage was not told exactly once: ${JSON.stringify(alerts)}`,
    ],
    [outcome.alertMails === 1, `${outcome.alertMails} mails told of the outage`],
    [agrees(agreement), `ledger and venue differ: ${JSON.stringify(agreement)}`],
  ]);
}

/** The venue is down in the middle of a busy session. */
export const outage: Drill = {
  about: 'the venue is down for five market minutes in the middle of a busy session',
  run: (context) =>
    withDrillDesk(
      context,
      {
        name: 'outage',
        feed: writeMarket,
        symbols: ['BTC-USDT'],
        // A minute of the breaker is a market minute here.
        env: { TRADEWIND_BREAKER_OPEN_MS: String(60_000 / SPEED) },
      },
      async (desk) => {
        const { failures, ...marks } = await play(desk, context.say);
        const outcome = await readOutcome(desk, marks);
        const restarts = desk.worker?.restarts() ?? 0;
        const crashes = [
          ...desk.watch.errors().filter((text) => CRASH.test(text)),
          ...(restarts > 0 ? [`the worker was started again ${restarts} times`] : []),
        ];
        return judge(outcome, { marks, crashes, failures });
      },
    ),
};
