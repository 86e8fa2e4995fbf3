import type { OrderDoc, SignalDoc } from '@tradewind/contracts/documents/execution';
import type { Price } from '@tradewind/core/lib/units';
import { X } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Time } from '../../components/time.tsx';
import { blockingWords } from '../../lib/blocking-text.ts';
import { closeWords } from '../../lib/close-reason.ts';
import { formatNumber, formatPrice, formatQty } from '../../lib/format.ts';
import styles from './chart-panel.module.css';

/** What a marker stands for. */
export type Marked =
  | { readonly kind: 'signal'; readonly signal: SignalDoc }
  | { readonly kind: 'order'; readonly order: OrderDoc };

/** Finds what a marker's id stands for. */
export function markedOf(
  id: string | null,
  facts: { readonly signals: readonly SignalDoc[]; readonly orders: readonly OrderDoc[] },
): Marked | null {
  const signal = facts.signals.find(({ signalId }) => id === `signal:${signalId}`);
  if (signal !== undefined) return { kind: 'signal', signal };
  const order = facts.orders.find(({ orderId }) => id === `order:${orderId}`);
  return order === undefined ? null : { kind: 'order', order };
}

function factsOf(marked: Marked, tick: Price | undefined) {
  if (marked.kind === 'order') {
    const { order } = marked;
    return [
      ['Time', <Time key="t" at={order.filledAt ?? order.createdAt} />],
      ['Why', order.closeReason === null ? 'order' : closeWords(order.closeReason)],
      [
        'Filled',
        `${order.side} ${formatQty(order.filledQuantity)} at ${formatPrice(order.averagePrice, tick)}`,
      ],
    ] as const;
  }
  const { signal } = marked;
  return [
    ['Time', <Time key="t" at={signal.decidedAt} />],
    ['Strategy', signal.strategyId],
    ['Confidence', `${formatNumber(signal.confidence * 100, 2)} %`],
    ['Price', formatPrice(signal.expectedPrice, tick)],
    [
      'Outcome',
      signal.executionStatus.toLowerCase() +
        (signal.rejectionReason === null ? '' : `: ${blockingWords(signal.rejectionReason)}`),
    ],
    ['Reasons', signal.reasons.join(' · ')],
    [
      'Indicators',
      Object.entries(signal.indicatorValues)
        .map(([name, value]) => `${name} ${formatNumber(value, 4)}`)
        .join(' · '),
    ],
  ] as const;
}

/** Details of the marker that was clicked (UI-22). */
export function MarkerCard({
  marked,
  tick,
  onClose,
}: {
  readonly marked: Marked;
  readonly tick: Price | undefined;
  readonly onClose: () => void;
}) {
  const title =
    marked.kind === 'signal'
      ? `${marked.signal.signalType} ${marked.signal.action.toLowerCase()} ${marked.signal.direction.toLowerCase()}`
      : `${marked.order.side} ${marked.order.symbol}`;
  return (
    <div className={styles['card']} role="status">
      <div className={styles['cardHead']}>
        {title}
        <Button variant="ghost" small icon aria-label="Close marker details" onClick={onClose}>
          <X size={14} aria-hidden />
        </Button>
      </div>
      <Facts facts={factsOf(marked, tick)} />
      <a href={marked.kind === 'signal' ? '#/signals' : '#/orders'}>
        {marked.kind === 'signal' ? 'All signals' : 'All orders'}
      </a>
    </div>
  );
}
