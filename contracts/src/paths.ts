/** Every Firestore path, in one place (00, section 6). Collections are plural, documents take ids. */
export const paths = {
  clock: 'config/clock',
  config: (name: string) => `config/${name}`,
  user: (uid: string) => `users/${uid}`,
  presence: (uid: string, tab: string) => `users/${uid}/presence/${tab}`,

  bots: 'bots',
  bot: (botId: string) => `bots/${botId}`,
  /** A bot's settings as they were at a version: immutable (STR-07). */
  botVersion: (botId: string, version: number) => `bots/${botId}/versions/${version}`,
  botStatuses: 'botStatus',
  botStatus: (botId: string) => `botStatus/${botId}`,
  strategies: 'strategies',
  strategy: (strategyId: string) => `strategies/${strategyId}`,
  strategyVersions: (strategyId: string) => `strategies/${strategyId}/versions`,
  strategyVersion: (strategyId: string, version: number) =>
    `strategies/${strategyId}/versions/${version}`,
  tradingConfigs: 'tradingConfigs',
  tradingConfig: (configId: string) => `tradingConfigs/${configId}`,
  sessions: 'sessions',
  session: (sessionId: string) => `sessions/${sessionId}`,
  strategyStatuses: 'strategyStatus',
  strategyStatus: (strategyId: string, marketKey: string) =>
    `strategyStatus/${strategyId}__${marketKey}`,
  /** Resumable evaluation state; server only. */
  strategyState: (strategyId: string, marketKey: string) =>
    `strategyStates/${strategyId}__${marketKey}`,

  parities: 'parity',
  /** How far the day replayed last is what was decided. */
  parity: (strategyId: string) => `parity/${strategyId}`,

  markets: 'markets',
  market: (marketKey: string) => `markets/${marketKey}`,
  chunks: (marketKey: string) => `markets/${marketKey}/chunks`,
  chunk: (marketKey: string, hour: string) => `markets/${marketKey}/chunks/${hour}`,
  /** Boards of last prices, one per worker shard, and `cycle` where no worker runs. */
  boards: 'livePrices',
  board: (shard: string) => `livePrices/${shard}`,

  dataSessions: 'dataSessions',
  dataSession: (sessionId: string) => `dataSessions/${sessionId}`,
  backtests: 'backtests',
  /** What a UTC day cost in Firestore operations, by component. */
  usageDays: 'usage',
  usageDay: (day: string) => `usage/${day}`,

  books: 'books',
  book: (bookId: string) => `books/${bookId}`,
  signals: (bookId: string) => `books/${bookId}/signals`,
  signal: (bookId: string, signalId: string) => `books/${bookId}/signals/${signalId}`,
  evaluations: (bookId: string) => `books/${bookId}/evaluations`,
  /** How one strategy judged the bars of an hour of one market. */
  evaluationHour: (bookId: string, id: string) => `books/${bookId}/evaluations/${id}`,
  intents: (bookId: string) => `books/${bookId}/intents`,
  intent: (bookId: string, intentId: string) => `books/${bookId}/intents/${intentId}`,
  /** What waits for a venue that cannot be reached (05, section 8). */
  orderQueue: (bookId: string) => `books/${bookId}/orderQueue`,
  queuedOrder: (bookId: string, intentId: string) => `books/${bookId}/orderQueue/${intentId}`,
  orders: (bookId: string) => `books/${bookId}/orders`,
  order: (bookId: string, orderId: string) => `books/${bookId}/orders/${orderId}`,
  fills: (bookId: string, orderId: string) => `books/${bookId}/orders/${orderId}/fills`,
  fill: (bookId: string, orderId: string, fillId: string) =>
    `books/${bookId}/orders/${orderId}/fills/${fillId}`,
  positions: (bookId: string) => `books/${bookId}/positions`,
  position: (bookId: string, positionId: string) => `books/${bookId}/positions/${positionId}`,
  trades: (bookId: string) => `books/${bookId}/trades`,
  trade: (bookId: string, tradeId: string) => `books/${bookId}/trades/${tradeId}`,
  ledger: (bookId: string) => `books/${bookId}/ledger`,
  ledgerEntry: (bookId: string, entryId: string) => `books/${bookId}/ledger/${entryId}`,
  equity: (bookId: string, at: string) => `books/${bookId}/equity/${at}`,
  equityCurve: (bookId: string) => `books/${bookId}/equity`,
  riskState: (bookId: string) => `books/${bookId}/risk/state`,
  backups: (bookId: string) => `books/${bookId}/backups`,
  backup: (bookId: string, backupId: string) => `books/${bookId}/backups/${backupId}`,
  backedUp: (bookId: string, backupId: string) => `books/${bookId}/backups/${backupId}/documents`,
  balanceState: (bookId: string) => `books/${bookId}/risk/balance`,
  /** Differences between venue and ledger, and what was done about them (EXE-50). */
  reconciliations: (bookId: string) => `books/${bookId}/reconciliations`,
  reconciliation: (bookId: string, id: string) => `books/${bookId}/reconciliations/${id}`,
  /** Limits that an admin set; a book without them has its mode's. */
  riskLimits: (bookId: string) => `books/${bookId}/risk/limits`,
  /** The last look at the health of what is held (PF-63). */
  riskHealth: (bookId: string) => `books/${bookId}/risk/health`,
  /** What the venue last said of the margin of futures (RSK-103). */
  riskMargin: (bookId: string) => `books/${bookId}/risk/margin`,
  /** What the last check of the whole ledger found (PF-35). */
  riskIntegrity: (bookId: string) => `books/${bookId}/risk/integrity`,
  budgets: (bookId: string) => `books/${bookId}/budgets`,
  budget: (bookId: string, strategyId: string) => `books/${bookId}/budgets/${strategyId}`,
  reports: (bookId: string) => `books/${bookId}/reports`,
  /** A book's week, by its Monday (PF-93). */
  report: (bookId: string, reportId: string) => `books/${bookId}/reports/${reportId}`,
  performances: (bookId: string) => `books/${bookId}/performance`,
  /** Figures of one scope, such as `book` or `strategy__trend` (PF-90). */
  performance: (bookId: string, scope: string) => `books/${bookId}/performance/${scope}`,

  alerts: 'alerts',
  alert: (alertId: string) => `alerts/${alertId}`,
  notifications: 'notifications',
  notification: (dedupKey: string) => `notifications/${dedupKey}`,
  auditLog: 'auditLog',
  audit: (auditId: string) => `auditLog/${auditId}`,
  /** Result of a command by its client-generated id (ARC-61); server only. */
  command: (commandId: string) => `commands/${commandId}`,
  /** How fast a user gives commands (ARC-62); server only. */
  commandPace: (uid: string) => `commandPace/${uid}`,
  deadLetters: 'deadLetters',
  deadLetter: (deadLetterId: string) => `deadLetters/${deadLetterId}`,
  breakers: 'breakers',
  /** Whether a venue's function group may be called; shared by all processes (RSK-86). */
  breaker: (name: string) => `breakers/${name}`,
  lease: (name: string) => `leases/${name}`,
  heartbeats: 'heartbeats',
  heartbeat: (component: string) => `heartbeats/${component}`,
} as const;

/** Usage id of the UTC day that holds `at`: `yyyymmdd`. */
export function usageDayId(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Chunk id of the hour that holds `at`: `yyyymmddhh`, UTC (MD-81). */
export function chunkId(at: number): string {
  return new Date(at).toISOString().slice(0, 13).replace(/[-T]/g, '');
}

/** Id of the evaluations of the hour that holds `at`, the opening of a bar. */
export const evaluationId = (strategyId: string, marketKey: string, at: number): string =>
  `${strategyId}__${marketKey}__${chunkId(at)}`;
