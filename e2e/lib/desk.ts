import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createStore, type Store } from '@tradewind/adapters/ledger/store';
import type { CallableName, CommandReply } from '@tradewind/contracts/callables';
import { commandReply } from '@tradewind/contracts/callables';
import type { Role } from '@tradewind/contracts/documents/system';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import * as z from 'zod';
import { emailOf, PASSWORD } from '../../tools/src/desk/seed.ts';
import { callJson, callLocal } from '../../tools/src/lib/http.ts';
import type { Ports } from '../../tools/src/lib/ports.ts';

const port = z.number();
const ports = z.object({
  auth: port,
  functions: port,
  firestore: port,
  firestoreSocket: port,
  hosting: port,
  hub: port,
  logging: port,
  tasks: port,
  eventarc: port,
  sandbox: port,
  mailbox: port,
  worker: port,
});
const told = z.object({ ports, chromium: z.string().nullable() });

/** The desk that the test runner started. @throws Error when the tests are run without it. */
export function deskUnderTest(): {
  readonly ports: Ports;
  readonly chromium: string | null;
} {
  const text = process.env['TRADEWIND_E2E'];
  if (text === undefined)
    throw new Error('No desk was started: run these with npm test -- --only desk,browser');
  return told.parse(JSON.parse(text));
}

/** The desk's ledger, by the admin SDK. */
export const openStore = (): Store =>
  createStore(getFirestore(initializeApp({ projectId: 'demo-tradewind' }, randomUUID())));

const signedIn = z.looseObject({ idToken: z.string() });

/** An id token of the desk's user with `role`. */
async function tokenOf(role: Role): Promise<string> {
  const answer = await callJson({
    method: 'POST',
    port: deskUnderTest().ports.auth,
    path: '/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=demo',
    body: { email: emailOf(role), password: PASSWORD, returnSecureToken: true },
  });
  return signedIn.parse(answer).idToken;
}

/** Calls a callable over HTTP, as the dashboard does. @throws Error when it refuses. */
export async function command(
  name: CallableName,
  request: Readonly<Record<string, unknown>>,
  role: Role = 'admin',
): Promise<CommandReply> {
  const answer = await callJson({
    method: 'POST',
    port: deskUnderTest().ports.functions,
    path: `/demo-tradewind/us-central1/${name}`,
    body: { data: { commandId: randomUUID(), ...request } },
    headers: { authorization: `Bearer ${await tokenOf(role)}` },
    timeoutMs: 60_000,
  });
  return z.object({ result: commandReply }).parse(answer).result;
}

const sandboxState = z.looseObject({
  orders: z.array(
    z.looseObject({ clientOrderId: z.string(), status: z.string(), side: z.string() }),
  ),
});

/** Every order that the venue knows. */
export const venueOrders = async () =>
  sandboxState.parse(
    await callJson({ method: 'GET', port: deskUnderTest().ports.sandbox, path: '/admin/state' }),
  ).orders;

/** Lets the venue take `delayMs` for each of its next `count` orders. */
export const slowOrders = (count: number, delayMs: number): Promise<unknown> =>
  callJson({
    method: 'POST',
    port: deskUnderTest().ports.sandbox,
    path: '/admin/faults',
    body: { match: { method: 'POST', path: '/api/v3/order' }, kind: 'slow', count, delayMs },
  });

/** Takes back every fault that was ordered. */
export const clearFaults = (): Promise<unknown> =>
  callLocal({ method: 'DELETE', port: deskUnderTest().ports.sandbox, path: '/admin/faults' });

const mails = z.array(z.looseObject({ subject: z.string(), text: z.string().nullable() }));

/** Mails that the local mailbox took. */
export const readMails = async () =>
  mails.parse(
    await callJson({ method: 'GET', port: deskUnderTest().ports.mailbox, path: '/mails' }),
  );

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended while it was looked at, or it is another user's.
    return '';
  }
};

/** Ids of this desk's processes whose command line and environment hold `command` and `variable`. */
export function processesOf({
  command: text,
  variable,
}: {
  readonly command: string;
  readonly variable?: string;
}): readonly number[] {
  const ours = `FIRESTORE_EMULATOR_HOST=127.0.0.1:${deskUnderTest().ports.firestore}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(text))
    .filter((pid) => {
      const environment = read(`/proc/${pid}/environ`).split('\0');
      return (
        environment.includes(ours) && (variable === undefined || environment.includes(variable))
      );
    })
    .map(Number);
}
