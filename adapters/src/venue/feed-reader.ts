import type { EpochMs } from '@tradewind/core/lib/time';
import { readBinanceQuote, readBinanceTrade, sortFrame } from './binance-frames.ts';
import type { Inbox } from './feed-inbox.ts';
import type { Line, Lines } from './feed-lines.ts';
import type { VenueStream } from './stream-client.ts';
import { isRecord, readQuote, readTrade } from './trade-reader.ts';
import { quoteCaches, tradeCaches } from './unified-frames.ts';
import { findMarket, plainSymbol } from './venue-markets.ts';
import type { FeedTrade, Quote, StreamedMarket } from './venue.ts';

type ReaderParts = {
  readonly inbox: Inbox;
  readonly lines: Lines;
  readonly clock: { readonly arrivedAt: () => EpochMs; readonly marketNow: () => EpochMs };
};

/** What was read goes to the inbox: not what nobody wants any more, and no trade twice. */
function createIntake({ inbox, clock }: ReaderParts) {
  const unreadable = ({ marketKey }: Line, what: string): void => {
    inbox.fault('unreadable', { marketKey, what: `a ${what} that cannot be read` });
  };
  return {
    times: () => ({ at: clock.marketNow(), receivedAt: clock.arrivedAt() }),
    trade: (line: Line, trade: FeedTrade | undefined): void => {
      if (trade === undefined) unreadable(line, 'trade');
      else if (line.isNew(trade.tradeId)) inbox.trade(trade);
    },
    quote: (line: Line, quote: Quote | undefined): void => {
      if (quote === undefined) unreadable(line, 'quote');
      else inbox.quote(quote);
    },
  };
}
type Intake = ReturnType<typeof createIntake>;

/** Binance's frames, before ccxt sees them; true for one that needs no more. */
const readBinance =
  (byId: ReadonlyMap<string, Line>, { inbox, clock }: ReaderParts, intake: Intake) =>
  (message: unknown): boolean => {
    const sorted = sortFrame(message);
    if (sorted.kind === 'other') return false;
    if ('what' in sorted) {
      const kind = sorted.kind === 'refused' ? 'refused' : 'frame';
      inbox.fault(kind, { marketKey: null, what: sorted.what });
      return kind === 'frame';
    }
    const { frame, id, kind } = sorted;
    const line = byId.get(id);
    if (line === undefined) return true;
    if (kind === 'trade' && line.wants.trades > 0)
      intake.trade(line, readBinanceTrade(line.marketKey, frame, clock.arrivedAt()));
    if (kind === 'quote' && line.wants.quotes > 0)
      intake.quote(line, readBinanceQuote(line.marketKey, frame, intake.times()));
    return true;
  };

/** Hands what a connection delivers to the inbox: what nobody wants any more is left out. */
export function createReader(source: StreamedMarket, parts: ReaderParts) {
  const { lines, clock } = parts;
  const intake = createIntake(parts);
  /** Lines by the venue's own name of a market, which Binance's frames carry. */
  const byId = new Map<string, Line>();
  const lineOf = (symbol: unknown): Line | undefined =>
    typeof symbol === 'string' ? lines.get(plainSymbol(symbol)) : undefined;
  return {
    onFrame: source.venue === 'binance' ? readBinance(byId, parts, intake) : () => false,
    /** Lets what `client` streams of these symbols come here. */
    follow: ({ client }: VenueStream, symbols: readonly string[]): void => {
      for (const symbol of symbols) {
        const line = lines.get(symbol);
        const id = findMarket(client, source.market, symbol)?.id;
        if (line !== undefined && id !== undefined) byId.set(id, line);
      }
    },
    /** Of every other venue ccxt's own handlers bring the trades and quotes. */
    attach: ({ client }: Pick<VenueStream, 'client'>): void => {
      client.trades = tradeCaches((raw) => {
        const line = lineOf(isRecord(raw) ? raw['symbol'] : undefined);
        if (line === undefined || line.wants.trades === 0) return;
        const trade = readTrade(line.marketKey, raw, line.name);
        const receivedAt = clock.arrivedAt();
        intake.trade(line, trade === undefined ? undefined : { ...trade, receivedAt });
      });
      client.bidsasks = quoteCaches((symbol, raw) => {
        const line = lineOf(symbol);
        if (line === undefined || line.wants.quotes === 0) return;
        intake.quote(line, readQuote(line.marketKey, raw, intake.times()));
      });
    },
  };
}
