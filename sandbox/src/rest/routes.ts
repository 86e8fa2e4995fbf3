import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { accountEndpoints } from './account-endpoints.ts';
import { futuresAccountEndpoints } from '../futures/account.ts';
import { futuresOrderEndpoints } from '../futures/orders.ts';
import { checkKey, checkSigned } from './auth.ts';
import type { Endpoint } from './endpoint.ts';
import { errors, type ApiError } from './errors.ts';
import type { Faults } from './faults.ts';
import { marketEndpoints } from './market-endpoints.ts';
import { misbehaveAfter, misbehaveBefore } from './misbehave.ts';
import { orderEndpoints } from './order-endpoints.ts';
import type { Params } from './params.ts';
import { tradeEndpoints } from './trade-endpoints.ts';

const publicEndpoints = [...marketEndpoints, ...tradeEndpoints];
const ENDPOINTS = [
  ...accountEndpoints,
  ...publicEndpoints,
  ...orderEndpoints,
  ...futuresAccountEndpoints,
  ...futuresOrderEndpoints,
  // A future trades where its spot market does, so that its public data are the same.
  ...publicEndpoints.map((endpoint) => ({
    ...endpoint,
    path: endpoint.path.replace('/api/v3/', '/fapi/v1/'),
  })),
];

/** Query and form as they came, and read: the form parser hands the raw text on. */
function parametersOf(request: FastifyRequest) {
  const query = request.raw.url?.split('?')[1] ?? '';
  const { body: sent } = request;
  const body = typeof sent === 'string' ? sent : '';
  const params: Params = Object.fromEntries([
    ...new URLSearchParams(query),
    ...new URLSearchParams(body),
  ]);
  return { query, body, params };
}

function refuse(reply: FastifyReply, { status, code, msg }: ApiError): FastifyReply {
  return reply.code(status).send({ code, msg });
}

function authorise(endpoint: Endpoint, request: FastifyRequest, context: Context): ApiError | null {
  if (endpoint.security === 'none') return null;
  const header = request.headers['x-mbx-apikey'];
  const key = typeof header === 'string' ? header : undefined;
  if (endpoint.security === 'key') return checkKey(key, context.apiKey);
  return checkSigned({ key, ...parametersOf(request) }, context, context.wallNow());
}

/** Answers one endpoint, as the venue would or as a fault says. */
function handlerOf(endpoint: Endpoint, context: Context, faults: Faults) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const fault = faults.take(endpoint.method, endpoint.path);
    if (fault !== undefined && (await misbehaveBefore(fault, reply))) return reply;
    const denied = authorise(endpoint, request, context);
    if (denied !== null) return refuse(reply, denied);
    const answer = await endpoint.handle(context, parametersOf(request).params);
    const status = answer.ok ? 200 : answer.error.status;
    const body = JSON.stringify(
      answer.ok ? answer.value : { code: answer.error.code, msg: answer.error.msg },
    );
    if (fault !== undefined && misbehaveAfter(fault, reply, { status, body })) return reply;
    return reply.code(status).type('application/json').send(body);
  };
}

/** Registers the REST interface of the venue. */
export function registerRest(app: FastifyInstance, context: Context, faults: Faults): void {
  for (const endpoint of ENDPOINTS)
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      handler: handlerOf(endpoint, context, faults),
    });
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, errors.path(request.method, request.url.split('?')[0] ?? '')),
  );
}
