import { randomUUID } from 'node:crypto';
import {
  commandReply,
  type CallableName,
  type CallableRequest,
  type CommandReply,
} from '@tradewind/contracts/callables';
import { strategySettings, symbolOf } from '@tradewind/contracts/documents/strategy';
import * as z from 'zod';
import type { Answer } from '../cli/answer.ts';
import { PROJECT, REGION } from '../desk/emulators.ts';
import { emailOf, PASSWORD } from '../desk/seed.ts';
import { Fault } from '../lib/fault.ts';
import { callJson, callLocal } from '../lib/http.ts';
import { isBusy, portsAt, type Ports } from '../lib/ports.ts';
import { checkStrategyFile, readJson } from './look.ts';

/** The desk on this machine: nowhere else may a command line sign in as anybody. */
type Local = { readonly portOffset: number };

const signedIn = z.looseObject({ idToken: z.string() });
const answered = z.object({ result: commandReply });
const refused = z.object({ error: z.looseObject({ message: z.string() }) });

async function portsOf({ portOffset }: Local): Promise<Ports> {
  const ports = portsAt(portOffset);
  if (await isBusy(ports.functions)) return ports;
  throw new Fault(
    `No desk runs here (nothing listens on port ${ports.functions}). Start one with npm start`,
  );
}

/** Signs in as the desk's trader. */
async function tokenOf({ auth }: Ports): Promise<string> {
  const answer = await callJson({
    method: 'POST',
    port: auth,
    path: '/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=demo',
    body: { email: emailOf('trader'), password: PASSWORD, returnSecureToken: true },
  });
  return signedIn.parse(answer).idToken;
}

/** Calls a callable of the local desk, as the dashboard does. @throws Fault when it refuses the request. */
async function command<N extends CallableName>(
  ports: Ports,
  name: N,
  request: Omit<CallableRequest<N>, 'commandId'>,
): Promise<CommandReply> {
  const reply = await callLocal({
    method: 'POST',
    port: ports.functions,
    path: `/${PROJECT}/${REGION}/${name}`,
    body: { data: { commandId: randomUUID(), ...request } },
    headers: { authorization: `Bearer ${await tokenOf(ports)}` },
    timeoutMs: 60_000,
  });
  const said: unknown = JSON.parse(reply.body);
  const failure = refused.safeParse(said);
  if (failure.success) throw new Fault(failure.data.error.message);
  return answered.parse(said).result;
}

const told = ({ ok, code, message, id, items }: CommandReply, more = ''): Answer => ({
  ok,
  text:
    [message, ...(items ?? []).map(({ item, result }) => `  - ${item}: ${result}`)].join('\n') +
    more,
  data: { code, message, ...(id === undefined ? {} : { id }) },
});

/**
 * Saves a strategy document on the local desk and starts a session with it alone (STR-90).
 *
 * @throws Fault where no desk runs.
 */
export async function runStrategy(
  file: string,
  { book, capital, ...local }: Local & { readonly book: string; readonly capital: string },
): Promise<Answer> {
  const checked = checkStrategyFile(file, { live: false });
  if (!checked.ok) return checked;
  const settings = strategySettings.parse(readJson(file));
  const ports = await portsOf(local);
  const saved = await command(ports, 'saveStrategy', {
    bookId: book,
    settings: z.encode(strategySettings, settings),
  });
  if (!saved.ok || saved.id === undefined) return told(saved);
  const session = await command(ports, 'startSession', {
    bookId: book,
    mode: 'paper',
    symbols: [...new Set(settings.marketKeys.map(symbolOf))],
    strategyIds: [saved.id],
    initialCapital: capital,
  });
  const end = session.ok ? `\nEnd it with: npm run tw -- strategy stop ${session.id ?? ''}` : '';
  return told(session, end);
}

/** Stops a session of the local desk (STR-91). @throws Fault where no desk runs. */
export async function stopSession(
  sessionId: string,
  { close, ...local }: Local & { readonly close: boolean },
): Promise<Answer> {
  return told(
    await command(await portsOf(local), 'stopSession', { sessionId, closePositions: close }),
  );
}
