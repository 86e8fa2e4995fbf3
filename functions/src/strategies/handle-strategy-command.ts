import { cancelEntries } from '@tradewind/adapters/execution/cancel-entries';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { strategyDoc, type StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { moveStrategy, type LifecycleCommand } from '@tradewind/core/session/lifecycle';
import { refuse } from '../callables/refuse.ts';
import { refuseUnheard } from '../execution/refuse-unheard.ts';
import { refuseFaults } from './faults.ts';
import { provision, writeStates } from './provision.ts';

type Moved =
  | { readonly kind: 'refused'; readonly reply: CommandReply }
  | { readonly kind: 'moved'; readonly strategy: StrategyDoc };

/** The strategy in its new status, in one transaction with the states that it starts with. */
function move(
  { store, clock }: ExecutionPorts,
  strategyId: string,
  command: LifecycleCommand,
): Promise<Moved> {
  const refused = (reply: CommandReply): Moved => ({ kind: 'refused', reply });
  return store.transact(async (tx) => {
    const known = await tx.get(paths.strategy(strategyId), strategyDoc);
    if (known === undefined)
      return refused(refuse('not_found', `There is no strategy "${strategyId}".`));
    const { bookId, name } = known;
    const book = await tx.get(paths.book(bookId), bookDoc);
    if (book === undefined)
      return refused(refuse('no_book', `Its book "${bookId}" does not exist.`));
    const moved = moveStrategy(known.status, command);
    if (!moved.ok) return refused(refuse('refused', `${name} ${moved.error}.`));
    const now = clock.wallNow();
    let { windows } = known;
    if (command === 'start') {
      const live = book.mode !== 'paper';
      const made = await provision({ store, live, now }, tx, known);
      if (!made.ok) return refused(refuseFaults(name, made.error));
      writeStates(tx, made.value.states);
      windows = [...made.value.windows];
    }
    const strategy = { ...known, windows, status: moved.value, updatedAt: now };
    tx.set(paths.strategy(strategyId), strategyDoc, strategy);
    return { kind: 'moved', strategy };
  });
}

const SAID: Readonly<Record<LifecycleCommand, string>> = {
  start: 'is running',
  pause: 'is paused: it enters nothing, and its exits go on',
  resume: 'is running again',
  stop: 'is stopped: it decides nothing, and its positions keep their protection',
};

/** EXE-04: what is to run needs somebody who turns its signals into orders; what is to stop does not. */
async function refuseDeaf(
  ports: ExecutionPorts,
  strategyId: string,
  command: LifecycleCommand,
): Promise<CommandReply | null> {
  if (command !== 'start' && command !== 'resume') return null;
  const strategy = await ports.store.get(paths.strategy(strategyId), strategyDoc);
  return strategy === undefined ? null : refuseUnheard(ports, strategy.bookId);
}

/** Starts, pauses, resumes or stops one strategy; what it has not entered yet is taken back (STR-91). */
export async function handleStrategyCommand(
  ports: ExecutionPorts,
  strategyId: string,
  command: LifecycleCommand,
): Promise<CommandReply> {
  const unheard = await refuseDeaf(ports, strategyId, command);
  if (unheard !== null) return unheard;
  const result = await move(ports, strategyId, command);
  if (result.kind === 'refused') return result.reply;
  const { bookId, name, status } = result.strategy;
  const items =
    status === 'RUNNING'
      ? []
      : await cancelEntries(ports, {
          bookId,
          strategyId,
          reason: `${name} was ${status.toLowerCase()}`,
        });
  return {
    ok: true,
    code: status.toLowerCase(),
    message: `${name} ${SAID[command]}.`,
    id: strategyId,
    items: [...items],
  };
}
