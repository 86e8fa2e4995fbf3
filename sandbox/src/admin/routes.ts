import { epochMs } from '@tradewind/core/lib/time';
import { notional, ZERO_MONEY, ZERO_QTY } from '@tradewind/core/lib/units';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type * as z from 'zod';
import type { Context } from '../context.ts';
import type { TapeCandle } from '../exchange/tape.ts';
import type { Opening } from '../exchange/valuation.ts';
import type { Feed, FeedPrint } from '../feeds/feed.ts';
import { faultRequest, type Faults } from '../rest/faults.ts';
import type { Sockets } from '../stream/sockets.ts';
import { accountReport, stateReport } from './report.ts';
import { clockRequest, historySchema, streamSchema, tradesSchema } from './schemas.ts';

export type AdminParts = {
  readonly context: Context;
  readonly feed: Feed;
  readonly push: ((prints: readonly FeedPrint[]) => void) | null;
  readonly faults: Faults;
  readonly sockets: Sockets;
  readonly opening: Opening;
  /** Releases what the feed has by now. */
  readonly pump: () => void;
};

/** Parses a body or answers 400 with what is wrong with it. */
function parseBody<T extends z.ZodType>(
  schema: T,
  body: unknown,
  reply: FastifyReply,
): z.output<T> | undefined {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  void reply.code(400).send({ error: `The request cannot be used: ${issues.join('; ')}` });
  return undefined;
}

const candleOf = (raw: z.output<typeof historySchema>['candles'][number]): TapeCandle => ({
  ...raw,
  quoteVolume: raw.quoteVolume ?? notional(raw.close, raw.volume, 'floor'),
  trades: raw.trades ?? 0,
  buyVolume: raw.buyVolume ?? ZERO_QTY,
  buyQuoteVolume: raw.buyQuoteVolume ?? ZERO_MONEY,
});

/** Feeding from outside: trades and history of the feed `push`. */
function registerPush(app: FastifyInstance, { context, push, pump }: AdminParts): void {
  const refused = (reply: FastifyReply) =>
    reply.code(409).send({ error: 'Only the feed "push" takes trades. Start with --feed push.' });
  const unlisted = (reply: FastifyReply, symbol: string) =>
    reply
      .code(400)
      .send({ error: `${symbol} is not listed here. Start with --symbols ${symbol}.` });

  app.post('/admin/trades', async (request, reply) => {
    if (push === null) return refused(reply);
    const body = parseBody(tradesSchema, request.body, reply);
    if (body === undefined) return reply;
    const unknown = body.trades.find(({ symbol }) => !context.exchange.instruments.has(symbol));
    if (unknown !== undefined) return unlisted(reply, unknown.symbol);
    push(body.trades);
    pump();
    return { taken: body.trades.length };
  });
  app.post('/admin/history', async (request, reply) => {
    if (push === null) return refused(reply);
    const body = parseBody(historySchema, request.body, reply);
    if (body === undefined) return reply;
    if (!context.exchange.instruments.has(body.symbol)) return unlisted(reply, body.symbol);
    return { taken: context.exchange.tape(body.symbol).prepend(body.candles.map(candleOf)) };
  });
}

/** Ordering misbehaviour. */
function registerFaults(app: FastifyInstance, { faults, sockets }: AdminParts): void {
  app.get('/admin/faults', () => faults.all());
  app.post('/admin/faults', async (request, reply) => {
    const body = parseBody(faultRequest, request.body, reply);
    return body === undefined ? reply : faults.add(body);
  });
  app.delete('/admin/faults', () => {
    faults.clear();
    sockets.faults.clear();
    sockets.freeze(false);
    return { cleared: true };
  });
  app.post('/admin/stream', async (request, reply) => {
    const body = parseBody(streamSchema, request.body, reply);
    if (body === undefined) return reply;
    if (body.mute !== undefined) sockets.mute(body.mute);
    if (body.freeze !== undefined) sockets.freeze(body.freeze);
    if (body.clear === true) sockets.faults.clear();
    for (const fault of body.faults ?? []) sockets.faults.add(fault);
    return { disconnected: body.disconnect === true ? sockets.disconnect() : 0 };
  });
}

/** Registers `/admin/*`, which only the local host reaches. */
export function registerAdmin(app: FastifyInstance, parts: AdminParts): void {
  const { context, feed, opening, pump } = parts;
  app.get('/admin/state', () => stateReport(context, feed));
  app.get('/admin/feed', () => ({
    wallNow: context.wallNow(),
    connections: parts.sockets.connections(),
    markets: parts.sockets.counters.report(),
  }));
  app.get('/admin/account', () => accountReport(context, opening));
  app.post('/admin/clock', async (request, reply) => {
    const clock = parseBody(clockRequest, request.body, reply);
    if (clock === undefined) return reply;
    if ('skewMs' in clock) context.setSkew(clock.skewMs);
    else context.setClock(clock);
    pump();
    return { marketNow: epochMs(context.marketNow()), wallNow: context.wallNow() };
  });
  registerPush(app, parts);
  registerFaults(app, parts);
}
