import { cancelEntries } from '@tradewind/adapters/execution/cancel-entries';
import type { Item } from '@tradewind/adapters/execution/item';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { StoreTx } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { sessionDoc, type SessionDoc } from '@tradewind/contracts/documents/session';
import { strategyDoc, type StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import {
  moveSession,
  moveStrategy,
  type LifecycleCommand,
} from '@tradewind/core/session/lifecycle';
import { refuse } from '../callables/refuse.ts';
import { alone } from './session-store.ts';

/** What a session's command means for its strategies: while it stops, they only leave. */
const FOR_STRATEGIES = { pause: 'pause', resume: 'resume', stop: 'pause' } as const;

/** Strategies that a session still has in hand; one that was deleted or started elsewhere is not its own any more. */
export async function strategiesOf(
  tx: Pick<StoreTx, 'getMany'>,
  { sessionId, strategyIds }: SessionDoc,
): Promise<readonly StrategyDoc[]> {
  const found = await tx.getMany(strategyIds.map(paths.strategy), strategyDoc);
  return found
    .filter((strategy) => strategy !== undefined)
    .filter((strategy) => strategy.sessionId === sessionId);
}

/** The session after a command together with its strategies, in one transaction. */
export function moveTogether(
  { store, clock }: ExecutionPorts,
  sessionId: string,
  command: Exclude<LifecycleCommand, 'start'>,
): Promise<Result<SessionDoc, CommandReply>> {
  return store.transact(async (tx) => {
    const session = await tx.get(paths.session(sessionId), sessionDoc);
    if (session === undefined)
      return err(refuse('not_found', `There is no session "${sessionId}".`));
    const moved = moveSession(session.status, command);
    if (!moved.ok) return err(refuse('refused', `The session ${moved.error}.`));
    const now = clock.wallNow();
    for (const strategy of await strategiesOf(tx, session)) {
      // One that a person has stopped, or that failed, stays as it is.
      const next = moveStrategy(strategy.status, FOR_STRATEGIES[command]);
      if (next.ok)
        tx.set(paths.strategy(strategy.strategyId), strategyDoc, {
          ...strategy,
          status: next.value,
          updatedAt: now,
        });
    }
    const next = { ...session, status: moved.value, updatedAt: now };
    tx.set(paths.session(sessionId), sessionDoc, next);
    return ok(next);
  });
}

/** Takes back what its strategies have not entered yet. */
export async function cancelTogether(
  ports: ExecutionPorts,
  { bookId, strategyIds }: SessionDoc,
  reason: string,
): Promise<Item[]> {
  const items: Item[] = [];
  for (const strategyId of strategyIds)
    items.push(...(await cancelEntries(ports, { bookId, strategyId, reason })));
  return items;
}

/** Runs `command` on the session as the only one of its book. */
export async function onSession(
  ports: ExecutionPorts,
  sessionId: string,
  command: () => Promise<CommandReply>,
): Promise<CommandReply> {
  const session = await ports.store.get(paths.session(sessionId), sessionDoc);
  return session === undefined
    ? refuse('not_found', `There is no session "${sessionId}".`)
    : alone(ports, session.bookId, command);
}

/** Stops a session's entries; its exits go on being decided (STR-91). */
export const handlePauseSession = (
  ports: ExecutionPorts,
  sessionId: string,
): Promise<CommandReply> =>
  onSession(ports, sessionId, async () => {
    const moved = await moveTogether(ports, sessionId, 'pause');
    if (!moved.ok) return moved.error;
    const items = await cancelTogether(ports, moved.value, 'the session was paused');
    const message = 'The session is paused: nothing is entered, and exits go on.';
    return { ok: true, code: 'paused', message, id: sessionId, items };
  });

/** Lets a paused session enter again. */
export const handleResumeSession = (
  ports: ExecutionPorts,
  sessionId: string,
): Promise<CommandReply> =>
  onSession(ports, sessionId, async () => {
    const moved = await moveTogether(ports, sessionId, 'resume');
    if (!moved.ok) return moved.error;
    return { ok: true, code: 'running', message: 'The session is running again.', id: sessionId };
  });
