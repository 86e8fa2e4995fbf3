import type { FastifyReply } from 'fastify';
import { setTimeout as wait } from 'node:timers/promises';
import { unreachable } from '@tradewind/core/lib/result';
import type { Fault } from './faults.ts';

/** What a handler is about to answer. */
export type Pending = { readonly status: number; readonly body: string };

const HTML = '<html><head><title>Error</title></head><body><h1>Sorry</h1></body></html>';

/** Leaves the caller waiting: the socket stays open and nothing is ever written. */
const hang = (reply: FastifyReply): void => {
  reply.hijack();
};
const cut = (reply: FastifyReply): void => {
  reply.hijack();
  reply.raw.destroy();
};
const limited = (reply: FastifyReply, fault: Fault): void => {
  const seconds = Math.max(1, Math.ceil(fault.delayMs / 1_000));
  const status = fault.kind === '418' ? 418 : 429;
  const msg =
    status === 418
      ? `Way too much request weight used; IP banned until ${Date.now() + seconds * 1_000}. Please use WebSocket Streams for live updates to avoid bans.`
      : 'Too much request weight used; current limit is 6000 request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.';
  void reply.code(status).header('retry-after', String(seconds)).send({ code: -1003, msg });
};
const failed = (reply: FastifyReply, fault: Fault): void => {
  void reply.code(fault.status).type('text/html').send(HTML);
};

/** Sends the beginning of the answer, promises the rest, and stops. */
const stall = (reply: FastifyReply, { status, body }: Pending): void => {
  reply.hijack();
  reply.raw.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body) + 10,
  });
  reply.raw.write(body.slice(0, Math.ceil(body.length / 2)));
};

/** Faults that keep a request from being processed. True when the request is over. */
export async function misbehaveBefore(fault: Fault, reply: FastifyReply): Promise<boolean> {
  switch (fault.kind) {
    case 'slow':
      await wait(fault.delayMs);
      return false;
    case '5xx':
      failed(reply, fault);
      return true;
    case '429':
    case '418':
      limited(reply, fault);
      return true;
    case 'timeoutBefore':
      hang(reply);
      return true;
    case 'disconnectBefore':
      cut(reply);
      return true;
    case '5xxAfter':
    case 'html':
    case 'empty':
    case 'rubbish':
    case 'timeoutAfter':
    case 'disconnectAfter':
    case 'bodyStall':
      return false;
    default:
      return unreachable(fault.kind);
  }
}

/** Faults of the answer to a request that was processed. True when the request is over. */
export function misbehaveAfter(fault: Fault, reply: FastifyReply, pending: Pending): boolean {
  switch (fault.kind) {
    case '5xxAfter':
      failed(reply, fault);
      return true;
    case 'html':
      void reply.code(200).type('text/html').send(HTML);
      return true;
    case 'empty':
      void reply.code(200).send('');
      return true;
    case 'rubbish':
      void reply.code(200).type('application/json').send('{"orderId":12,"sta');
      return true;
    case 'timeoutAfter':
      hang(reply);
      return true;
    case 'disconnectAfter':
      cut(reply);
      return true;
    case 'bodyStall':
      stall(reply, pending);
      return true;
    case 'slow':
    case '5xx':
    case '429':
    case '418':
    case 'timeoutBefore':
    case 'disconnectBefore':
      return false;
    default:
      return unreachable(fault.kind);
  }
}
