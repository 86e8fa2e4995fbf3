import type { Log } from '@tradewind/adapters/telemetry/log';
import type { Store, StoreTx } from '@tradewind/adapters/ledger/store';
import {
  callables,
  commandReply,
  isUrgent,
  type CallableName,
  type CommandReply,
} from '@tradewind/contracts/callables';
import {
  auditDoc,
  commandDoc,
  commandPaceDoc,
  role as roleSchema,
  type Role,
} from '@tradewind/contracts/documents/system';
import { COMMAND_PACE } from '@tradewind/contracts/pace';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import { admit } from '@tradewind/core/lib/pace';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import { later, seconds, type EpochMs } from '@tradewind/core/lib/time';
import type * as z from 'zod';

/** A refusal that the caller sees, by the callable protocol's code. */
export type Refusal = {
  readonly code:
    | 'unauthenticated'
    | 'permission-denied'
    | 'invalid-argument'
    | 'already-exists'
    | 'aborted'
    | 'resource-exhausted';
  readonly message: string;
  /** Each fault of a malformed request: the field and what is wrong with it. */
  readonly faults?: readonly { readonly field: string; readonly fault: string }[];
};

/** Who calls: from the verified token. `undefined` = not signed in. */
export type Caller = {
  readonly uid: string;
  readonly email: string | undefined;
  readonly role: unknown;
};

export type Actor = { readonly uid: string; readonly name: string; readonly role: Role };
export type Command<N extends CallableName> = z.output<(typeof callables)[N]['request']>;

/** What a command does with a request that is known to be good. */
export type CommandHandler<N extends CallableName> = (
  request: Command<N>,
  actor: Actor,
) => Promise<CommandReply>;

type Deps = { readonly store: Store; readonly log: Log; readonly wallNow: () => EpochMs };

/** A command that died is forgotten after this; until then a repeat is told to wait. */
const COMMAND_EXPIRY = seconds(60);
/** Fields that name what a command is about, the most telling first. */
const TARGETS = [
  ...['botId', 'strategyId', 'sessionId', 'orderId', 'positionId', 'alertId', 'deadLetterId'],
  'bookId',
] as const;
const RANK: Readonly<Record<Role, number>> = { viewer: 0, trader: 1, admin: 2 };

function authorise(name: CallableName, caller: Caller | undefined): Result<Actor, Refusal> {
  if (caller === undefined)
    return err({ code: 'unauthenticated', message: 'Sign in first, then try again.' });
  const parsed = roleSchema.safeParse(caller.role);
  const needed = callables[name].role;
  if (!parsed.success || RANK[parsed.data] < RANK[needed])
    return err({
      code: 'permission-denied',
      message: `${name} needs the role ${needed}; yours is ${parsed.success ? parsed.data : 'none'}.`,
    });
  return ok({ uid: caller.uid, name: caller.email ?? caller.uid, role: parsed.data });
}

function parseRequest<N extends CallableName>(name: N, data: unknown): Result<Command<N>, Refusal> {
  const parsed = callables[name].request.safeParse(data);
  if (parsed.success) return ok(parsed.data as Command<N>);
  const faults = parsed.error.issues.map((issue) => ({
    field: issue.path.length === 0 ? 'request' : issue.path.join('.'),
    fault: issue.message,
  }));
  const words = faults.map(({ field, fault }) => `${field}: ${fault}`).join('; ');
  return err({ code: 'invalid-argument', message: `${name} was not done. ${words}`, faults });
}

/** JSON knows no bigint. */
const decimalsAsText = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

type Claim = {
  readonly commandId: string;
  readonly name: CallableName;
  readonly uid: string;
  readonly fingerprint: string;
};

/** Counts a new command of a user; one too many is refused, unless it is urgent (ARC-62). */
async function keepPace(tx: StoreTx, { name, uid }: Claim, now: EpochMs): Promise<Refusal | null> {
  if (isUrgent(name)) return null;
  const path = paths.commandPace(uid);
  const known = await tx.get(path, commandPaceDoc);
  const said = admit(known?.recent ?? [], now, COMMAND_PACE);
  if (!said.admitted)
    return {
      code: 'resource-exhausted',
      message: `${name} was not done: you gave ${COMMAND_PACE.most} commands within a minute. Try again in ${Math.ceil(said.retryAfterMs / 1_000)} s.`,
    };
  tx.set(path, commandPaceDoc, { uid, recent: [...said.recent] });
  return null;
}

/** Takes the command for this call, or finds what became of it (ARC-61). */
function claim(deps: Deps, command: Claim): Promise<Result<CommandReply | null, Refusal>> {
  const path = paths.command(command.commandId);
  return deps.store.transact(async (tx) => {
    const known = await tx.get(path, commandDoc);
    const now = deps.wallNow();
    if (
      known !== undefined &&
      (known.fingerprint !== command.fingerprint || known.uid !== command.uid)
    )
      return err({
        code: 'already-exists',
        message: `Command id ${command.commandId} was used for another request. Use a new id.`,
      });
    if (known?.status === 'DONE') return ok(commandReply.parse(JSON.parse(known.reply ?? 'null')));
    if (known !== undefined && known.expiresAt > now)
      return err({
        code: 'aborted',
        message: 'The same command is still running. Try again in a moment.',
      });
    const refused = await keepPace(tx, command, now);
    if (refused !== null) return err(refused);
    tx.set(path, commandDoc, {
      ...command,
      status: 'RUNNING',
      reply: null,
      startedAt: now,
      expiresAt: later(now, COMMAND_EXPIRY),
    });
    return ok(null);
  });
}

/** Runs the command; one that fails frees its id, so that the caller may repeat it at once. */
async function perform(
  deps: Deps,
  command: Claim,
  body: () => Promise<CommandReply>,
): Promise<CommandReply> {
  try {
    return commandReply.parse(await body());
  } catch (error) {
    const now = deps.wallNow();
    const running = { ...command, status: 'RUNNING', reply: null, startedAt: now } as const;
    await deps.store.set(paths.command(command.commandId), commandDoc, {
      ...running,
      expiresAt: now,
    });
    throw error;
  }
}

/** Stores the reply for repeats, and who did what, together. */
async function settle(
  deps: Deps,
  {
    command,
    actor,
    request,
    reply,
  }: {
    readonly command: Claim;
    readonly actor: Actor;
    readonly request: object;
    readonly reply: CommandReply;
  },
): Promise<void> {
  const now = deps.wallNow();
  const target = TARGETS.flatMap((key) => {
    const named: unknown = Reflect.get(request, key);
    return typeof named === 'string' ? [named] : [];
  })[0];
  const reason = 'reason' in request && typeof request.reason === 'string' ? request.reason : null;
  await deps.store.transact(async (tx) => {
    tx.set(paths.command(command.commandId), commandDoc, {
      ...command,
      status: 'DONE',
      reply: JSON.stringify(reply),
      startedAt: now,
      expiresAt: now,
    });
    tx.set(paths.audit(command.commandId), auditDoc, {
      auditId: command.commandId,
      actor: `${actor.name} (${actor.uid})`,
      action: command.name,
      target: target ?? null,
      reason,
      result: { ok: String(reply.ok), code: reply.code, message: reply.message },
      at: now,
    });
    await Promise.resolve();
  });
}

/**
 * Runs a command once: checks who calls, their role and the request, then does it and remembers
 * the reply under the caller's command id (ARC-61).
 *
 * A call that dies leaves its claim behind for a minute; the next call with the same id then runs
 * the command again, which commands survive because their effects have deterministic ids.
 */
export async function handleCallable<N extends CallableName>(
  call: { readonly name: N; readonly caller: Caller | undefined; readonly data: unknown },
  handler: CommandHandler<N>,
  deps: Deps,
): Promise<Result<CommandReply, Refusal>> {
  const actor = authorise(call.name, call.caller);
  if (!actor.ok) return actor;
  const request = parseRequest(call.name, call.data);
  if (!request.ok) return request;
  const command: Claim = {
    commandId: request.value.commandId,
    name: call.name,
    uid: actor.value.uid,
    fingerprint: hashId(call.name, JSON.stringify(request.value, decimalsAsText)),
  };
  const claimed = await claim(deps, command);
  if (!claimed.ok) return claimed;
  if (claimed.value !== null) return ok(claimed.value);
  const reply = await perform(deps, command, () => handler(request.value, actor.value));
  await settle(deps, { command, actor: actor.value, request: request.value, reply });
  deps.log.info('command', {
    command: call.name,
    uid: actor.value.uid,
    code: reply.code,
    ok: reply.ok,
  });
  return ok(reply);
}
