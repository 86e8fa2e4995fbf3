import type { EpochMs } from '@tradewind/core/lib/time';
import { readBinanceQuote, readBinanceTrade, sortFrame } from './binance-frames.ts';
import type { Inbox } from './feed-inbox.ts';
import type { Line, Lines } from './feed-lines.ts';
import type { VenueStream } from './stream-client.ts';
import { readQuote, readTrade } from './trade-reader.ts';
import { quoteCaches, tradeCaches } from './unified-frames.ts';
import { findMarket, plainSymbol } from './venue-markets.ts';
import type { FeedChannel, StreamedMarket } from './venue.ts';

/** Hands what a connection delivers to the inbox: what nobody wants any more is left out. */
export function createReader(source: StreamedMarket, { inbox, lines, clock }: ReaderParts) {
  const take = (line: Line, channel: FeedChannel, raw: Raw): void => {
    if (line.wants[channel] === 0) return;
    const { marketKey } = line;
    const receivedAt = clock.arrivedAt();
    if (channel === 'trades') {
      const trade = raw.trade(marketKey, receivedAt);
      if (trade === undefined)
        inbox.fault('unreadable', { marketKey, what: 'a trade that cannot be read' });
      else if (line.isNew(trade.tradeId)) inbox.trade({ ...trade, receivedAt });
      return;
    }
    const quote = raw.quote(marketKey, { at: clock.marketNow(), receivedAt });
    if (quote === undefined)
      inbox.fault('unreadable', { marketKey, what: 'a quote that cannot be read' });
    else inbox.quote(quote);
  };
  /** Lines by the venue's own name of a market, which Binance's frames carry. */
  const byId = new Map<string, Line>();
  const binance = (message: unknown): boolean => {
    const sorted = sortFrame(message);
    if (sorted.kind === 'other') return false;
    if ('what' in sorted) {
      const kind = sorted.kind === 'refused' ? 'refused' : 'frame';
      inbox.fault(kind, { marketKey: null, what: sorted.what });
      return sorted.kind === 'rubbish';
    }
    const { frame, id } = sorted;
    const line = byId.get(id);
    if (line !== undefined)
      take(line, sorted.kind === 'trade' ? 'trades' : 'quotes', {
        trade: (marketKey, at) => readBinanceTrade(marketKey, frame, at),
        quote: (marketKey, times) => readBinanceQuote(marketKey, frame, times),
      });
    return true;
  };
  const unified = (channel: FeedChannel, symbol: unknown, raw: unknown): void => {
    const line = typeof symbol === 'string' ? lines.get(plainSymbol(symbol)) : undefined;
    if (line !== undefined)
      take(line, channel, {
        trade: (marketKey) => readTrade(marketKey, raw),
        quote: (marketKey, times) => readQuote(marketKey, raw, times),
      });
  };
  return {
    onFrame: source.venue === 'binance' ? binance : () => false,
    /** Lets what `client` streams of these symbols come here. */
    follow: ({ client }: VenueStream, symbols: readonly string[]): void => {
      for (const symbol of symbols) {
        const line = lines.get(symbol);
        const id = findMarket(client, source.market, symbol)?.id;
        if (line !== undefined && id !== undefined) byId.set(id, line);
      }
    },
    attach: ({ client }: VenueStream): void => {
      client.trades = tradeCaches((raw) => {
        const symbol = typeof raw === 'object' && raw !== null && 'symbol' in raw ? raw.symbol : '';
        unified('trades', symbol, raw);
      });
      client.bidsasks = quoteCaches((symbol, raw) => {
        unified('quotes', symbol, raw);
      });
    },
  };
}
type ReaderParts = {
  readonly inbox: Inbox;
  readonly lines: Lines;
  readonly clock: { readonly arrivedAt: () => EpochMs; readonly marketNow: () => EpochMs };
};
type Raw = {
  readonly trade: (
    marketKey: string,
    receivedAt: EpochMs,
  ) => ReturnType<typeof readTrade> | ReturnType<typeof readBinanceTrade>;
  readonly quote: (
    marketKey: string,
    times: Parameters<typeof readQuote>[2],
  ) => ReturnType<typeof readQuote>;
};
