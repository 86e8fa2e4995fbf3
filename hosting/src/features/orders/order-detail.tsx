import {
  fillDoc,
  intentDoc,
  type IntentDoc,
  type OrderDoc,
} from '@tradewind/contracts/documents/execution';
import type { Price } from '@tradewind/core/lib/units';
import { CircleCheck, CircleDashed } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { CommandOutcome } from '../../components/command-outcome.tsx';
import { Facts } from '../../components/facts.tsx';
import { Analysis, type BeforeAfter } from '../../components/order-analysis.tsx';
import { Faults } from '../../components/panel.tsx';
import { Time } from '../../components/time.tsx';
import { formatMoney, formatPrice, formatQty } from '../../lib/format.ts';
import { closeWords } from '../../lib/close-reason.ts';
import { dataOf, oneOf } from '../../lib/loaded.ts';
import { targets } from '@tradewind/contracts/watch-targets';
import { useCommand } from '../../lib/use-command.ts';
import { useLoaded } from '../../lib/use-loaded.ts';
import styles from './order-detail.module.css';
import { orderLife } from './order-life.ts';

function Life({ order }: { readonly order: OrderDoc }) {
  return (
    <div>
      <h3>Life</h3>
      <ol className={styles['steps']}>
        {orderLife(order.marks).map(({ name, at, afterMs }) => (
          <li key={name} className={styles['step']}>
            {at === null ? (
              <CircleDashed size={13} className={styles['muted']} aria-label="not reached" />
            ) : (
              <CircleCheck size={13} className={styles['pass']} aria-label="reached" />
            )}
            <span>
              {name} {afterMs !== null && <span className={styles['muted']}>+{afterMs} ms</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Fills({
  order,
  quote,
  tick,
}: {
  readonly order: OrderDoc;
  readonly quote: string;
  readonly tick: Price | undefined;
}) {
  const fills = useLoaded(targets.fills(order.bookId, order.orderId), fillDoc);
  return (
    <div>
      <h3>Fills</h3>
      {fills.status === 'error' && (
        <p className={styles['bad']}>Fills unavailable: {fills.message}</p>
      )}
      {fills.status === 'pending' && <p className={styles['muted']}>Loading…</p>}
      {fills.status === 'ready' && <Faults faults={fills.faults} />}
      <ul className={styles['steps']}>
        {dataOf(fills).map((fill) => (
          <li key={fill.fillId}>
            {formatQty(fill.quantity)} at {formatPrice(fill.price, tick)}{' '}
            <span className={styles['muted']}>fee {formatMoney(fill.feeQuote, quote)}</span>
          </li>
        ))}
      </ul>
      {fills.status === 'ready' && fills.data.length === 0 && (
        <p className={styles['muted']}>None.</p>
      )}
    </div>
  );
}

/** What is known of an order by now: of what has not ended, what is expected. */
const beforeAfter = (order: OrderDoc, intent: IntentDoc | undefined): BeforeAfter | null => {
  if (order.analysis !== null && order.analysis !== undefined) return order.analysis;
  const expected = intent?.expected;
  return expected === undefined ? null : { expected, actual: null, deviations: [] };
};

function Checks({
  order,
  quote,
  tick,
}: {
  readonly order: OrderDoc;
  readonly quote: string;
  readonly tick: Price | undefined;
}) {
  const intents = useLoaded(targets.intent(order.bookId, order.intentId), intentDoc);
  const intent = oneOf(intents);
  return (
    <>
      <Analysis
        title="Expected and actual"
        of={beforeAfter(order, intent)}
        quote={quote}
        tick={tick}
      />
      <div>
        <h3>Checks before it was sent</h3>
        {intents.status === 'error' && (
          <p className={styles['bad']}>Checks unavailable: {intents.message}</p>
        )}
        {intents.status === 'ready' && <Faults faults={intents.faults} />}
        <ul className={styles['checks']}>
          {(intent?.checks ?? []).map(({ check, verdict, value, limit }) => (
            <li key={check}>
              <span className={styles[verdict]}>{verdict}</span> {check.replaceAll('_', ' ')}{' '}
              <span className={styles['muted']}>
                {[value, limit === null ? null : `limit ${limit}`]
                  .filter((text) => text !== null)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function CancelButton({
  order,
  disabled,
}: {
  readonly order: OrderDoc;
  readonly disabled: boolean;
}) {
  const { state, run } = useCommand('cancelOrder');
  return (
    <>
      <Button
        small
        disabled={disabled || state.kind === 'running'}
        onClick={() => {
          void run((commandId) => ({ commandId, bookId: order.bookId, orderId: order.orderId }));
        }}
      >
        {state.kind === 'running' ? 'Cancelling…' : 'Cancel order'}
      </Button>
      <CommandOutcome state={state} />
    </>
  );
}

/** Everything of one order; its fills and checks are listened to only while it is open (UI-53). */
export function OrderDetail({
  order,
  tick,
  quote,
  cancel,
}: {
  readonly order: OrderDoc;
  readonly tick: Price | undefined;
  readonly quote: string;
  /** `null` when it cannot be cancelled, or not by this person. */
  readonly cancel: { readonly disabled: boolean } | null;
}) {
  return (
    <div className={styles['detail']}>
      <div>
        <h3>Order</h3>
        <Facts
          facts={[
            ['Created', <Time key="t" at={order.createdAt} />],
            ['Kind', `${order.action} ${order.type} ${order.timeInForce}`],
            ['Quantity', `${formatQty(order.filledQuantity)} of ${formatQty(order.quantity)}`],
            ['Expected', formatPrice(order.expectedPrice, tick)],
            ['Average', formatPrice(order.averagePrice, tick)],
            ...(order.stopPrice === null
              ? []
              : ([['Stop at', formatPrice(order.stopPrice, tick)]] as const)),
            ['Fees', formatMoney(order.fees, quote)],
            [
              'Reason',
              order.rejectionReason ??
                (order.closeReason === null ? 'entry' : closeWords(order.closeReason)),
            ],
            [
              'Order id',
              <span key="o" className={styles['mono']}>
                {order.orderId}
              </span>,
            ],
            [
              'Venue id',
              <span key="v" className={styles['mono']}>
                {order.venueOrderId ?? '–'}
              </span>,
            ],
          ]}
        />
        {cancel !== null && <CancelButton order={order} disabled={cancel.disabled} />}
      </div>
      <Life order={order} />
      <Fills order={order} quote={quote} tick={tick} />
      <Checks order={order} quote={quote} tick={tick} />
    </div>
  );
}
