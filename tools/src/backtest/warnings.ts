import type { BacktestConfig } from '@tradewind/core/backtest/config';
import type { BacktestResult } from '@tradewind/core/backtest/result';
import type { Statistics } from '@tradewind/core/backtest/statistics';
import {
  addMoney,
  notional,
  percentRatio,
  subMoney,
  sumMoney,
  toNumber,
} from '@tradewind/core/lib/units';
import { decimal } from './report/show-figure.ts';
import type { Selection, Source } from './record.ts';

/** Fewer trades than this tell little about the next ones. */
const FEW_TRADES = 30;

function aboutFills({ fills, slippage, latencyMs, participationPct }: BacktestConfig): string {
  const price =
    fills.market === 'nextOpen'
      ? 'at the open of the next bar'
      : `at the next trade that the data know, ${latencyMs.min} to ${latencyMs.max} ms later`;
  const isFree = slippage.spreadPct === 0 && slippage.fixedPct === 0 && slippage.impactPct === 0;
  const worse = isFree
    ? 'without any slippage'
    : `${decimal(slippage.spreadPct / 2 + slippage.fixedPct, 3)} % worse${slippage.impactPct === 0 ? '' : ', and more by size'}`;
  const most =
    participationPct === null
      ? 'in any size'
      : `up to ${participationPct} % of a minute’s volume at a time`;
  return `Conventions: decided at a bar’s close, filled ${price}, ${worse}, ${most}. Within a bar stops and targets are met by its trades where there are any, else in the worse order.`;
}

function aboutData(sources: readonly Source[]): string[] {
  return sources
    .filter(({ missing }) => missing > 0)
    .map(
      ({ symbol, missing, coveragePct }) =>
        `${symbol}: ${decimal(missing, 0)} bars are missing (${decimal(coveragePct, 2)} % covered). Nothing was decided or filled in them.`,
    );
}

/** What the choice of the parameters does to what their figures prove. */
export function aboutChoice(selection: Selection | null): string[] {
  if (selection === null)
    return [
      'In-sample or not, only you know: figures of data that parameters were chosen on are too good.',
    ];
  const { tried, isInSample, verdict } = selection;
  return [
    `These parameters were chosen among ${decimal(tried, 0)} that searches tried. The best of many looks good by chance alone. ${verdict === null ? '' : `The search says: ${verdict}`}`.trimEnd(),
    ...(isInSample
      ? [
          'In-sample: these are the data that the parameters were chosen on. Only data that the search never saw tell what to expect.',
        ]
      : []),
  ];
}

/** Of what the book is worth: less than this in dust is not worth a word. */
const DUST_PCT = 1;

/** What is left of purchases because fees in base made it too small to be sold. Futures leave none. */
function aboutDust(
  { finalBalance, cash, openPositions }: Told,
  sources: readonly Source[],
): string[] {
  if (sources.some(({ marketKey }) => !marketKey.includes('_spot_'))) return [];
  const held = sumMoney(
    openPositions.map(({ quantity, lastPrice }) => notional(lastPrice, quantity, 'floor')),
  );
  const dust = subMoney(finalBalance, addMoney(cash, held));
  if ((percentRatio(dust, finalBalance) ?? 0) < DUST_PCT) return [];
  return [
    `${decimal(toNumber(dust), 2)} of the final balance is dust: too small to be sold, left behind by fees taken in base. A finer --lot leaves less.`,
  ];
}

/** So much longer than usual: a payment is missing there. */
const isGap = (ms: number, usual: number): boolean => ms > 1.5 * usual;
const EIGHT_HOURS = 8 * 3_600_000;

/** Where futures paid no funding because no rates of that time were given. */
function aboutFunding({ funding }: BacktestConfig, sources: readonly Source[]): string[] {
  return sources
    .filter(({ marketKey }) => marketKey.includes('_futures_'))
    .flatMap(({ marketKey, symbol, from, to }) => {
      const at = funding[marketKey]?.at ?? [];
      if (at.length === 0)
        return [
          `${symbol}: no funding rates were given. A perpetual's position would have paid or received them: --funding.`,
        ];
      const steps = at.slice(1).map((moment, row) => moment - (at[row] ?? 0));
      const usual = steps.toSorted((a, b) => a - b)[steps.length >> 1] ?? EIGHT_HOURS;
      const ends = [from, ...at, to];
      const gaps = ends.slice(1).filter((moment, row) => isGap(moment - (ends[row] ?? 0), usual));
      return gaps.length === 0
        ? []
        : [
            `${symbol}: funding rates are missing ${gaps.length === 1 ? 'once' : `in ${gaps.length} places`} for longer than ${decimal((1.5 * usual) / 3_600_000, 1)} hours. Nothing was paid there.`,
          ];
    });
}

/** What the limits of the book kept it from, and why most often. */
function aboutGate({ counts: { rejections } }: Told): string[] {
  const reasons = Object.entries(rejections).sort(([, a], [, b]) => b - a);
  const [most] = reasons;
  if (most === undefined) return [];
  const all = reasons.reduce((total, [, times]) => total + times, 0);
  return [
    `The risk gate refused ${decimal(all, 0)} signals, most of them (${decimal(most[1], 0)}) for ${most[0].replaceAll('_', ' ')}: that is how a book with these limits would have gone on.`,
  ];
}

type Told = Pick<
  BacktestResult,
  'parameters' | 'openPositions' | 'finalBalance' | 'cash' | 'counts'
>;

/** All that has to be known before the figures of a backtest are believed. */
export function warningsOf(
  result: Told,
  told: {
    readonly statistics: Statistics;
    readonly sources: readonly Source[];
    readonly selection: Selection | null;
    readonly hasNoLimits: boolean;
  },
): string[] {
  const { statistics, sources, selection, hasNoLimits } = told;
  const { parameters, openPositions } = result;
  const { totalTrades } = statistics.figures;
  return [
    'Simulated: no order of this was ever sent to a venue. Past prices need not come again.',
    aboutFills(parameters),
    ...aboutChoice(selection),
    ...(totalTrades < FEW_TRADES
      ? [
          `Only ${totalTrades} ${totalTrades === 1 ? 'trade' : 'trades'}: too few to tell luck from skill.`,
        ]
      : []),
    ...(statistics.returnBasis === 'hourly'
      ? [
          'The span is shorter than 30 days: Sharpe and Sortino are of hourly returns, and nothing is annualised but these.',
        ]
      : []),
    ...aboutData(sources),
    ...aboutFunding(parameters, sources),
    ...aboutDust(result, sources),
    ...aboutGate(result),
    ...(hasNoLimits
      ? ['Without the limits of a book: a paper or live book would refuse some of these entries.']
      : []),
    ...(openPositions.length > 0
      ? [
          `${openPositions.length} ${openPositions.length === 1 ? 'position is' : 'positions are'} still open at the end, valued at the last price and not among the trades.`,
        ]
      : []),
  ];
}
