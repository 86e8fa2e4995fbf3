import type { WeeklyReportDoc } from '@tradewind/contracts/documents/report';
import { formatMoney, formatPercent, formatPnl } from '../../lib/format.ts';

type Fact = readonly [name: string, value: string];

const TARGET_WORDS = { below: 'below', within: 'within', above: 'above' } as const;

function targetText({ target, againstTarget }: WeeklyReportDoc): string {
  if (target === null) return 'no range is set';
  const range = `${target.leastPct} to ${target.mostPct} %`;
  return againstTarget === null ? range : `${TARGET_WORDS[againstTarget]} ${range}`;
}

function dumpText({ dumps: { exits, judged, right, precisionPct } }: WeeklyReportDoc): string {
  if (exits === 0) return 'no exit';
  return precisionPct === null
    ? `${exits} exits, what followed is not known`
    : `${precisionPct.toFixed(0)} % right (${right} of ${judged})`;
}

/** What a weekly report says, by name (PF-93, PF-73); what is not known says so. */
export function reportFacts(report: WeeklyReportDoc): readonly Fact[] {
  const { quote, week, value, baseline, positions, paperGaps } = report;
  const { best, worst, trades, wins, losses, net } = week;
  return [
    ['Value', formatMoney(value ?? undefined, quote)],
    ['Put in', formatMoney(baseline, quote)],
    ['Total return', formatPercent(report.totalReturnPct)],
    ['Return of the week', formatPercent(report.weekReturnPct)],
    ['Trades', `${trades}, ${wins} won, ${losses} lost: ${formatPnl(net, quote)}`],
    ...(best === null || worst === null
      ? []
      : [
          ['Best trade', `${best.symbol} ${formatPnl(best.netPnl, quote)}`] as const,
          ['Worst trade', `${worst.symbol} ${formatPnl(worst.netPnl, quote)}`] as const,
        ]),
    ...positions.map(
      ({ side, symbol, unrealizedPnl }) =>
        [`Open: ${side} ${symbol}`, formatPnl(unrealizedPnl ?? undefined, quote)] as const,
    ),
    ['Projected month, no expectation', formatPercent(report.projectionPct)],
    ['Range set', targetText(report)],
    ...paperGaps.map(
      ({ name, paperPct, gapPct }) =>
        [
          `Against ${name}`,
          `${formatPercent(gapPct)} points; it made ${formatPercent(paperPct)}`,
        ] as const,
    ),
    ['Dump detector', dumpText(report)],
  ];
}
