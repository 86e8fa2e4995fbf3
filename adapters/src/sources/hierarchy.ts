import type { MarketKind } from '@tradewind/core/instrument/instrument';
import { err, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import { HIERARCHY, SOURCES } from '@tradewind/core/market/quality';
import { createAlphaVantage } from './alpha-vantage.ts';
import { createFinnhub } from './finnhub.ts';
import { createYahoo } from './yahoo.ts';
import type { Source, SourceConfig, SourceError, SourceMarket, SourceTimeframe } from './source.ts';

/** What one source said, and which it was. */
export type FromSource<T> = { readonly source: Source['name']; readonly value: T };

/** Why none of the sources that were asked had an answer. */
export type NoSource = {
  readonly message: string;
  readonly errors: readonly (SourceError & { readonly source: Source['name'] })[];
};

/** External sources in the order of their ranks. */
export type Sources = ReturnType<typeof orderSources>;

/**
 * Asks the best source first and the next one only when it has no answer (MD-10). A source without a
 * key is passed over without an error.
 */
export function orderSources(sources: readonly Source[]) {
  const ranked = [...sources].sort((a, b) => SOURCES[a.role].rank - SOURCES[b.role].rank);
  const firstOf = async <T>(
    market: SourceMarket,
    ask: (source: Source) => Promise<Result<T, SourceError>> | undefined,
  ): Promise<Result<FromSource<T>, NoSource>> => {
    const errors: (SourceError & { readonly source: Source['name'] })[] = [];
    for (const source of ranked) {
      if (source.disabled !== null || !source.markets.includes(market.market)) continue;
      const answer = await ask(source);
      if (answer === undefined) continue;
      if (answer.ok) return { ok: true, value: { source: source.name, value: answer.value } };
      errors.push({ ...answer.error, source: source.name });
    }
    const why = errors.map(({ source, message }) => `${source}: ${message}`).join('; ');
    return err({
      message: why === '' ? `no source is set up for this of ${market.symbol}` : why,
      errors,
    });
  };
  return {
    all: ranked,
    /** Sources that do nothing, and why. */
    disabled: ranked.flatMap(({ name, disabled }) =>
      disabled === null ? [] : [{ name, reason: disabled }],
    ),
    /** A price from outside the venue: only of sources that may price this kind of market at all. */
    lastPrice: (market: SourceMarket) =>
      firstOf(market, (source) =>
        mayPrice(market.market, source) ? source.lastPrice?.(market) : undefined,
      ),
    /** A price for display, of any source that has one. */
    shownPrice: (market: SourceMarket) => firstOf(market, (source) => source.lastPrice?.(market)),
    history: (
      market: SourceMarket,
      range: { readonly timeframe: SourceTimeframe; readonly since: EpochMs },
    ) => firstOf(market, (source) => source.history?.(market, range)),
    news: (market: SourceMarket, since: EpochMs) =>
      firstOf(market, (source) => source.news?.(market, since)),
  };
}

const mayPrice = (kind: MarketKind, { role }: Source): boolean => HIERARCHY[kind].includes(role);

/** All sources; those whose key is missing are there and say that they are disabled. */
export const createSources = (
  keys: { readonly alphaVantage: string | undefined; readonly finnhub: string | undefined },
  config: Pick<SourceConfig, 'wallNow' | 'deadlineMs'> = {},
): Sources =>
  orderSources([
    createYahoo(config),
    createAlphaVantage(keys.alphaVantage, config),
    createFinnhub(keys.finnhub, config),
  ]);
