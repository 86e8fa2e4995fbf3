import { bookMarket, type PositionDoc } from '@tradewind/contracts/documents/book';
import { chunkDoc } from '@tradewind/contracts/documents/market';
import { marginDoc, marginKey, type MarginDoc } from '@tradewind/contracts/documents/risk';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { addMoney, toNumber } from '@tradewind/core/lib/units';
import { marginHealth, REDUCE_SHARE } from '@tradewind/core/risk/margin-health';
import { marginStep, type MarginStep } from '@tradewind/core/risk/margin-watch';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { VenuePosition } from '../venue/venue.ts';
import { exitPosition } from './exit-position.ts';
import { closeEach, type Look, type Seen } from './monitor-look.ts';
import { urgentVenue, type ExecutionPorts } from './ports.ts';
import { resultFailure, withRetries } from './venue-calls.ts';

/** After this nobody knows any more how the margin of a book stands, and nothing is entered. */
const MAX_AGE_MS = 120_000;
/** Range of a minute, as whoever closes candles writes it beside them (RSK-104). */
const MINUTE_RANGE = 'ATR_14@1m';

/** ATR of a minute in quote per base; `null` where nobody has written it. */
async function minuteRange(
  { store }: ExecutionPorts,
  marketKey: string,
  { marketNow }: Seen,
): Promise<number | null> {
  const chunk = await store.get(paths.chunk(marketKey, chunkId(marketNow)), chunkDoc);
  return chunk?.analytics?.readings[MINUTE_RANGE] ?? null;
}

type Judged = {
  readonly held: PositionDoc;
  readonly venue: VenuePosition;
  readonly health: number | null;
  readonly step: MarginStep;
};

async function judge(
  ports: ExecutionPorts,
  seen: Seen,
  read: {
    readonly known: MarginDoc | undefined;
    readonly held: PositionDoc;
    readonly venue: VenuePosition;
  },
): Promise<Judged> {
  const { known, held, venue } = read;
  const health = marginHealth({
    balance: addMoney(venue.margin, venue.unrealizedPnl),
    maintenance: venue.maintenanceMargin,
    initial: venue.initialMargin,
  });
  const atr = await minuteRange(ports, held.marketKey, seen);
  const { liquidationPrice, markPrice } = venue;
  const distance =
    liquidationPrice === null ? null : Math.abs(toNumber(markPrice) - toNumber(liquidationPrice));
  const step = marginStep(known?.positions[marginKey(held)], {
    health,
    liquidation: distance === null || atr === null ? null : { distance, atr },
    now: seen.wallNow,
  });
  return { held, venue, health, step };
}

/**
 * Looks at the margin of every future that a book holds, as the venue tells it, and acts before it is remembered
 * (RSK-103): tells people, sells half of a position, or all of it, before the venue does. What the venue does not tell
 * is not known: the last look ages, and with it entries end.
 */
export async function watchMargin(ports: ExecutionPorts, look: Look, seen: Seen): Promise<void> {
  const { book, positions } = seen;
  if (bookMarket(book) !== 'futures') return;
  if (positions.length === 0) {
    look.onMargin?.(new Map());
    return;
  }
  const venue = await urgentVenue(ports, book);
  const read = await withRetries(ports, () => venue.positions(), resultFailure);
  if (!read.ok) {
    ports.log.warn('margin is not known', { bookId: book.bookId, code: read.error.code });
    look.onMargin?.(new Map());
    return;
  }
  const path = paths.riskMargin(book.bookId);
  const known = await ports.store.get(path, marginDoc);
  const judged = new Map<string, Judged>();
  for (const held of positions) {
    const there = read.value.find((one) => marginKey(one) === marginKey(held));
    // What the venue does not hold is for the comparison to settle.
    if (there !== undefined && !judged.has(marginKey(held)))
      judged.set(marginKey(held), await judge(ports, seen, { known, held, venue: there }));
  }
  look.onMargin?.(worstOf([...judged.values()]));
  for (const each of judged.values()) await act(ports, look, { seen, each });
  await ports.store.set(path, marginDoc, {
    bookId: book.bookId,
    at: seen.wallNow,
    positions: Object.fromEntries([...judged].map(([key, each]) => [key, recordOf(each)])),
    maxAgeMs: MAX_AGE_MS,
  });
}

/** The worst known health of each symbol. */
function worstOf(judged: readonly Judged[]): ReadonlyMap<string, number> {
  const worst = new Map<string, number>();
  for (const { held, health } of judged)
    if (health !== null)
      worst.set(held.symbol, Math.min(health, worst.get(held.symbol) ?? Infinity));
  return worst;
}

const recordOf = ({ held, venue, health, step }: Judged): MarginDoc['positions'][string] => ({
  ...{ symbol: held.symbol, side: held.side, health },
  ...step.watch,
  markPrice: venue.markPrice,
  liquidationPrice: venue.liquidationPrice,
  margin: venue.margin,
  maintenanceMargin: venue.maintenanceMargin,
  unrealizedPnl: venue.unrealizedPnl,
});

async function act(
  ports: ExecutionPorts,
  look: Look,
  { seen, each }: { readonly seen: Seen; readonly each: Judged },
): Promise<void> {
  const { step } = each;
  const alike = seen.positions.filter((position) => marginKey(position) === marginKey(each.held));
  if (step.close) await closeEach(ports, look, { positions: alike, reason: 'health' });
  else if (step.reduce) for (const position of alike) await reduce(ports, look, position);
  if (step.tell !== null) await tell(ports, seen, each);
}

async function reduce(ports: ExecutionPorts, look: Look, position: PositionDoc): Promise<void> {
  const { bookId, positionId, marketKey, averageEntry, symbol } = position;
  const price = look.prices.get(marketKey) ?? averageEntry;
  const wish = { bookId, positionId, marketKey, price, reason: 'health', fast: true } as const;
  const result = await exitPosition(ports, { ...wish, share: REDUCE_SHARE });
  ports.log.info('a position is reduced for its margin', { bookId, symbol, result: result.kind });
}

async function tell(
  { store }: ExecutionPorts,
  { book, wallNow }: Seen,
  { held, health, venue, step }: Judged,
): Promise<void> {
  const { symbol, side } = held;
  const at =
    venue.liquidationPrice === null ? 'no price' : String(toNumber(venue.liquidationPrice));
  const isDanger = step.tell === 'danger';
  await raiseAlert(store, {
    rule: isDanger ? 'LIQUIDATION_RISK' : 'MARGIN_LOW',
    severity: 'CRITICAL',
    message: `Margin health of ${symbol} ${side} is ${health?.toFixed(2) ?? 'not known'}: the venue liquidates it at ${at}. ${
      isDanger
        ? 'It is being closed at the market.'
        : step.watch.reduced
          ? 'Half of it was sold.'
          : 'Make it smaller, or add margin.'
    }`,
    details: { health: String(health ?? ''), liquidationPrice: at, action: step.watch.action },
    bookId: book.bookId,
    symbol,
    label: marginKey(held),
    now: wallNow,
  });
}
