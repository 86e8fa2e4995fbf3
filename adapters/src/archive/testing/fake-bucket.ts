import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Small, so that a listing has several pages. */
const PAGE = 2;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** As much of Cloud Storage's JSON API as an archive speaks, on a port of this machine. */
export async function startFakeBucket(token: string) {
  const objects = new Map<string, Buffer>();
  const faults: number[] = [];
  const counts = { downloads: 0 };

  const list = (query: URLSearchParams): object => {
    const prefix = query.get('prefix') ?? '';
    const names = [...objects.keys()].filter((name) => name.startsWith(prefix)).sort();
    const start = Number(query.get('pageToken') ?? 0);
    const items = names.slice(start, start + PAGE).map((name) => ({
      name,
      size: String(objects.get(name)?.length ?? 0),
    }));
    const next = start + PAGE < names.length ? { nextPageToken: String(start + PAGE) } : {};
    return { ...(items.length === 0 ? {} : { items }), ...next };
  };

  const answer = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://fake');
    const fault = faults.shift();
    if (fault !== undefined) return void reply.writeHead(fault).end('told to fail');
    if (request.headers.authorization !== `Bearer ${token}`)
      return void reply.writeHead(401).end('who?');
    if (!url.pathname.includes('/b/desk/')) return void reply.writeHead(404).end('no such bucket');
    if (request.method === 'POST') {
      objects.set(url.searchParams.get('name') ?? '', await bodyOf(request));
      return void reply.writeHead(200).end('{}');
    }
    const name = decodeURIComponent(url.pathname.split('/o/')[1] ?? '');
    if (name === '') return void reply.end(JSON.stringify(list(url.searchParams)));
    const body = objects.get(name);
    if (body === undefined) return void reply.writeHead(404).end('no such object');
    if (request.method === 'DELETE') {
      objects.delete(name);
      return void reply.writeHead(204).end();
    }
    counts.downloads += 1;
    reply.writeHead(200).end(body);
  };

  const server = createServer((request, reply) => void answer(request, reply));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    faults,
    counts,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
