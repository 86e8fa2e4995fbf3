import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it answers: JSON, text as it is, a status, or a misbehaviour of the connection. */
export type Reply =
  | { readonly json: unknown; readonly status?: number; readonly headers?: Record<string, string> }
  | { readonly text: string; readonly status?: number; readonly headers?: Record<string, string> }
  | 'silence'
  | 'disconnect'
  | 'cut'
  | 'endless';

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'silence') return;
  if (reply === 'disconnect') {
    response.destroy();
    return;
  }
  if (reply === 'cut') {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"chart":', () => {
      response.destroy();
    });
    return;
  }
  if (reply === 'endless') {
    response.writeHead(200);
    const chunk = 'x'.repeat(1024 * 1024);
    const pour = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour);
    pour();
    return;
  }
  response.writeHead(reply.status ?? 200, reply.headers);
  response.end('text' in reply ? reply.text : JSON.stringify(reply.json));
}

/** A server on a free port of 127.0.0.1 that answers every request with the reply of the moment. */
export async function startFakeSource() {
  const asked: URL[] = [];
  let reply: Reply = { json: {} };
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://source'));
    send(response, reply);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (next: Reply): void => {
      reply = next;
    },
    close: (): Promise<void> =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => {
          closed();
        });
      }),
  };
}
