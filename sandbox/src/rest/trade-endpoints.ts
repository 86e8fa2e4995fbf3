import { err, ok } from '@tradewind/core/lib/result';
import { notional } from '@tradewind/core/lib/units';
import type { Context } from '../context.ts';
import type { TapeTrade } from '../exchange/tape.ts';
import { publicGet, readInstrument, type Answer, type Endpoint } from './endpoint.ts';
import { errors } from './errors.ts';
import { readerOf, type Params } from './params.ts';
import { fixed8, renderAggregate } from './render.ts';

/** A public trade by itself; its id is the one that the stream gave it. */
const renderTrade = (trade: TapeTrade) => ({
  id: trade.id,
  price: fixed8(trade.price),
  qty: fixed8(trade.size),
  quoteQty: fixed8(notional(trade.price, trade.size, 'floor')),
  time: trade.at,
  isBuyerMaker: trade.side === 'sell',
  isBestMatch: true,
});

/** Aggregates from an id or a time on, else the newest. */
function aggregates(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const instrument = readInstrument(read, context);
  const fromId = read.integer('fromId');
  const [startTime, endTime] = [read.time('startTime'), read.time('endTime')];
  const limit = read.limit(500, 1_000);
  const error = read.error();
  if (error !== undefined || instrument === undefined) return err(error ?? errors.symbol);
  const tape = context.exchange.tape(instrument.symbol);
  const start = fromId ?? (startTime === undefined ? undefined : tape.firstSince(startTime));
  const found = start === undefined ? tape.newest(limit) : tape.from(start, limit);
  return ok(found.filter(({ at }) => at <= (endTime ?? Infinity)).map(renderAggregate));
}

/** Trades one by one: the newest, and `older` ones from an id on. */
const trades =
  (older: boolean) =>
  (context: Context, params: Params): Answer => {
    const read = readerOf(params);
    const instrument = readInstrument(read, context);
    const limit = read.limit(500, 1_000);
    const fromId = older ? read.integer('fromId') : undefined;
    const error = read.error();
    if (error !== undefined || instrument === undefined) return err(error ?? errors.symbol);
    const tape = context.exchange.tape(instrument.symbol);
    const found = fromId === undefined ? tape.newest(limit) : tape.from(fromId, limit);
    return ok(found.map(renderTrade));
  };

/** Public trades: no key needed. */
export const tradeEndpoints: readonly Endpoint[] = [
  publicGet('/api/v3/trades', trades(false)),
  publicGet('/api/v3/historicalTrades', trades(true)),
  publicGet('/api/v3/aggTrades', aggregates),
];
