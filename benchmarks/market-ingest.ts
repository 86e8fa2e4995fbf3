import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { readBinanceTrade } from '@tradewind/adapters/venue/binance-frames';
import { epochMs } from '@tradewind/core/lib/time';
import { tickOf } from '@tradewind/core/market/convert';
import type { Grid } from '@tradewind/core/market/grid';
import { processorSeconds, readMarkets, tiled, type Columns } from './market-data.ts';
import { createPipeline, type Pipeline } from './market-pipeline.ts';

const MESSAGES = 1_000_000;
/** Messages before the clock starts. */
const WARM = 400_000;
const CHUNK_BYTES = 1 << 18;

/** A trade in the words of Binance's spot stream. */
type TradeFrame = {
  readonly e: string;
  readonly s: string;
  readonly t: number;
  readonly p: string;
  readonly q: string;
  readonly T: number;
  readonly m: boolean;
};

function frameText({ name, grid, ids, ats, prices, sizes, buys }: Columns, index: number): string {
  const at = ats[index] ?? 0;
  return JSON.stringify({
    e: 'trade',
    E: at + 1,
    s: name,
    t: ids[index],
    p: ((prices[index] ?? 0) * grid.tickSize).toFixed(8),
    q: ((sizes[index] ?? 0) * grid.lotSize).toFixed(8),
    T: at,
    m: buys[index] !== 1,
    M: true,
  });
}

/** The text as an unmasked WebSocket frame; a trade is longer than 125 bytes or not, and never longer than 65,535. */
function framed(text: string): Buffer {
  const body = Buffer.from(text);
  const head =
    body.length < 126
      ? Buffer.from([0x81, body.length])
      : Buffer.from([0x81, 126, body.length >> 8, body.length & 255]);
  return Buffer.concat([head, body]);
}

/** All trades of the recording in the order of their times, again and again, as chunks to be written. */
function chunks(): Buffer[] {
  const recorded = readMarkets();
  const total = recorded.reduce((sum, { ids }) => sum + ids.length, 0);
  const markets = recorded.map((market) =>
    tiled(market, Math.ceil((market.ids.length * MESSAGES) / total) + 1),
  );
  const next = markets.map(() => 0);
  const made: Buffer[] = [];
  let waiting: Buffer[] = [];
  let bytes = 0;
  for (let message = 0; message < MESSAGES; message += 1) {
    let first = 0;
    markets.forEach(({ ats }, index) => {
      const own = ats[next[index] ?? 0] ?? Infinity;
      if (own < (markets[first]?.ats[next[first] ?? 0] ?? Infinity)) first = index;
    });
    const market = markets[first];
    if (market === undefined) break;
    const frame = framed(frameText(market, next[first] ?? 0));
    next[first] = (next[first] ?? 0) + 1;
    waiting.push(frame);
    bytes += frame.length;
    if (bytes < CHUNK_BYTES && message < MESSAGES - 1) continue;
    made.push(Buffer.concat(waiting));
    waiting = [];
    bytes = 0;
  }
  return made;
}

function blast(socket: Duplex, ready: readonly Buffer[]): void {
  let at = 0;
  const more = (): void => {
    for (let chunk = ready[at]; chunk !== undefined; chunk = ready[at]) {
      at += 1;
      if (!socket.write(chunk)) {
        socket.once('drain', more);
        return;
      }
    }
  };
  more();
}

/** Sends every client the same frames as fast as it takes them: framed before, since framing is not what is measured. */
function serve(): void {
  const ready = chunks();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (_, request) => {
    blast(request.socket, ready);
  });
  server.on('listening', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object')
      process.stdout.write(`${JSON.stringify({ port: address.port })}\n`);
  });
}

const parse = (data: RawData): TradeFrame =>
  JSON.parse(Buffer.isBuffer(data) ? data.toString() : '') as TradeFrame;

/** `JSON.parse` and the five values kept: what any client does at the least. */
function storing(): (data: RawData) => void {
  const columns = Array.from({ length: 5 }, () => new Float64Array(MESSAGES));
  const [ids, ats, prices, sizes, buys] = columns;
  let at = 0;
  return (data) => {
    const frame = parse(data);
    if (ids === undefined || ats === undefined || prices === undefined) return;
    if (sizes === undefined || buys === undefined) return;
    ids[at] = frame.t;
    ats[at] = frame.T;
    prices[at] = Number(frame.p);
    sizes[at] = Number(frame.q);
    buys[at] = frame.m ? 0 : 1;
    at += 1;
  };
}

type Followed = { readonly grid: Grid; readonly run: Pipeline };

/** `JSON.parse`, the worker's way from a frame to a trade in steps, and everything that it computes of one. */
function analysing(): (data: RawData) => void {
  const followed = new Map<string, Followed>(
    readMarkets().map(({ name, grid }) => [name, { grid, run: createPipeline(name, grid) }]),
  );
  return (data) => {
    const frame = parse(data);
    const market = followed.get(frame.s);
    if (market === undefined) throw new Error(`Invariant: ${frame.s} is followed`);
    const trade = readBinanceTrade(frame.s, frame, epochMs(Date.now()));
    const tick = trade === undefined ? undefined : tickOf(trade, market.grid);
    if (tick === undefined) throw new Error(`Invariant: a recorded trade is a good one`);
    market.run(tick);
  };
}

/** Messages that one client takes per second of processor time, after the warm-up. */
function take(port: number, handle: (data: RawData) => void): void {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  let count = 0;
  let start = 0;
  socket.on('message', (data) => {
    handle(data);
    count += 1;
    if (count === WARM) start = processorSeconds();
    if (count < MESSAGES) return;
    const perSecond = (MESSAGES - WARM) / (processorSeconds() - start);
    process.stdout.write(`${JSON.stringify({ perSecond })}\n`);
    socket.terminate();
  });
}

/** What a client does with each message. */
const CLIENTS = { ingest: storing, pipeline: analysing } as const;
export type ClientName = keyof typeof CLIENTS;

const isClient = (name: string): name is ClientName => name in CLIENTS;

if (import.meta.main) {
  const [, , name = '', port = ''] = process.argv;
  if (name === 'serve') serve();
  else if (isClient(name)) take(Number(port), CLIENTS[name]());
  else throw new Error(`There is no part "${name}": serve, ${Object.keys(CLIENTS).join(', ')}`);
}
