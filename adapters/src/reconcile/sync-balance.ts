import { riskStateDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import {
  balanceStateDoc,
  type BalanceStateDoc,
} from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import {
  formatDecimal,
  maxMoney,
  moneyOf,
  negMoney,
  percentOf,
  subMoney,
  sumMoney,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
} from '@tradewind/core/lib/units';
import { CONFIRM_AFTER_MS } from '@tradewind/core/order/reconcile/judge-line';
import { differing, linesOf } from '@tradewind/core/order/reconcile/lines';
import { checkIdentity } from '@tradewind/core/portfolio/identity';
import { raiseAlert, resolveAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import type { CashFlow } from '../venue/venue.ts';
import { homeOf, readAccounts, type Account } from './accounts.ts';
import { bookFlow, type BookFlow } from './cash-flow.ts';
import { lookAtLedger, type LedgerLook } from './ledger-look.ts';
import { openRecords, recordIdOf, recordSight, resolveGone, type Difference } from './records.ts';
import { readHoldings } from './venue-look.ts';

/** EXE-55: a change of cash beyond this share of equity that nothing explains, in percent. */
const UNEXPLAINED_PCT = 0.5;
/** Flows are read again for so long: a venue may tell of one late. */
const FLOW_OVERLAP_MS = 3_600_000;

/**
 * Compares the cash of every account with that of its books, once a minute (EXE-55): deposits and withdrawals that
 * the venue tells become entries of the ledger, and a change that nothing explains is for people.
 */
export async function syncBalances(ports: ExecutionPorts): Promise<readonly Error[]> {
  const { accounts } = await readAccounts(ports);
  const failures: Error[] = [];
  for (const account of accounts)
    try {
      await syncBalance(ports, account);
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  return failures;
}

async function syncBalance(ports: ExecutionPorts, account: Account): Promise<void> {
  const { store } = ports;
  const before = await lookAtLedger(store, account);
  if (before.books.every(({ status }) => status !== 'RUNNING')) return;
  const home = homeOf(account);
  const known = await store.get(paths.balanceState(home.bookId), balanceStateDoc);
  const flowsAt = await bookFlows(ports, account, known);
  await checkBooks(ports, before);
  const look = await lookAtLedger(store, account);
  const holdings = await readHoldings(ports, account);
  if (!holdings.ok) return;
  const after = await lookAtLedger(store, account);
  const isQuiet = look.snapshot.revision === after.snapshot.revision && after.orders.every(rests);
  // A sale that the venue knows and the books do not yet has brought cash as well: nothing is judged, and no first gap taken.
  const isBehind = differing(
    linesOf(after.snapshot, holdings.value, {
      quotes: new Set(after.books.map(({ quote }) => quote)),
    }),
  ).some(({ local }) => local > 0n);
  if (!isQuiet || isBehind) return;
  const total = moneyOf(holdings.value.totals[home.quote] ?? ZERO_QTY);
  const gap = subMoney(total, cashOf(after.books, home.quote));
  await judgeGap(ports, { account, known, gap, flowsAt });
}

const rests = ({ type, status }: LedgerLook['orders'][number]): boolean =>
  type === 'STOP' && status === 'ACKNOWLEDGED';

const cashOf = (books: readonly BookDoc[], quote: string): Money =>
  sumMoney(books.filter((book) => book.quote === quote).map(({ cash }) => cash));

/** Books what the venue tells of money that came or left; the time up to which it was read. */
async function bookFlows(
  ports: ExecutionPorts,
  account: Account,
  known: BalanceStateDoc | undefined,
): Promise<BalanceStateDoc['flowsAt']> {
  const home = homeOf(account);
  const until = ports.clock.marketNow();
  const from = known?.flowsAt ?? home.createdAt;
  const since = epochMs(Math.max(home.createdAt, from - FLOW_OVERLAP_MS));
  const read = await account.venue.cashFlows(since);
  // Some venues tell no history: people enter it then (PF-38), and the gap says so.
  if (!read.ok) return from;
  for (const { flowId, kind, currency, amount, symbol, at } of read.value) {
    if (currency !== home.quote || kind === 'other' || at < home.createdAt) continue;
    await bookFlow(ports, {
      bookId: home.bookId,
      entryId: `flow-${flowId}`.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 120),
      kind: ledgerKind(kind, amount),
      ...{ amount, symbol, at },
      cause: `${kind} ${flowId} at the venue`,
    });
  }
  return until;
}

/** What a movement is in the ledger: a transfer to or from another wallet of the venue's is a deposit or withdrawal. */
function ledgerKind(kind: CashFlow['kind'], amount: Money): BookFlow['kind'] {
  if (kind === 'funding' || kind === 'insurance') return kind;
  return amount < 0n ? 'withdrawal' : 'deposit';
}

type Gap = {
  readonly account: Account;
  readonly known: BalanceStateDoc | undefined;
  readonly gap: Money;
  readonly flowsAt: BalanceStateDoc['flowsAt'];
};

async function judgeGap(
  ports: ExecutionPorts,
  { account, known, gap, flowsAt }: Gap,
): Promise<void> {
  const { store, clock } = ports;
  const home = homeOf(account);
  const path = paths.balanceState(home.bookId);
  const now = clock.wallNow();
  // What the account holds beyond its books at the first look is not theirs.
  if (known === undefined) {
    await store.set(path, balanceStateDoc, { gap, pending: null, flowsAt });
    return;
  }
  const change = subMoney(gap, known.gap);
  const size = maxMoney(change, negMoney(change));
  const isSmall = size <= percentOf(await equityOf(ports, account), UNEXPLAINED_PCT, 'floor');
  const isSeen = known.pending?.gap === gap && now - known.pending.at >= CONFIRM_AFTER_MS;
  const pending = isSmall ? null : known.pending?.gap === gap ? known.pending : { gap, at: now };
  const isMoved = pending !== known.pending || flowsAt - known.flowsAt >= FLOW_OVERLAP_MS / 4;
  if (isMoved) await store.set(path, balanceStateDoc, { gap: known.gap, pending, flowsAt });
  if (isSmall) await explained(ports, home);
  else if (isSeen) await unexplained(ports, home, { change, gap });
}

async function equityOf({ store }: ExecutionPorts, { books }: Account): Promise<Money> {
  const risks = await Promise.all(
    books.map(({ bookId }) => store.get(paths.riskState(bookId), riskStateDoc)),
  );
  return maxMoney(ZERO_MONEY, sumMoney(risks.map((risk) => risk?.equity ?? ZERO_MONEY)));
}

async function unexplained(
  { store, clock }: ExecutionPorts,
  { bookId, quote, cash }: BookDoc,
  { change }: { readonly change: Money; readonly gap: Money },
): Promise<void> {
  const now = clock.wallNow();
  const amount = formatDecimal(change);
  const difference: Difference = {
    type: 'BALANCE',
    key: `cash/${quote}`,
    severity: 'WARNING',
    symbol: null,
    positionId: null,
    cause:
      'The account holds another amount of cash, and no trade, deposit or withdrawal says why.',
    evidence: [`read twice, last at ${new Date(now).toISOString()}`],
    before: { unexplained: '0' },
    after: { unexplained: amount },
    action: 'an entry of the ledger is asked for',
  };
  const id = await recordIdOf(store, bookId, difference);
  const record = await recordSight(store, { bookId, id, difference, now });
  if (record.seen > 1) return;
  await raiseAlert(store, {
    rule: 'unexplained_balance',
    severity: 'WARNING',
    message: `The account's ${quote} changed by ${amount} and nothing explains it: a deposit, a withdrawal, or somebody else. Enter it with recordCashFlow.`,
    details: { change: amount, cash: formatDecimal(cash) },
    bookId,
    symbol: null,
    now,
  });
}

async function explained({ store, clock }: ExecutionPorts, { bookId }: BookDoc): Promise<void> {
  const open = (await openRecords(store, bookId)).filter(({ type }) => type === 'BALANCE');
  if (open.length === 0) return;
  const now = clock.wallNow();
  for (const record of open)
    await resolveGone(store, record, { outcome: 'the books say where it came from', now });
  await resolveAlert(store, { rule: 'unexplained_balance', bookId, symbol: null, now });
}

/** PF-36 of every book, as often as balances are compared: the figures of a book that contradicts itself are suspect. */
async function checkBooks(ports: ExecutionPorts, look: LedgerLook): Promise<void> {
  const { store, clock } = ports;
  for (const book of look.books) {
    const { difference, tolerance, suspect } = checkIdentity({
      ...book,
      netDeposits: book.netDeposits ?? ZERO_MONEY,
      positions: look.positions.filter(({ bookId }) => bookId === book.bookId),
    });
    if (!suspect) continue;
    const [by, allowed] = [formatDecimal(difference), formatDecimal(tolerance)];
    await raiseAlert(store, {
      rule: 'PNL_SUSPECT',
      severity: 'CRITICAL',
      message: `${book.name}: what the book holds and where it came from differ by ${by} ${book.quote} (${allowed} allowed). Its P&L is suspect: run check-ledger.`,
      details: { difference: by, tolerance: allowed },
      bookId: book.bookId,
      symbol: null,
      now: clock.wallNow(),
    });
  }
}
