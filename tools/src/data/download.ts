import { setTimeout as delay } from 'node:timers/promises';
import type { Archive } from '@tradewind/adapters/archive/archive';
import type { Inspection } from '@tradewind/adapters/archive/inspect';
import { BAR_LENGTHS, type Kind } from '@tradewind/adapters/archive/layout';
import { storeRows } from '@tradewind/adapters/archive/store-rows';
import { restClass } from '@tradewind/adapters/venue/ccxt-modules';
import { createMarketData } from '@tradewind/adapters/venue/market-data';
import { marketKeyOf } from '@tradewind/core/instrument/instrument';
import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';
import { parseKind, parseSymbol, parseTime } from './arguments.ts';
import { labelled, withArchive, type Place } from './open-data.ts';
import { pages, type Span } from './pages.ts';
import { startProgress } from './progress.ts';
import { count, time } from './show.ts';

export type DownloadCommand = Place & {
  readonly market: string;
  readonly timeframe: string;
  readonly trades: boolean;
  readonly from: string;
  readonly to: string;
  readonly sandboxPort?: number;
};

const isPlayed = (market: string): market is 'spot' | 'futures' =>
  market === 'spot' || market === 'futures';

/** Stretches of `[from, to)` that the archive lacks, oldest first: a download goes on where the last one ended. */
export function missingSpans(found: Inspection, { from, to }: Span): Span[] {
  const step = found.kind === 'ticks' ? 1 : BAR_LENGTHS[found.kind];
  if (found.from === null || found.to === null) return [{ from, to }];
  const spans = [
    { from, to: found.from },
    // Silence is no gap where nothing counts the trades.
    ...(found.kind === 'ticks' && found.gapsBy === 'time' ? [] : found.gaps),
    { from: found.kind === 'ticks' ? found.to : found.to + step, to },
  ];
  return spans.filter((span, index) =>
    index === 0 ? span.to - span.from >= step : span.to > span.from,
  );
}

function readCommand(options: DownloadCommand, symbolText: string) {
  const { market } = options;
  if (!isPlayed(market))
    throw new Fault(`--market ${market} is not known to venues here: choose spot or futures.`);
  const kind: Kind = options.trades ? 'ticks' : parseKind(options.timeframe);
  const now = Date.now();
  const step = kind === 'ticks' ? 1 : BAR_LENGTHS[kind];
  const from = Math.floor(parseTime(options.from, now) / step) * step;
  const to = Math.min(parseTime(options.to, now), now);
  if (from >= to) throw new Fault(`The span is empty: ${time(from)} is not before ${time(to)}.`);
  return { market, kind, symbol: parseSymbol(symbolText), span: { from, to } };
}

type Job = {
  readonly archive: Archive;
  readonly marketKey: string;
  readonly kind: Kind;
  readonly spans: readonly Span[];
};

/** Fetches the spans page by page; each page is safe before the next is asked for. */
async function fetchSpans(
  { archive, marketKey, kind, spans }: Job,
  history: Omit<Parameters<typeof pages>[0], 'waits' | 'kind'>,
): Promise<{ stored: number; bad: number }> {
  const total = spans.reduce((sum, { from, to }) => sum + (to - from), 0);
  const progress = startProgress(`${marketKey} ${kind}`, total);
  const waits = {
    sleep: (ms: number) => delay(ms, undefined),
    onWait: progress.say,
  };
  const sums = { stored: 0, bad: 0 };
  let behind = 0;
  try {
    for (const span of spans) {
      for await (const page of pages({ ...history, kind, waits }, span)) {
        if (page.rows.length > 0) {
          const report = await storeRows(archive, { marketKey, kind, now: Date.now() }, page.rows);
          sums.stored += report.stored;
          sums.bad += report.bad;
        }
        progress.at(behind + ((page.next ?? span.to) - span.from), sums.stored);
      }
      behind += span.to - span.from;
    }
  } finally {
    progress.stop();
  }
  return sums;
}

/** Downloads what the archive lacks of a market's history; what a sandbox tells is not kept as real. */
export function download(
  { origin, ...options }: DownloadCommand,
  venue: string,
  symbolText: string,
): Promise<Answer> {
  const isMadeUp = options.sandboxPort !== undefined;
  if (isMadeUp && origin === 'live')
    throw new Fault('A sandbox tells nothing real: leave out --origin live.');
  return fetchHistory(
    { ...options, origin: origin ?? (isMadeUp ? 'synthetic' : 'live') },
    venue,
    symbolText,
  );
}

const fetchHistory = (
  options: DownloadCommand,
  venue: string,
  symbolText: string,
): Promise<Answer> =>
  withArchive(options, { isNew: true }, async (archive) => {
    const { market, kind, symbol, span } = readCommand(options, symbolText);
    const name = venue.toLowerCase();
    if ((await restClass(name)) === undefined)
      throw new Fault(
        `"${venue}" is not a venue that ccxt knows. Write its short name, such as binance, kraken or coinbase.`,
      );
    const marketKey = marketKeyOf(name, market, symbol);
    const spans = missingSpans(await archive.inspect(marketKey, { kind, ...span }), span);
    const { sandboxPort } = options;
    const data = createMarketData({
      venue: name,
      market,
      ...(sandboxPort === undefined ? {} : { sandboxPort }),
    });
    try {
      const sums = await fetchSpans({ archive, marketKey, kind, spans }, { data, symbol });
      const found = await archive.inspect(marketKey, { kind, ...span });
      const gaps = found.gapCount === 0 ? 'no gaps' : `${count(found.gapCount)} gaps`;
      return labelled(options, {
        ok: found.rows > 0,
        text:
          found.rows === 0
            ? `${venue} told nothing of ${symbol} from ${time(span.from)} to ${time(span.to)}.`
            : `${count(sums.stored)} new rows; ${marketKey} ${kind} now has ${count(found.rows)} from ${time(found.from)} to ${time(found.to)}, ${gaps}.`,
        data: {
          marketKey,
          kind,
          ...sums,
          rows: found.rows,
          from: found.from,
          to: found.to,
          gaps: found.gapCount,
        },
      });
    } finally {
      await data.close();
    }
  });
