import { request } from 'node:http';
import { sign } from '../src/rest/auth.ts';
import { KEY, SECRET } from './start.ts';

export type Reply = { readonly status: number; readonly body: unknown };

type Call = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: string;
  readonly host?: string;
  readonly key?: string;
  readonly form?: string;
};

/** One HTTP request with the `Host` header that is wanted, which `fetch` does not allow. */
export function call(port: number, sent: Call): Promise<Reply> {
  const { method, path, query = '', host = 'api.binance.com', key, form } = sent;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        port,
        host: '127.0.0.1',
        method,
        path: query === '' ? path : `${path}?${query}`,
        headers: {
          host,
          ...(key === undefined ? {} : { 'x-mbx-apikey': key }),
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as unknown });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(form);
  });
}

/** What a caller may get wrong. */
export type Spoilt = {
  readonly key?: string;
  readonly secret?: string;
  readonly timestamp?: string;
};

/** Calls a signed endpoint as Binance documents it; `over` spoils what a test wants spoilt. */
export function signed(
  port: number,
  [method, path, over = {}]: readonly [method: Call['method'], path: string, over?: Spoilt],
  params: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const timestamp = over.timestamp ?? String(Date.now());
  const payload = new URLSearchParams({ ...params, timestamp }).toString();
  const text = `${payload}&signature=${sign(payload, over.secret ?? SECRET)}`;
  const key = over.key ?? KEY;
  return method === 'POST'
    ? call(port, { method, path, key, form: text })
    : call(port, { method, path, key, query: text });
}
