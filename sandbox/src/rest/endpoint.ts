import type { Instrument } from '@tradewind/core/instrument/instrument';
import type { Result } from '@tradewind/core/lib/result';
import type { Context } from '../context.ts';
import { fromVenueSymbol } from '../symbols.ts';
import { errors, type ApiError } from './errors.ts';
import type { Params, Reader } from './params.ts';

export type Answer = Result<unknown, ApiError>;

/** One path of the REST interface and what a caller must prove to use it. */
export type Endpoint = {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PUT';
  readonly path: string;
  readonly security: 'none' | 'key' | 'signed';
  readonly handle: (context: Context, params: Params) => Answer | Promise<Answer>;
};

/** The instrument of a venue symbol such as `BTCUSDT`. */
export function listed(context: Context, text: string): Instrument | undefined {
  const symbol = /^[A-Z0-9]{2,20}$/.test(text) ? fromVenueSymbol(text) : undefined;
  return symbol === undefined ? undefined : context.exchange.instruments.get(symbol);
}

/** Reads the mandatory `symbol`; an unknown one is the reader's error. */
export function readInstrument(read: Reader, context: Context): Instrument | undefined {
  const text = read.required('symbol');
  const instrument = listed(context, text);
  if (instrument === undefined && text !== '') read.fail(errors.symbol);
  return instrument;
}

/** A path that needs no key. */
export const publicGet = (path: string, handle: Endpoint['handle']): Endpoint => ({
  method: 'GET',
  path,
  security: 'none',
  handle,
});
