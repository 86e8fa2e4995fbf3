import { positionDoc } from '@tradewind/contracts/documents/book';
import {
  intentDoc,
  orderDoc,
  signalDoc,
  type IntentDoc,
} from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { reducibleQty } from '@tradewind/core/instrument/instrument';
import { addQty, minQty, ZERO_QTY, type Qty } from '@tradewind/core/lib/units';
import { decideSignal } from '@tradewind/core/order/decide-signal';
import { requotedPrice } from '@tradewind/core/order/price-guard';
import type { Venue } from '../venue/venue.ts';
import { endUnsent } from './claim-intent.ts';
import { contextOf, readGateLedger, valuedRisk, type GateLedger } from './gate-ledger.ts';
import type { ExecutionPorts } from './ports.ts';
import { instrumentOf, isEntry } from './records.ts';

/** What is to become of an order that has waited in the queue. */
export type Revalidated =
  /** It may be sent, an exit over `quantity`. */
  | { readonly kind: 'good'; readonly quantity?: Qty }
  | { readonly kind: 'ended'; readonly reason: string }
  /** Nothing can be said before the venue answers. */
  | { readonly kind: 'waiting' };

/**
 * Judges a queued order anew before it is sent: an entry passes the whole gate again (EXE-26), an exit sells
 * what the position and the venue still hold (EXE-27).
 */
export function revalidate(
  ports: ExecutionPorts,
  venue: Venue,
  intent: IntentDoc,
): Promise<Revalidated> {
  return isEntry(intent) ? revalidateEntry(ports, intent) : resizeExit(ports, venue, intent);
}

function revalidateEntry(ports: ExecutionPorts, queued: IntentDoc): Promise<Revalidated> {
  const { bookId, intentId, signalId } = queued;
  const { clock, settings, store } = ports;
  const { priceMaxAgeMs } = settings;
  return store.transact<Revalidated>(async (tx) => {
    const intent = await tx.get(paths.intent(bookId, intentId), intentDoc);
    if (intent?.status !== 'QUEUED') return { kind: 'good' };
    const asked = signalId === null ? null : paths.signal(bookId, signalId);
    const stored = asked === null ? undefined : await tx.get(asked, signalDoc);
    if (stored === undefined) return { kind: 'good' };
    const now = clock.marketNow();
    const ledger = await readGateLedger(ports, tx, {
      bookId,
      listed: [stored],
      status: 'EXECUTED',
    });
    const [signal] = ledger.signals;
    if (signal === undefined) return { kind: 'good' };
    const decision = decideSignal(
      signal,
      contextOf(ledger, signal, {
        now,
        risk: valuedRisk(ledger, { now, wallNow: clock.wallNow(), priceMaxAgeMs }),
        positions: ledger.positions,
        // Its own reservation is what it is judged for.
        workingIntents: ledger.intents.filter((other) => other.intentId !== intentId),
        priceMaxAgeMs,
      }),
    );
    if (decision.approved) {
      const quoted = quotedAnew(intent, ledger);
      if (quoted !== intent) tx.set(paths.intent(bookId, intentId), intentDoc, quoted);
      return { kind: 'good' };
    }
    const [{ reason, detail }] = decision.reasons;
    // The venue went away again: it waits on.
    if (reason === 'breaker_open') return { kind: 'waiting' };
    const order = await tx.get(paths.order(bookId, intent.orderId), orderDoc);
    const words = `expired in the order queue: ${reason}: ${detail}`;
    await endUnsent(ports, tx, { intent, order, reason: words });
    return { kind: 'ended', reason: words };
  });
}

/** An entry that the venue found too far from the market, with the worst price that it may get now. */
function quotedAnew(intent: IntentDoc, { prices, instruments, figures }: GateLedger): IntentDoc {
  const { requotes = 0, limitPrice, side, marketKey } = intent;
  const price = prices.get(marketKey)?.price;
  const instrument = instruments.get(marketKey);
  if (requotes === 0 || limitPrice === null || price === undefined || instrument === undefined)
    return intent;
  const { tickSize } = instrument;
  const { maxSlippagePct } = figures.limits;
  const next = requotedPrice({ side, limitPrice }, { price, tickSize, maxSlippagePct });
  return next === limitPrice
    ? intent
    : { ...intent, limitPrice: next, version: intent.version + 1 };
}

/** What the account holds of the intent's market; `undefined` when the venue does not say. */
async function heldAtVenue(
  venue: Venue,
  { symbol, direction }: IntentDoc,
): Promise<Qty | undefined> {
  if (venue.capabilities.positions === 'venue') {
    const open = await venue.positions();
    if (!open.ok) return undefined;
    const held = open.value.find((one) => one.symbol === symbol && one.side === direction);
    return held?.quantity ?? ZERO_QTY;
  }
  const balances = await venue.balances();
  if (!balances.ok) return undefined;
  const own = balances.value[symbol.split('-', 1)[0] ?? symbol];
  return own === undefined ? ZERO_QTY : addQty(own.free, own.used);
}

async function resizeExit(
  ports: ExecutionPorts,
  venue: Venue,
  intent: IntentDoc,
): Promise<Revalidated> {
  const { bookId, intentId, positionId, marketKey } = intent;
  const { store } = ports;
  const [position, market, held] = await Promise.all([
    positionId === null ? undefined : store.get(paths.position(bookId, positionId), positionDoc),
    store.get(paths.market(marketKey), marketDoc),
    heldAtVenue(venue, intent),
  ]);
  if (held === undefined || market === undefined) return { kind: 'waiting' };
  const isOpen = position !== undefined && position.status !== 'CLOSED';
  const most = isOpen ? minQty(minQty(intent.quantity, position.quantity), held) : ZERO_QTY;
  const tradable = reducibleQty(instrumentOf(market), most, intent.expectedPrice);
  if (tradable.ok) return { kind: 'good', quantity: tradable.value };
  const reason = isOpen
    ? 'expired in the order queue: the venue holds nothing of it that could be sold'
    : 'expired in the order queue: its position is closed';
  await store.transact(async (tx) => {
    const stored = await tx.get(paths.intent(bookId, intentId), intentDoc);
    if (stored?.status !== 'QUEUED') return;
    const order = await tx.get(paths.order(bookId, stored.orderId), orderDoc);
    await endUnsent(ports, tx, { intent: stored, order, reason });
  });
  return { kind: 'ended', reason };
}
