import { signalDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { formatDecimal } from '@tradewind/core/lib/units';
import * as z from 'zod';
import { callJson } from '../lib/http.ts';
import { spread, type Spread } from '../lib/stats.ts';
import { bookPnl, countOrders, pricesByMarket, readBook } from './book-figures.ts';
import { marketOf, type Desk } from './desk.ts';
import { isSimulated } from './feed.ts';
import type { Observer } from './observe.ts';
import type { Probes } from './probes.ts';
import { BOOK } from './seed.ts';

const account = z.looseObject({
  prices: z.record(z.string(), z.string().nullable()),
  pnlQuote: z.string().nullable(),
  futures: z.looseObject({ pnlQuote: z.string() }),
});

/** What a headless run reports: the figures of `docs/figures.md`. */
export type Summary = {
  readonly ok: boolean;
  readonly feed: string;
  readonly market: 'spot' | 'futures';
  readonly simulated: boolean;
  readonly cycles: number;
  readonly signals: number;
  readonly orders: ReturnType<typeof countOrders>;
  readonly fills: number;
  readonly emails: number;
  readonly alerts: number;
  readonly positions: number;
  readonly roundTrips: number;
  readonly pnlQuote: string;
  readonly venuePnlQuote: string | null;
  readonly ackMs: Spread | null;
  readonly visibleMs: Spread | null;
  readonly bareAckMs: Spread | null;
  readonly bareVisibleMs: Spread | null;
  readonly firestore: { readonly reads: number; readonly writes: number };
  readonly errors: readonly string[];
};

/** Signal document written to order acknowledged by the venue. */
const ackOf = ({ marks }: OrderDoc): readonly number[] =>
  marks.signalAt === null || marks.ackAt === null ? [] : [marks.ackAt - marks.signalAt];

async function latencies(
  orders: readonly OrderDoc[],
  probes: Probes,
  observer: Observer | undefined,
) {
  const bareAckMs = spread(await probes.ackMs());
  const ackMs = spread(orders.flatMap(ackOf));
  if (observer === undefined) return { ackMs, visibleMs: null, bareAckMs, bareVisibleMs: null };
  const seen = await observer.orders();
  const visible = orders.flatMap(({ orderId, marks }) => {
    const at = seen[orderId];
    return at === undefined || marks.signalAt === null ? [] : [at - marks.signalAt];
  });
  const bareVisibleMs = spread(probes.visibleMs(await observer.probes()));
  return { ackMs, visibleMs: spread(visible), bareAckMs, bareVisibleMs };
}

async function countAll({ store }: Desk) {
  const { firestore } = store;
  const count = async (path: string): Promise<number> =>
    (await firestore.collection(path).count().get()).data().count;
  const [signals, alerts, roundTrips, deadLetters, fills] = await Promise.all([
    count(paths.signals(BOOK)),
    count(paths.alerts),
    count(paths.trades(BOOK)),
    count(paths.deadLetters),
    firestore.collectionGroup('fills').count().get(),
  ]);
  return { signals, alerts, roundTrips, deadLetters, fills: fills.data().count };
}

/** Signals that were created and never decided, which a settled desk does not have. */
async function undecided({ store }: Desk): Promise<number> {
  const pending = store.firestore
    .collection(paths.signals(BOOK))
    .where('executionStatus', '==', 'PENDING');
  return (await store.query(pending, signalDoc)).length;
}

/** Gathers the figures of a desk whose clock was stopped and whose orders have settled. */
export async function summarize(
  desk: Desk,
  watched: { readonly probes: Probes; readonly observer: Observer | undefined },
): Promise<Summary> {
  const { plan, store } = desk;
  const market = marketOf(plan);
  const venue = account.parse(
    await callJson({ method: 'GET', port: plan.ports.sandbox, path: '/admin/account' }),
  );
  const { book, positions, orders } = await readBook(store, BOOK);
  const { pnl, byHoldings } = bookPnl(book, positions, pricesByMarket(venue.prices, market));
  const venuePnlQuote = market === 'spot' ? venue.pnlQuote : venue.futures.pnlQuote;
  const counts = await countAll(desk);
  const pnlQuote = formatDecimal(pnl);
  const restarts = desk.worker?.restarts() ?? 0;
  const pending = await undecided(desk);
  const faults = [
    ...desk.watch.errors(),
    ...desk.driver.failures(),
    ...(counts.deadLetters > 0 ? [`${counts.deadLetters} dead letters`] : []),
    ...(restarts > 0 ? [`the worker had to be started again ${restarts} times`] : []),
    ...(pending > 0 ? [`${pending} signals were never decided`] : []),
    ...(pnl === byHoldings
      ? []
      : [
          `the ledger contradicts itself: P&L ${pnlQuote}, by holdings ${formatDecimal(byHoldings)}`,
        ]),
    ...(pnlQuote === venuePnlQuote
      ? []
      : [`the ledger's P&L is ${pnlQuote}, the venue's ${venuePnlQuote ?? 'unknown'}`]),
  ];
  return {
    ok: faults.length === 0,
    feed: plan.feed.name,
    market,
    simulated: isSimulated(plan.feed),
    cycles: desk.driver.runs()['runCycle'] ?? 0,
    orders: countOrders(orders),
    signals: counts.signals,
    fills: counts.fills,
    alerts: counts.alerts,
    roundTrips: counts.roundTrips,
    emails: desk.mailbox.mails().length,
    positions: positions.length,
    pnlQuote,
    venuePnlQuote,
    ...(await latencies(orders, watched.probes, watched.observer)),
    firestore: desk.watch.usage(),
    errors: faults,
  };
}
