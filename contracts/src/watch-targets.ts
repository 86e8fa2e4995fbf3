import { paths } from './paths.ts';

/** What a listener listens to. Every collection is bounded. */
export type WatchTarget =
  | { readonly kind: 'document'; readonly path: string }
  | {
      readonly kind: 'collection';
      readonly path: string;
      readonly where?: readonly [field: string, values: readonly string[]];
      /** Newest first. */
      readonly newestBy?: string;
      readonly limit: number;
    };

const document = (path: string): WatchTarget => ({ kind: 'document', path });
const newest = (path: string, newestBy: string, limit: number): WatchTarget => ({
  kind: 'collection',
  path,
  newestBy,
  limit,
});
const some = (path: string, limit: number): WatchTarget => ({ kind: 'collection', path, limit });

/** Everything that the dashboard listens to, all of it bounded (UI-09). */
export const targets = {
  clock: document(paths.clock),
  heartbeats: some(paths.heartbeats, 20),
  boards: some(paths.boards, 50),
  markets: some(paths.markets, 50),
  books: some(paths.books, 20),
  alerts: newest(paths.alerts, 'lastAt', 50),
  audit: newest(paths.auditLog, 'at', 50),
  deadLetters: newest(paths.deadLetters, 'lastAt', 100),
  riskState: (bookId: string): WatchTarget => document(paths.riskState(bookId)),
  positions: (bookId: string): WatchTarget => ({
    kind: 'collection',
    path: paths.positions(bookId),
    where: ['status', ['BUILDING', 'OPEN', 'REDUCING', 'CLOSING_UNCONFIRMED']],
    limit: 100,
  }),
  bots: (bookId: string): WatchTarget => ({
    kind: 'collection',
    path: paths.bots,
    where: ['bookId', [bookId]],
    limit: 50,
  }),
  botStatuses: (bookId: string): WatchTarget => ({
    kind: 'collection',
    path: paths.botStatuses,
    where: ['bookId', [bookId]],
    limit: 50,
  }),
  strategies: (bookId: string): WatchTarget => ({
    kind: 'collection',
    path: paths.strategies,
    where: ['bookId', [bookId]],
    limit: 50,
  }),
  /** One document a strategy and market. */
  strategyStatuses: (bookId: string): WatchTarget => ({
    kind: 'collection',
    path: paths.strategyStatuses,
    where: ['bookId', [bookId]],
    limit: 200,
  }),
  parities: (bookId: string): WatchTarget => ({
    kind: 'collection',
    path: paths.parities,
    where: ['bookId', [bookId]],
    limit: 50,
  }),
  orders: (bookId: string, limit: number): WatchTarget =>
    newest(paths.orders(bookId), 'createdAt', limit),
  signals: (bookId: string): WatchTarget => newest(paths.signals(bookId), 'createdAt', 100),
  trades: (bookId: string): WatchTarget => newest(paths.trades(bookId), 'closedAt', 50),
  equity: (bookId: string): WatchTarget => newest(paths.equityCurve(bookId), 'at', 500),
  reconciliations: (bookId: string): WatchTarget => newest(paths.reconciliations(bookId), 'at', 50),
  reports: (bookId: string): WatchTarget => newest(paths.reports(bookId), 'from', 4),
  limits: (bookId: string): WatchTarget => document(paths.riskLimits(bookId)),
  margin: (bookId: string): WatchTarget => document(paths.riskMargin(bookId)),
  integrity: (bookId: string): WatchTarget => document(paths.riskIntegrity(bookId)),
  fills: (bookId: string, orderId: string): WatchTarget =>
    newest(paths.fills(bookId, orderId), 'at', 50),
  intent: (bookId: string, intentId: string): WatchTarget =>
    document(paths.intent(bookId, intentId)),
  /** What a day cost (UTC), and what was recorded. */
  usage: newest(paths.usageDays, 'day', 7),
  dataSessions: newest(paths.dataSessions, 'updatedAt', 50),
  chunks: (marketKey: string): WatchTarget => newest(paths.chunks(marketKey), 'hourAt', 12),
} as const;
