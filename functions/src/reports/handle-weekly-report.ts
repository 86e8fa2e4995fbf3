import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { bookDoc, bookMarket, type BookDoc } from '@tradewind/contracts/documents/book';
import { weeklyReportDoc, type WeeklyReportDoc } from '@tradewind/contracts/documents/report';
import { paths } from '@tradewind/contracts/paths';
import { addMoney, ZERO_MONEY } from '@tradewind/core/lib/units';
import { monthlyProjectionPct } from '@tradewind/core/portfolio/performance';
import {
  againstTarget,
  lastWeek,
  paperGaps,
  returnPct,
  weekId,
  weekTrades,
  type BookReturn,
  type Week,
} from '@tradewind/core/portfolio/weekly-report';
import type { Draft } from '../notifications/notify.ts';
import { readWeek } from './read-week.ts';
import { reportDraft } from './report-draft.ts';

type Ports = Pick<ExecutionPorts, 'store' | 'clock' | 'log'>;

/** A book's week, but for how it compares with other books. */
async function weekOf(
  ports: Ports,
  book: BookDoc,
  week: Week,
): Promise<Omit<WeeklyReportDoc, 'paperGaps'>> {
  const { clock } = ports;
  const { bookId, name, quote, initialBalance, netDeposits = ZERO_MONEY, target = null } = book;
  const facts = await readWeek(ports, book, week);
  const { before, after, flows, monthPct } = facts;
  const baseline = addMoney(initialBalance, netDeposits);
  const projectionPct =
    monthPct === null ? null : monthlyProjectionPct(monthPct, clock.marketNow());
  return {
    ...{ bookId, name, quote, ...week, reportId: weekId(week), madeAt: clock.wallNow() },
    frozen: book.frozen?.reason ?? null,
    ...{ value: after, baseline },
    totalReturnPct: returnPct(baseline, after, ZERO_MONEY),
    weekReturnPct: returnPct(before, after, flows),
    week: weekTrades(facts.trades),
    positions: [...facts.positions],
    ...{ projectionPct, target, againstTarget: againstTarget(projectionPct, target) },
    ...{ dumps: facts.dumps, unverified: facts.unverified },
  };
}

/**
 * Makes the report of the last week that is over, for every book, keeps it, and mails it (PF-93). Asked twice, each
 * report is made once and mailed once: it is create-only, and the outbox knows its mail by book and week.
 *
 * @param mail Puts a mail into the outbox.
 */
export async function handleWeeklyReport(
  ports: Ports,
  mail: (draft: Draft) => Promise<void>,
): Promise<void> {
  const { store, clock, log } = ports;
  const week = lastWeek(clock.marketNow());
  const listed = await store.query(store.firestore.collection(paths.books), bookDoc);
  const books = listed.filter(({ createdAt }) => createdAt < week.to);
  const reports = await Promise.all(
    books.map(async (book) => ({ book, report: await weekOf(ports, book, week) })),
  );
  const returns = reports.map(({ book, report }): BookReturn => ({
    bookId: book.bookId,
    name: book.name,
    isLive: book.mode !== 'paper',
    account: `${book.venue} ${bookMarket(book)}`,
    returnPct: report.weekReturnPct,
  }));
  for (const { book, report } of reports) {
    const own = returns.find(({ bookId }) => bookId === book.bookId);
    const gaps = own === undefined ? [] : paperGaps(own, returns);
    const path = paths.report(book.bookId, report.reportId);
    await store.create(path, weeklyReportDoc, { ...report, paperGaps: [...gaps] });
    const kept = await store.get(path, weeklyReportDoc);
    if (kept === undefined) throw new Error(`Invariant: ${path} was just written`);
    await mail(reportDraft(kept, book));
    log.info('weekly report', { bookId: book.bookId, reportId: report.reportId });
  }
}
