import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createStore, type Store } from '@tradewind/adapters/ledger/store';
import type { CallableName, CallableRequest, CommandReply } from '@tradewind/contracts/callables';
import type { Role } from '@tradewind/contracts/documents/system';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import * as z from 'zod';
import { command as callCommand } from '../../tools/src/desk/command.ts';
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

/** Calls a callable of the desk as its user with `role`. @throws Fault when it refuses. */
export const command = <N extends CallableName>(
  name: N,
  request: Omit<CallableRequest<N>, 'commandId'>,
  role: Role = 'admin',
): Promise<CommandReply> => callCommand({ ports: deskUnderTest().ports, role }, name, request);

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
