import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { Log } from '@tradewind/adapters/telemetry/log';
import type { TradeDoc } from '@tradewind/contracts/documents/book';
import { sessionDoc, type SessionDoc } from '@tradewind/contracts/documents/session';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { sessionFigures } from '@tradewind/core/session/figures';
import { moveStrategy } from '@tradewind/core/session/lifecycle';
import {
  watchWinRate,
  type WinRateVerdict,
} from '@tradewind/core/strategy/configurations/win-rate';
import { finishSession } from './finish-session.ts';
import { strategiesOf } from './handle-pause-session.ts';
import { hasNewTrades, readTrades } from './session-store.ts';

type Ports = { readonly store: Store; readonly clock: Clock; readonly log: Log };

const AT_WORK = ['RUNNING', 'PAUSED', 'STOPPING'] as const;
const RANK = { unknown: 0, ok: 0, warn: 1, pause: 2 } as const;

/** A strategy whose win rate fell below a line that it was above of before. */
type Crossing = { readonly strategyId: string; readonly now: WinRateVerdict };

/** How each strategy that goes by the configuration does now. */
const winRatesOf = (
  { winRates, configuration }: SessionDoc,
  trades: readonly TradeDoc[],
): SessionDoc['winRates'] =>
  configuration === null
    ? winRates
    : Object.fromEntries(
        Object.keys(winRates).map((strategyId) => [
          strategyId,
          watchWinRate(
            trades.filter((trade) => trade.strategyId === strategyId),
            configuration,
          ),
        ]),
      );

const crossingsOf = (before: SessionDoc['winRates'], now: SessionDoc['winRates']): Crossing[] =>
  Object.entries(now).flatMap(([strategyId, verdict]) =>
    RANK[verdict.verdict] > RANK[before[strategyId]?.verdict ?? 'unknown']
      ? [{ strategyId, now: verdict }]
      : [],
  );

/** Figures, win rates and the pauses that follow from them, in one transaction: each crossing pauses once. */
function write(
  { store, clock }: Ports,
  sessionId: string,
  trades: readonly TradeDoc[],
): Promise<void> {
  return store.transact(async (tx) => {
    const session = await tx.get(paths.session(sessionId), sessionDoc);
    if (session === undefined || !AT_WORK.some((status) => status === session.status)) return;
    const { initialBalance, startTime } = session;
    const winRates = winRatesOf(session, trades);
    const updatedAt = clock.wallNow();
    const fallen = crossingsOf(session.winRates, winRates)
      .filter(({ now }) => now.verdict === 'pause')
      .map(({ strategyId }) => strategyId);
    for (const strategy of await strategiesOf(tx, session)) {
      const moved = moveStrategy(strategy.status, 'pause');
      // One that a person has paused or stopped stays as it is.
      if (fallen.includes(strategy.strategyId) && moved.ok)
        tx.set(paths.strategy(strategy.strategyId), strategyDoc, {
          ...strategy,
          status: moved.value,
          updatedAt,
        });
    }
    tx.set(paths.session(sessionId), sessionDoc, {
      ...session,
      ...sessionFigures(trades, initialBalance, { from: startTime, to: clock.marketNow() }),
      winRates,
      countedUntil: trades.at(-1)?.closedAt ?? session.countedUntil,
      updatedAt,
    });
  });
}

const WHAT_TO_DO = {
  pause:
    'Its entries are paused; its exits go on. Look into it, and resume it if you still trust it.',
  warn: 'Ten points under it, its entries are paused.',
} as const;

/** Tells people of the crossings before they are acted on: what fails after this is told again, not lost. */
async function tell(
  { store, clock }: Ports,
  { sessionId, bookId }: SessionDoc,
  crossings: readonly Crossing[],
): Promise<void> {
  for (const { strategyId, now } of crossings) {
    const isPause = now.verdict === 'pause';
    const name = (await store.get(paths.strategy(strategyId), strategyDoc))?.name ?? strategyId;
    await raiseAlert(store, {
      rule: isPause ? 'win_rate_pause' : 'win_rate',
      bookId,
      symbol: null,
      label: `${sessionId}/${strategyId}`,
      severity: 'WARNING',
      message: `${name} won ${now.winRatePct?.toFixed(0) ?? '–'} % of its last ${now.trades} trades, where its trading configuration expects ${now.expectedPct} %. ${WHAT_TO_DO[isPause ? 'pause' : 'warn']}`,
      details: { sessionId, strategyId },
      now: clock.wallNow(),
    });
  }
}

/** Brings the figures of one session up to date where a trade closed since, and watches its win rates (STR-72). */
async function reviewSession(ports: Ports, session: SessionDoc): Promise<void> {
  const { store } = ports;
  if (!(await hasNewTrades(store, session))) return;
  const trades = await readTrades(store, session);
  await tell(ports, session, crossingsOf(session.winRates, winRatesOf(session, trades)));
  await write(ports, session.sessionId, trades);
}

/**
 * Reviews all sessions that are at work, and ends those that only waited for their last position (STR-91); one that cannot
 * be reviewed holds up no other.
 */
export async function reviewSessions(ports: Ports): Promise<void> {
  const { store, log } = ports;
  const atWork = store.firestore.collection(paths.sessions).where('status', 'in', AT_WORK);
  for (const { id, ...found } of await store.queryEach(atWork, sessionDoc))
    try {
      if (!found.ok) log.error('a session cannot be read', { sessionId: id });
      else {
        await reviewSession(ports, found.value);
        if (found.value.status === 'STOPPING') await finishSession(ports, id);
      }
    } catch (error) {
      log.error('a session could not be reviewed', { sessionId: id, error });
    }
}
