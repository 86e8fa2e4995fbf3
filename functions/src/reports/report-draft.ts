import type { BookDoc } from '@tradewind/contracts/documents/book';
import type { WeeklyReportDoc } from '@tradewind/contracts/documents/report';
import { duration, shown, signed, signedPct } from '../notifications/figures.ts';
import type { Draft } from '../notifications/notify.ts';

type Field = Draft['fields'][number];
const field = (label: string, value: string): Field => ({ label, value });
const UNKNOWN = 'not known';
const pct = (value: number | null): string => (value === null ? UNKNOWN : signedPct(value));

function targetText({ target, againstTarget, projectionPct }: WeeklyReportDoc): string {
  const projected = `${pct(projectionPct)} (a projection, not an expectation)`;
  if (target === null) return `${projected}; no range is set`;
  const range = `${target.leastPct} to ${target.mostPct} %`;
  return `${projected}; ${againstTarget === null ? UNKNOWN : againstTarget} the range of ${range}`;
}

function weekText({ week, quote }: WeeklyReportDoc): string {
  const { trades, wins, losses, net } = week;
  return trades === 0
    ? 'none'
    : `${trades}, of them ${wins} won and ${losses} lost: ${signed(net)} ${quote} net`;
}

const extremes = ({ week: { best, worst, trades }, quote }: WeeklyReportDoc): Field[] =>
  best === null || worst === null || trades < 2
    ? []
    : [
        field('Best trade', `${signed(best.netPnl)} ${quote} (${best.symbol})`),
        field('Worst trade', `${signed(worst.netPnl)} ${quote} (${worst.symbol})`),
      ];

const positions = ({ positions: held, quote }: WeeklyReportDoc): Field[] =>
  held.length === 0
    ? [field('Open positions', 'none')]
    : held.map(({ symbol, side, quantity, averageEntry, unrealizedPnl, heldMs }) =>
        field(
          `Open: ${side} ${symbol}`,
          `${unrealizedPnl === null ? UNKNOWN : `${signed(unrealizedPnl)} ${quote}`}; ${shown(quantity)} at ${shown(averageEntry)}, held for ${duration(heldMs)}`,
        ),
      );

const gaps = ({ paperGaps }: WeeklyReportDoc): Field[] =>
  paperGaps.map(({ name, paperPct, gapPct }) =>
    field(
      `Against paper (${name})`,
      `${signedPct(gapPct)} points; paper made ${signedPct(paperPct)}`,
    ),
  );

function dumps({ dumps: { exits, judged, right, precisionPct } }: WeeklyReportDoc): Field[] {
  if (exits === 0) return [];
  const share =
    precisionPct === null
      ? 'nothing is known of what followed'
      : `${precisionPct.toFixed(0)} % right`;
  return [
    field(
      'Dump detector',
      `${exits} exits; ${share} (${right} of ${judged} went on by 1 % in 10 min)`,
    ),
  ];
}

const warnings = ({ frozen, unverified, quote }: WeeklyReportDoc): Field[] => [
  ...(frozen === null ? [] : [field('Figures are frozen', frozen)]),
  ...(unverified === null || unverified.count === 0
    ? []
    : [
        field(
          'Unverified orders',
          `${unverified.count} worth ${shown(unverified.quote)} ${quote}, in no figure`,
        ),
      ]),
];

/** NTF-37: the mail of a book's weekly report. */
export function reportDraft(report: WeeklyReportDoc, book: BookDoc): Draft {
  const { bookId, reportId, quote, value, baseline, from, to } = report;
  return {
    kind: 'weekly_report',
    entity: bookId,
    state: reportId,
    priority: report.frozen === null ? 'INFO' : 'WARNING',
    subject: `Weekly Report ${report.name}: ${pct(report.weekReturnPct)}`,
    fields: [
      ...warnings(report),
      field('Value', value === null ? UNKNOWN : `${shown(value)} ${quote}`),
      field('Put in', `${shown(baseline)} ${quote}`),
      field('Total return', pct(report.totalReturnPct)),
      field('Return of the week', pct(report.weekReturnPct)),
      field('Trades', weekText(report)),
      ...extremes(report),
      ...positions(report),
      field('Month at this pace', targetText(report)),
      ...gaps(report),
      ...dumps(report),
      field(
        'Week',
        `${new Date(from).toISOString().slice(0, 10)} to ${new Date(to - 1).toISOString().slice(0, 10)} (UTC)`,
      ),
    ],
    ...{ bookId, mode: book.mode, simulated: book.origin !== 'live' },
  };
}
