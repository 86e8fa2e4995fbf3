import { handleSetTargetRange } from '../../functions/src/reports/handle-set-target-range.ts';
import { handleWeeklyReport } from '../../functions/src/reports/handle-weekly-report.ts';
import { renderMail } from '@tradewind/adapters/mail/render-mail';
import {
  bookDoc,
  equityDoc,
  ledgerDoc,
  tradeDoc,
  type TradeDoc,
} from '@tradewind/contracts/documents/book';
import { chunkDoc } from '@tradewind/contracts/documents/market';
import { weeklyReportDoc } from '@tradewind/contracts/documents/report';
import type { NotificationDoc } from '@tradewind/contracts/documents/system';
import type { Draft } from '../../functions/src/notifications/notify.ts';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { bucketStart, epochMs, minutes, type EpochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { countTrade } from '@tradewind/adapters/execution/performance-ledger';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { lastWeek, weekId } from '@tradewind/core/portfolio/weekly-report';
import { book as aBook, trade } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

import.meta.jest.setTimeout(60_000);

const KEY = 'binance_spot_BTC-USDT';
const DAY_MS = 86_400_000;

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`weekly-${projects}`, { memory: true });
  await desk.ledger.clear();
  mails = new Map();
});
afterEach(() => desk.ledger.close());

/** A book of a month ago, on the Monday after a week. */
async function monday(): Promise<ReturnType<typeof lastWeek>> {
  const { clock } = desk.ledger;
  const start = clock.marketNow();
  await desk.seed({ book: { createdAt: epochMs(start - 30 * DAY_MS) } });
  const week = lastWeek(epochMs(start + 7 * DAY_MS));
  desk.ledger.pass(week.to - start + 5 * 3_600_000);
  await desk.quote('BTC-USDT');
  return week;
}

async function worth(at: number, equity: string): Promise<void> {
  const minute = bucketStart(epochMs(at), minutes(1));
  await desk.ledger.store.set(paths.equity('paper', String(minute)), equityDoc, {
    ...{ at: minute, equity: money(equity), cash: money(equity) },
    ...{ unrealizedPnl: money('0'), realizedPnl: money('0') },
  });
}

async function closed(change: Partial<TradeDoc>): Promise<void> {
  const done = trade({ marketKey: KEY, ...change });
  await desk.ledger.store.set(paths.trade('paper', done.tradeId), tradeDoc, done);
  await countTrade(desk.ports, done);
}

/** Ten minutes after a time, in which the market fell to `low`. */
async function fell(from: EpochMs, low: string): Promise<void> {
  const first = bucketStart(from, minutes(1)) + 60_000;
  const candles = Array.from({ length: 10 }, (_, n) => ({
    openAt: epochMs(first + n * 60_000),
    ...{ open: price('100'), high: price('100'), low: price(low), close: price(low) },
    ...{
      volume: qty('1'),
      buyVolume: qty('0'),
      quoteVolume: money('100'),
      trades: 1,
      buyTrades: 0,
    },
    ...{ gapFilled: false, incomplete: false, revision: 0, source: 'trades' as const },
  }));
  for (const hour of new Set(candles.map(({ openAt }) => chunkId(openAt))))
    await desk.ledger.store.set(paths.chunk(KEY, hour), chunkDoc, {
      ...{ marketKey: KEY, timeframe: '1m', hourAt: bucketStart(from, minutes(60)) },
      candles: candles.filter(({ openAt }) => chunkId(openAt) === hour),
      ...{ profiles: [], zones: [], gaps: [], analytics: null, origin: 'synthetic' },
      ...{ venueAt: from, receivedAt: from, updatedAt: from, maxAgeMs: 90_000, expiresAt: from },
    });
}

/** The outbox: what is of one kind, entity and state is one mail (NTF-01). */
let mails = new Map<string, Draft>();
const report = () =>
  handleWeeklyReport(desk.ports, async (draft) => {
    mails.set([draft.kind, draft.entity, draft.state].join(), draft);
  });
const asOutbox = (draft: Draft): NotificationDoc => ({
  ...draft,
  ...{ dedupKey: draft.state, recipient: 'me@desk.test', status: 'PENDING', attempts: 0 },
  ...{ providerMessageId: null, error: null, createdAt: desk.ledger.clock.wallNow(), sentAt: null },
});
const kept = async (week: ReturnType<typeof lastWeek>, bookId = 'paper') => {
  const found = await desk.ledger.store.get(paths.report(bookId, weekId(week)), weeklyReportDoc);
  if (found === undefined) throw new Error('no report');
  return found;
};
test('PF-93 PF-73 a week is kept with value, return, trades, projection, range and the detector’s precision, and mailed once', async () => {
  const week = await monday();
  const { store } = desk.ledger;
  await worth(week.from - 60_000, '10000');
  await worth(week.to - 60_000, '10620');
  await store.set(paths.ledgerEntry('paper', 'd1'), ledgerDoc, {
    ...{ entryId: 'd1', bookId: 'paper', orderId: null, kind: 'deposit', at: week.from },
    postings: [
      { account: 'cash', amount: money('500') },
      { account: 'capital', amount: money('-500') },
    ],
  });
  const current = await desk.bookNow();
  await store.set(paths.book('paper'), bookDoc, { ...current, netDeposits: money('500') });
  const noon = epochMs(week.from + 12 * 3_600_000);
  const dump = { exitReason: 'dump', exitPrice: price('100') } as const;
  await closed({ tradeId: 't1', netPnl: money('130'), closedAt: noon });
  await closed({ ...dump, tradeId: 't2', netPnl: money('-10'), outcome: 'loss', closedAt: noon });
  await fell(noon, '98.5');
  const later = epochMs(noon + DAY_MS);
  await closed({ ...dump, tradeId: 't3', netPnl: money('0'), outcome: 'flat', closedAt: later });
  await fell(later, '99.5');
  // Of the week before, and of the one that has begun.
  await closed({ tradeId: 't4', closedAt: epochMs(week.from - 1) });
  await closed({ tradeId: 't5', closedAt: week.to });
  const target = { leastPct: 1, mostPct: 3 };
  const wish = { commandId: 'c1', bookId: 'paper', target };
  expect(await handleSetTargetRange(desk.ports, wish)).toMatchObject({ ok: true });

  await report();
  await report();
  const found = await kept(week);
  expect(found).toMatchObject({
    ...{ value: money('10620'), baseline: money('10500'), frozen: null, target },
    week: {
      ...{ trades: 3, wins: 1, losses: 1, net: money('120') },
      best: { netPnl: money('130') },
      worst: { netPnl: money('-10') },
    },
    dumps: { exits: 2, judged: 2, right: 1, precisionPct: 50 },
    ...{ positions: [], paperGaps: [] },
  });
  expect(found.totalReturnPct).toBeCloseTo(120 / 105);
  expect(found.weekReturnPct).toBeCloseTo(120 / 105);
  expect(found.projectionPct).not.toBeNull();
  expect(found.againstTarget).not.toBeNull();

  const [mail, ...others] = mails.values();
  expect(others).toEqual([]);
  if (mail === undefined) throw new Error('no mail');
  expect(mail).toMatchObject({ kind: 'weekly_report', entity: 'paper', priority: 'INFO' });
  const { subject, text } = renderMail(asOutbox(mail));
  expect(subject).toContain('Weekly Report Paper: +1.14 %');
  expect(text).toContain('2 exits; 50 % right (1 of 2 went on by 1 % in 10 min)');
  expect(text).toContain('a projection, not an expectation');
  expect(text).toContain('the range of 1 to 3 %');
});

test('PF-93 what nobody wrote down is said to be unknown, open positions are listed, frozen figures are said first', async () => {
  const week = await monday();
  await desk.signal();
  await runGate(desk.ports, 'paper');
  await desk.drain();
  await desk.quote('BTC-USDT');
  const frozen = { at: week.from, reason: 'a fill is synthetic' };
  await desk.ledger.store.set(paths.book('paper'), bookDoc, { ...(await desk.bookNow()), frozen });
  await report();
  expect(await kept(week)).toMatchObject({
    ...{ value: null, weekReturnPct: null, totalReturnPct: null, projectionPct: null },
    ...{ target: null, againstTarget: null, frozen: 'a fill is synthetic' },
    positions: [{ symbol: 'BTC-USDT', side: 'LONG', price: price('100') }],
  });
  const [mail] = mails.values();
  expect(mail?.priority).toBe('WARNING');
  expect(mail?.fields[0]).toEqual({ label: 'Figures are frozen', value: 'a fill is synthetic' });
  expect(mail?.fields.find(({ label }) => label === 'Value')?.value).toBe('not known');
});

test('PF-93 a live book says what paper made beside it', async () => {
  const week = await monday();
  await worth(week.from - 60_000, '10000');
  await worth(week.to - 60_000, '10300');
  const live = aBook({
    ...{ bookId: 'live', name: 'Live', mode: 'small', origin: 'live' },
    createdAt: epochMs(week.from + 1),
  });
  const { store } = desk.ledger;
  await store.set(paths.book('live'), bookDoc, live);
  const at = epochMs(week.to - 60_000);
  await store.set(paths.equity('live', String(at)), equityDoc, {
    ...{ at, equity: money('10100'), cash: money('10100') },
    ...{ unrealizedPnl: money('0'), realizedPnl: money('0') },
  });
  await report();
  expect((await kept(week, 'live')).paperGaps).toEqual([
    { bookId: 'paper', name: 'Paper', paperPct: 3, gapPct: -2 },
  ]);
  expect((await kept(week)).paperGaps).toEqual([]);
});
