import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.ts';
import type { WorkerStatus } from './run-worker.ts';

/** What the worker's own server tells. */
export type HealthSource = {
  readonly version: string;
  readonly status: () => WorkerStatus;
  /** Figures of the stream, for measurements: see docs/worker.md. */
  readonly figures: () => object;
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
};

const json = (response: ServerResponse, code: number, body: object): void => {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

async function answer(
  { version, status, figures, metrics }: HealthSource,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.method === 'GET' ? request.url?.split('?')[0] : undefined;
  switch (path) {
    case '/health':
      json(response, 200, { ok: true, component: 'worker', version, ...status() });
      return;
    case '/status':
      json(response, 200, figures());
      return;
    case '/metrics':
      response.writeHead(200, { 'content-type': metrics.contentType });
      response.end(await metrics.text());
      return;
    default:
      json(response, 404, {
        ok: false,
        message: 'Only GET /health, GET /status and GET /metrics are served here.',
      });
  }
}

/** Answers `GET /health` for Cloud Run and people, `/status` for measurements, `/metrics` for Prometheus. */
export function serveHealth(port: number, source: HealthSource): Promise<Server> {
  const server = createServer((request, response) => {
    answer(source, request, response).catch(() => {
      if (!response.headersSent)
        json(response, 500, { ok: false, message: 'It failed to answer.' });
    });
  });
  return new Promise((ready, failed) => {
    server.once('error', failed);
    server.listen(port, () => {
      ready(server);
    });
  });
}
