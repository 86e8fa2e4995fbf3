import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { marketDoc, type MarketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { formatDecimal } from '@tradewind/core/lib/units';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import { resultFailure, withRetries } from '../execution/venue-calls.ts';
import type { Venue } from '../venue/venue.ts';

/** The rules that a venue may change, and that orders are rounded to and refused by. */
const RULES = ['tickSize', 'lotSize', 'minQty', 'minNotional'] as const;

/** What a look at the venue's rules came to. */
export type Refreshed = {
  readonly compared: number;
  /** Market keys whose rules are others now. */
  readonly changed: readonly string[];
  /** Market keys that the venue lists no more. */
  readonly gone: readonly string[];
};

/**
 * Reads the venue's rules of every market that a book could trade, takes over what has changed, and tells people of it
 * and of what the venue lists no more. A venue that does not answer changes nothing.
 *
 * @throws Error when a venue's rules cannot be read; what was read of others is taken over.
 */
export async function refreshInstruments(ports: ExecutionPorts): Promise<Refreshed> {
  const { store } = ports;
  const [books, markets] = await Promise.all([
    store.query(store.firestore.collection(paths.books), bookDoc),
    store.query(store.firestore.collection(paths.markets), marketDoc),
  ]);
  const done = new Set<string>();
  const total = { compared: 0, changed: [] as string[], gone: [] as string[] };
  const failures: string[] = [];
  for (const book of books) {
    const venue = await venueHere(ports, book);
    if (venue === undefined) continue;
    const kind = `${book.venue} ${venue.capabilities.market}`;
    const own = markets.filter((it) => `${it.venue} ${it.market}` === kind);
    if (done.has(kind) || own.length === 0) continue;
    done.add(kind);
    // Once for all of them: what the client holds may be as old as its process.
    const renewed = await venue.instruments([], { fresh: true });
    if (!renewed.ok) {
      failures.push(`${renewed.error.code}: ${kind}: ${renewed.error.message}`);
      continue;
    }
    for (const market of own) {
      const outcome = await refreshOne(ports, venue, market);
      total.compared += 1;
      if (outcome === 'changed') total.changed.push(market.marketKey);
      if (outcome === 'gone') total.gone.push(market.marketKey);
    }
  }
  if (failures.length > 0)
    throw new Error(`Rules of markets could not be read: ${failures.join('; ')}`);
  return total;
}

/** The account of a book, where it has one in this process: a paper book in the cloud trades nowhere. */
async function venueHere(ports: ExecutionPorts, book: BookDoc): Promise<Venue | undefined> {
  try {
    return await ports.venueOf(book);
  } catch (error) {
    ports.log.warn('a book has no venue here', { bookId: book.bookId, cause: String(error) });
    return undefined;
  }
}

async function refreshOne(
  ports: ExecutionPorts,
  venue: Venue,
  known: MarketDoc,
): Promise<'same' | 'changed' | 'gone'> {
  const { symbol } = known;
  const read = await withRetries(ports, () => venue.instruments([symbol]), resultFailure);
  if (!read.ok && read.error.code !== 'BadSymbol') {
    ports.log.warn('rules of a market could not be read', { symbol, code: read.error.code });
    return 'same';
  }
  const [instrument] = read.ok ? read.value : [];
  if (instrument === undefined) {
    await tell(ports, known, 'it is not listed there any more: nothing can be traded in it');
    return 'gone';
  }
  const changes = changesOf(known, instrument);
  if (changes.length === 0) return 'same';
  await takeOver(ports, known.marketKey, instrument);
  await tell(ports, known, `its rules are others now: ${changes.join(', ')}`);
  return 'changed';
}

function changesOf(known: Instrument, now: Instrument): readonly string[] {
  const rules = RULES.filter((rule) => known[rule] !== now[rule]).map(
    (rule) => `${rule} ${formatDecimal(known[rule])} becomes ${formatDecimal(now[rule])}`,
  );
  const { maxLeverage = known.maxLeverage } = now;
  return maxLeverage === known.maxLeverage
    ? rules
    : [
        ...rules,
        `maxLeverage ${known.maxLeverage ?? 'unknown'} becomes ${maxLeverage ?? 'unknown'}`,
      ];
}

function takeOver(
  { store, clock }: ExecutionPorts,
  marketKey: string,
  { tickSize, lotSize, minQty, minNotional, maxLeverage }: Instrument,
): Promise<void> {
  return store.transact(async (tx) => {
    const known = await tx.get(paths.market(marketKey), marketDoc);
    if (known === undefined) return;
    const limit = maxLeverage === undefined ? {} : { maxLeverage };
    const rules = { tickSize, lotSize, minQty, minNotional, ...limit };
    const updatedAt = clock.wallNow();
    tx.set(paths.market(marketKey), marketDoc, { ...known, ...rules, updatedAt });
  });
}

async function tell(
  { store, clock }: ExecutionPorts,
  { marketKey, symbol, venue }: MarketDoc,
  words: string,
): Promise<void> {
  await raiseAlert(store, {
    rule: 'instrument_changed',
    severity: 'WARNING',
    message: `${symbol} at ${venue}: ${words}.`,
    details: { marketKey, words },
    bookId: null,
    symbol,
    now: clock.wallNow(),
  });
}
