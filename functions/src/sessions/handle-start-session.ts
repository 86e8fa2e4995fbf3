import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { syncBook } from '@tradewind/adapters/execution/sync-book';
import type { StoreTx } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import type { BookDoc } from '@tradewind/contracts/documents/book';
import { sessionDoc, type SessionDoc } from '@tradewind/contracts/documents/session';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import { ZERO_MONEY } from '@tradewind/core/lib/units';
import type { Actor, Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';
import { refuseFaults } from '../strategies/faults.ts';
import { provision, writeStates } from '../strategies/provision.ts';
import { watchWinRate } from '@tradewind/core/strategy/configurations/win-rate';
import { configurationFor, type SessionConfiguration } from './session-configuration.ts';
import { checkSession } from './check-session.ts';
import { alone } from './session-store.ts';

type Request = Command<'startSession'> & { readonly by: string };

/** Sessions that still have a say in what their book does. */
const AT_WORK = ['RUNNING', 'PAUSED', 'STOPPING'];

const sessionIdOf = ({ commandId }: Request): string => hashId('session', commandId);

const newSession = ({ clock }: ExecutionPorts, request: Request): SessionDoc => ({
  sessionId: sessionIdOf(request),
  bookId: request.bookId,
  mode: request.mode,
  type: request.mode === 'paper' ? 'paper' : 'live',
  symbols: [...request.symbols],
  strategyIds: [...request.strategyIds],
  status: 'RUNNING',
  error: null,
  startTime: clock.marketNow(),
  endTime: null,
  initialBalance: request.initialCapital,
  currentBalance: request.initialCapital,
  leverage: request.leverage,
  // Known once its strategies are: see `begin`.
  configId: null,
  configuration: null,
  winRates: {},
  countedUntil: null,
  totalPnl: ZERO_MONEY,
  totalTrades: 0,
  winningTrades: 0,
  losingTrades: 0,
  winRate: null,
  maxDrawdown: 0,
  sharpe: null,
  createdBy: request.by,
  updatedAt: clock.wallNow(),
});

/** STR-92: two live sessions would trade one account for two reasons. */
async function liveSession(
  { store }: ExecutionPorts,
  bookId: string,
): Promise<SessionDoc | undefined> {
  const ofBook = store.firestore.collection(paths.sessions).where('bookId', '==', bookId);
  const sessions = await store.query(ofBook.where('status', 'in', AT_WORK), sessionDoc);
  return sessions.find(({ type }) => type === 'live');
}

/** Why ledger and venue cannot be trusted to agree; `null` when they were just found to (05). */
async function findObstacle(ports: ExecutionPorts, book: BookDoc): Promise<string | null> {
  const pass = await syncBook(ports, book);
  const [failure] = pass.failures;
  if (failure !== undefined)
    return `Orders could not be compared with the venue: ${failure.message}`;
  return pass.clean
    ? null
    : 'Orders of the book are unclear or being repaired. Try again in half a minute.';
}

/** Strategies with their states, and the session: all of them, or none. */
async function begin(
  { store, clock }: ExecutionPorts,
  tx: StoreTx,
  { request, session }: { readonly request: Request; readonly session: SessionDoc },
): Promise<CommandReply | null> {
  const checked = await checkSession(tx, request, clock.wallNow());
  if (!checked.ok) return refuseFaults('The session', checked.error);
  const chosen = await configurationFor(tx, request.configId, checked.value.strategies);
  if (!chosen.ok) return refuseFaults('The session', chosen.error);
  const now = clock.wallNow();
  const live = session.type === 'live';
  const provisioned = [];
  for (const strategy of checked.value.strategies) {
    const made = await provision({ store, live, now }, tx, strategy);
    if (!made.ok) return refuseFaults(strategy.name, made.error);
    provisioned.push({ strategy, ...made.value });
  }
  const { sessionId } = session;
  for (const { strategy, states, windows } of provisioned) {
    writeStates(tx, states);
    tx.set(paths.strategy(strategy.strategyId), strategyDoc, {
      ...strategy,
      ...{ status: 'RUNNING', sessionId, windows: [...windows], updatedAt: now },
      leverage: request.leverage,
    });
  }
  tx.create(paths.session(sessionId), sessionDoc, { ...session, ...configured(chosen.value) });
  return null;
}

/** What a session knows of its configuration, before the first trade. */
const configured = ({ configId, configuration, strategyIds }: SessionConfiguration) => ({
  configId,
  configuration,
  winRates:
    configuration === null
      ? {}
      : Object.fromEntries(strategyIds.map((id) => [id, watchWinRate([], configuration)])),
});

const running = ({ sessionId, strategyIds }: SessionDoc): CommandReply => ({
  ok: true,
  code: 'running',
  message: `The session is running with ${strategyIds.length} strategies.`,
  id: sessionId,
});
const failed = ({ sessionId, error }: SessionDoc): CommandReply => ({
  ...refuse('error', `The session could not start, and nothing was changed. ${error ?? ''}`),
  id: sessionId,
});

/** Leaves the session behind as ERROR: nothing else was written, so there is nothing to roll back. */
async function fail(
  { store }: ExecutionPorts,
  session: SessionDoc,
  cause: string,
): Promise<CommandReply> {
  const stopped: SessionDoc = {
    ...session,
    ...{ status: 'ERROR', error: cause.slice(0, 500), endTime: session.startTime },
  };
  await store.create(paths.session(session.sessionId), sessionDoc, stopped);
  return failed(stopped);
}

async function start(ports: ExecutionPorts, request: Request): Promise<CommandReply> {
  const { store } = ports;
  const known = await store.get(paths.session(sessionIdOf(request)), sessionDoc);
  if (known !== undefined) return known.status === 'ERROR' ? failed(known) : running(known);
  const checked = await store.transact((tx) => checkSession(tx, request, ports.clock.wallNow()));
  if (!checked.ok) return refuseFaults('The session', checked.error);
  const other = request.mode === 'paper' ? undefined : await liveSession(ports, request.bookId);
  if (other !== undefined)
    return refuse(
      'live_session',
      `${checked.value.book.name} has a live session already (${other.sessionId}). Stop it first.`,
    );
  const session = newSession(ports, request);
  try {
    const obstacle = await findObstacle(ports, checked.value.book);
    if (obstacle !== null) return await fail(ports, session, obstacle);
    const refusal = await store.transact((tx) => begin(ports, tx, { request, session }));
    return refusal ?? running(session);
  } catch (error) {
    ports.log.error('a session could not start', { sessionId: session.sessionId, error });
    return fail(ports, session, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Starts a session (STR-90): judges what it is made of, compares the book's orders with the venue, and then sets
 * its strategies to RUNNING with fresh states, in one transaction with the session itself. So a start that fails
 * has changed nothing, and only leaves its session behind as ERROR (STR-91).
 */
export const handleStartSession = (
  ports: ExecutionPorts,
  request: Command<'startSession'>,
  { name: by }: Pick<Actor, 'name'>,
): Promise<CommandReply> => alone(ports, request.bookId, () => start(ports, { ...request, by }));
