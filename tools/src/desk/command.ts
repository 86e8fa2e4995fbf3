import { randomUUID } from 'node:crypto';
import {
  commandReply,
  type CallableName,
  type CallableRequest,
  type CommandReply,
} from '@tradewind/contracts/callables';
import type { Role } from '@tradewind/contracts/documents/system';
import * as z from 'zod';
import { Fault } from '../lib/fault.ts';
import { callJson, callLocal } from '../lib/http.ts';
import type { Ports } from '../lib/ports.ts';
import { PROJECT, REGION } from './emulators.ts';
import { emailOf, PASSWORD } from './seed.ts';

const signedIn = z.looseObject({ idToken: z.string() });
const answered = z.object({ result: commandReply });
const refused = z.object({ error: z.looseObject({ message: z.string() }) });

/** An id token of the local desk's user with `role`. */
async function tokenOf({ auth }: Pick<Ports, 'auth'>, role: Role): Promise<string> {
  const answer = await callJson({
    method: 'POST',
    port: auth,
    path: '/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=demo',
    body: { email: emailOf(role), password: PASSWORD, returnSecureToken: true },
  });
  return signedIn.parse(answer).idToken;
}

/**
 * Calls a callable of the local desk as its user with `role`, the way the dashboard does.
 *
 * @throws Fault when the request is refused; a command that could not do what it was asked replies `ok: false`.
 */
export async function command<N extends CallableName>(
  { ports, role }: { readonly ports: Pick<Ports, 'auth' | 'functions'>; readonly role: Role },
  name: N,
  request: Omit<CallableRequest<N>, 'commandId'>,
): Promise<CommandReply> {
  const reply = await callLocal({
    method: 'POST',
    port: ports.functions,
    path: `/${PROJECT}/${REGION}/${name}`,
    body: { data: { commandId: randomUUID(), ...request } },
    headers: { authorization: `Bearer ${await tokenOf(ports, role)}` },
    timeoutMs: 60_000,
  });
  const said: unknown = JSON.parse(reply.body);
  const failure = refused.safeParse(said);
  if (failure.success) throw new Fault(failure.data.error.message);
  return answered.parse(said).result;
}
