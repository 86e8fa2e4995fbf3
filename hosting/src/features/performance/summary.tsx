import type { UnverifiedOrder } from '@tradewind/core/order/unverified';
import { classes } from '../../components/classes.ts';
import { Aging, Notice } from '../../components/panel.tsx';
import { Time } from '../../components/time.tsx';
import { toneOf, type Tone } from '../../components/tone.ts';
import { formatMoney, formatNumber, formatPercent, formatPnl, UNKNOWN } from '../../lib/format.ts';
import styles from './summary.module.css';
import type { SummaryView } from './summary-view.ts';

type Card = {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly tone: Tone;
};

function cards(view: SummaryView): readonly Card[] {
  const { quote } = view;
  const trips = view.roundTrips;
  return [
    {
      name: 'Equity',
      value: formatMoney(view.equity, quote),
      note: view.equity === undefined ? 'needs a price for everything held' : 'cash and holdings',
      tone: 'neutral',
    },
    {
      name: 'P&L total',
      value: formatPnl(view.total, quote),
      note: formatPercent(view.totalPct),
      tone: toneOf(view.total),
    },
    {
      name: 'P&L today',
      value: formatPnl(view.today, quote),
      note:
        view.today === undefined
          ? `needs the ${view.equity === undefined ? 'equity' : 'day’s opening'}`
          : `${formatPercent(view.todayPct)} since 00:00 UTC`,
      tone: toneOf(view.today),
    },
    {
      name: 'Unrealised',
      value: formatPnl(view.unrealized, quote),
      note: `realised ${formatPnl(view.realized, quote)}`,
      tone: toneOf(view.unrealized),
    },
    { name: 'Fees', value: formatMoney(view.fees, quote), note: 'all fills', tone: 'neutral' },
    {
      name: 'Win rate',
      value: view.winRatePct === undefined ? UNKNOWN : `${formatNumber(view.winRatePct, 2)} %`,
      note:
        trips === undefined || trips === 0
          ? 'needs a closed trade'
          : `${view.wins ?? 0} of ${trips} round ${trips === 1 ? 'trip' : 'trips'} won`,
      tone: 'neutral',
    },
  ];
}

const CAUSES: Readonly<Record<UnverifiedOrder['cause'], string>> = {
  noVenueId: 'the venue has not named it',
  noFills: 'the venue shows no fill of it',
  sizeAssumed: 'the venue does not say what its size is counted in',
};

/** What is to be known before any of the figures. */
function Notices({ view: { frozen, unverified, quote } }: { readonly view: SummaryView }) {
  const { orders } = unverified;
  const [first] = orders;
  return (
    <>
      {frozen !== null && (
        <Notice>
          Figures are frozen since <Time at={frozen.at} />: {frozen.reason}. Nothing is entered
          until a check of the ledger finds none of it.
        </Notice>
      )}
      {first !== undefined && (
        <Notice>
          {orders.length} unverified {orders.length === 1 ? 'order' : 'orders'} worth{' '}
          {formatMoney(unverified.quote, quote)}, in none of these figures: {first.symbol}{' '}
          {first.orderId}, {CAUSES[first.cause]}
          {orders.length > 1 && `, and ${orders.length - 1} more`}.
        </Notice>
      )}
    </>
  );
}

/** The book at a glance. */
export function Summary({ view }: { readonly view: SummaryView }) {
  return (
    <section aria-label="Performance summary">
      <Notices view={view} />
      <Aging stale={view.stale}>
        <dl className={styles['cards']}>
          {cards(view).map(({ name, value, note, tone }) => (
            <div key={name} className={styles['card']}>
              <dt>{name}</dt>
              <dd className={classes(styles[tone])}>
                {value}
                <small>{note}</small>
              </dd>
            </div>
          ))}
        </dl>
      </Aging>
    </section>
  );
}
