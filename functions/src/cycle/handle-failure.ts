import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { strategyStateDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import { MAX_ERRORS } from '@tradewind/core/engine/decide';
import { restore, stored as textOf } from '@tradewind/core/engine/restore';
import type { Block } from '@tradewind/core/strategy/blocking';
import { BookUnreadable } from './book-facts.ts';
import { MarketUnknown, type Known } from './deciders.ts';
import { recordFailure, refreshStatus } from './save-evaluation.ts';
import type { Who } from './statuses.ts';

export type Failure = {
  readonly bookId: string;
  /** Id of the bot or strategy. */
  readonly id: string;
  /** Whose evaluation failed; `undefined` when its document cannot be read. */
  readonly who: (Who & { readonly name: string }) | undefined;
  /** What would have decided; left out when it could not be made. */
  readonly known?: Known;
  readonly error: unknown;
};

/** The book's or the market's trouble, not its own: it waits, and an alert asks for eyes. */
async function halt(
  ports: ExecutionPorts,
  who: Who,
  error: BookUnreadable | MarketUnknown,
): Promise<void> {
  const block: Block = { reason: 'halted', detail: error.message };
  await refreshStatus(ports, { who, livePrice: undefined, block });
  const isBook = error instanceof BookUnreadable;
  await raiseAlert(ports.store, {
    rule: isBook ? 'book_unreadable' : 'market_unknown',
    severity: 'CRITICAL',
    message: isBook
      ? `No bot of book ${who.bookId} decides: ${error.message}`
      : `Nothing is decided on ${who.symbol}: ${error.message}`,
    details: { book: who.bookId },
    bookId: who.bookId,
    symbol: isBook ? null : who.symbol,
    now: ports.clock.wallNow(),
  });
}

/** A strategy stops on the market where it fails and goes on elsewhere: its state there says so. */
async function stopOnMarket({ store, clock }: ExecutionPorts, { decider, stored }: Known) {
  const { engine, strategyId, marketKey, version } = decider;
  const restored = stored === undefined ? undefined : restore(engine, stored.state);
  const state = restored?.ok === true ? restored.value : engine.init();
  state.status = 'ERROR';
  await store.set(paths.strategyState(strategyId, marketKey), strategyStateDoc, {
    ...{ strategyId, marketKey, botVersion: version, state: textOf(engine, state) },
    told: stored?.told ?? { signals: [], position: null },
    lastBarCloseAt: stored?.lastBarCloseAt ?? clock.marketNow(),
    updatedAt: clock.wallNow(),
  });
}

/**
 * Stops what failed too often, with an alert (STR-06): a bot, or a strategy whose document cannot be read, as a
 * whole. What it holds stays protected.
 */
export async function stop(
  ports: ExecutionPorts,
  { bookId, id, who, known }: Omit<Failure, 'error'>,
  detail: string,
): Promise<void> {
  const { store, clock } = ports;
  if (who !== undefined && who.bot === null) {
    if (known !== undefined) await stopOnMarket(ports, known);
  } else {
    const isBot = who !== undefined || (await store.firestore.doc(paths.bot(id)).get()).exists;
    await store.setAside(isBot ? paths.bot(id) : paths.strategy(id), { status: 'ERROR' });
  }
  const isStrategy = who?.bot === null;
  await raiseAlert(store, {
    rule: isStrategy ? 'strategy_stopped' : 'bot_stopped',
    severity: 'CRITICAL',
    message: isStrategy
      ? `Strategy ${who.name} was stopped on ${who.symbol}: ${detail}`
      : `Bot ${who?.name ?? id} was stopped: ${detail}`,
    details: { bot: id, failures: String(MAX_ERRORS) },
    bookId,
    symbol: who?.symbol ?? null,
    label: id,
    now: clock.wallNow(),
  });
}

/**
 * One evaluation failed, the others go on (STR-06): its status says why, and the third failure in a row stops it.
 * One whose document cannot be read is stopped at once: waiting mends no document.
 */
export async function handleFailure(ports: ExecutionPorts, failure: Failure): Promise<void> {
  const { bookId, id, who, error } = failure;
  const detail = error instanceof Error ? error.message : String(error);
  ports.log.error('a bot could not be evaluated', { botId: id, bookId, error: detail });
  if (who === undefined) return stop(ports, failure, detail);
  if (error instanceof BookUnreadable || error instanceof MarketUnknown)
    return halt(ports, who, error);
  const failures = await recordFailure(ports, { who, detail: detail.slice(0, 500) });
  if (failures >= MAX_ERRORS) await stop(ports, failure, detail);
}
