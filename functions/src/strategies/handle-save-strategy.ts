import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store, StoreTx } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc, bookMarket, isOfBook, type BookDoc } from '@tradewind/contracts/documents/book';
import {
  strategyDoc,
  strategyVersionDoc,
  type StrategyDoc,
} from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import type { Prepared } from '@tradewind/core/strategy/strategy';
import { configurationOf } from '@tradewind/core/strategy/configurations/configuration';
import { checkChoice, type Fault } from '@tradewind/strategies/check';
import type { Actor, Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';
import { choiceIn } from '../sessions/session-configuration.ts';
import { refuseFaults } from './faults.ts';

type Ports = { readonly store: Store; readonly clock: Clock };
type Settings = Command<'saveStrategy'>['settings'];

function check(settings: Settings, book: BookDoc): Result<Prepared, readonly Fault[]> {
  const { strategy, marketKeys } = settings;
  const elsewhere = marketKeys
    .filter((key) => !isOfBook(book, key))
    .map((key) => ({
      field: 'marketKeys',
      fault: `${key} is no ${bookMarket(book)} market of ${book.venue}, which ${book.name} trades`,
    }));
  const prepared = checkChoice(strategy, { live: book.mode !== 'paper' });
  const faults = [...elsewhere, ...(prepared.ok ? [] : prepared.error)];
  return prepared.ok && faults.length === 0 ? ok(prepared.value) : err(faults);
}

/**
 * The settings with the hold times of the trading configuration that the parameters name, where they set none: a strategy
 * judges bars, and would leave up to a bar too late (PF-55).
 */
function withHold(settings: Settings, { params }: Prepared): Settings {
  const choice = choiceIn(params);
  if (choice === null || settings.protection.hold !== undefined) return settings;
  const { min, max } = configurationOf(choice).holdSeconds;
  const hold = { minSeconds: min, maxSeconds: max, extend: false };
  return { ...settings, protection: { ...settings.protection, hold } };
}

/** The strategy as it was, to be changed; what does not fit is a refusal. */
async function knownOf(
  tx: StoreTx,
  { strategyId, bookId }: Command<'saveStrategy'>,
): Promise<Result<StrategyDoc | undefined, CommandReply>> {
  if (strategyId === undefined) return ok(undefined);
  const known = await tx.get(paths.strategy(strategyId), strategyDoc);
  if (known === undefined) return err(refuse('not_found', `There is no strategy "${strategyId}".`));
  if (known.bookId !== bookId)
    return err(
      refuse('other_book', `${known.name} belongs to book "${known.bookId}", and stays there.`),
    );
  return ok(known);
}

/**
 * Writes a strategy: a new one, stopped, or the next version of one, which decides as soon as nothing is held by
 * the version before it (STR-07). Nothing is written unless all of it is good.
 */
export function handleSaveStrategy(
  { store, clock }: Ports,
  request: Command<'saveStrategy'>,
  { name: savedBy }: Pick<Actor, 'name'>,
): Promise<CommandReply> {
  const { bookId, settings, commandId } = request;
  return store.transact(async (tx) => {
    const book = await tx.get(paths.book(bookId), bookDoc);
    if (book === undefined) return refuse('no_book', `There is no book "${bookId}".`);
    const prepared = check(settings, book);
    if (!prepared.ok) return refuseFaults(settings.name, prepared.error);
    const known = await knownOf(tx, request);
    if (!known.ok) return known.error;

    const strategyId = request.strategyId ?? hashId('strategy', commandId);
    const version = (known.value?.version ?? 0) + 1;
    const now = clock.wallNow();
    const { needs, version: codeVersion } = prepared.value;
    const saved = {
      ...withHold(settings, prepared.value),
      timeframe: needs.timeframe,
      strategyId,
      bookId,
      version,
    };
    // While it runs, the version before may decide on: what either reads is computed until it starts anew.
    const before = known.value?.status === 'STOPPED' ? [] : (known.value?.windows ?? []);
    const windows = [...new Set([...before, ...needs.windows])];
    tx.set(paths.strategy(strategyId), strategyDoc, {
      status: 'STOPPED',
      sessionId: null,
      createdAt: now,
      ...known.value,
      ...saved,
      windows,
      updatedAt: now,
    });
    const copy = { ...saved, codeVersion, savedBy, createdAt: now };
    tx.create(paths.strategyVersion(strategyId, version), strategyVersionDoc, copy);
    const message = `${settings.name} is saved as version ${version}.`;
    return { ok: true, code: 'saved', message, id: strategyId };
  });
}
