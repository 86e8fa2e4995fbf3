import { createServer, type Server } from 'node:http';
import type { WorkerStatus } from './run-worker.ts';

/** Answers `GET /health` with the worker's state, for Cloud Run and for people. */
export function serveHealth(
  port: number,
  { status, version }: { readonly status: () => WorkerStatus; readonly version: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    const isHealth = request.method === 'GET' && request.url?.split('?')[0] === '/health';
    const body = isHealth
      ? { ok: true, component: 'worker', version, ...status() }
      : { ok: false, message: 'Only GET /health is served here.' };
    response.writeHead(isHealth ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  return new Promise((ready, failed) => {
    server.once('error', failed);
    server.listen(port, () => {
      ready(server);
    });
  });
}
