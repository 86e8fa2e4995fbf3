import { request } from 'node:http';

export type Reply = { readonly status: number; readonly body: string };

/** One HTTP call to a server on this machine. Rejects when it does not answer within `timeoutMs`. */
export function callLocal(call: {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly port: number;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}): Promise<Reply> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: call.port,
        method: call.method,
        path: call.path,
        agent: false,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...call.headers,
        },
        signal: AbortSignal.timeout(call.timeoutMs ?? 10_000),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    outgoing.on('error', (error) => {
      reject(new Error(`${call.method} ${call.path} on port ${call.port}: ${error.message}`));
    });
    outgoing.end(body);
  });
}

/** Parsed JSON of a 2xx answer. @throws Error for any other answer. */
export async function callJson(call: Parameters<typeof callLocal>[0]): Promise<unknown> {
  const reply = await callLocal(call);
  if (reply.status < 200 || reply.status > 299)
    throw new Error(
      `${call.method} ${call.path} answered ${reply.status}: ${reply.body.slice(0, 300)}`,
    );
  return reply.body === '' ? undefined : JSON.parse(reply.body);
}
