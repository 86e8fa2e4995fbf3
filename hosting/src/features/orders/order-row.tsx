import type { EpochMs } from '@tradewind/core/lib/time';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import { classes } from '../../components/classes.ts';
import { cellClass } from '../../components/table.tsx';
import table from '../../components/table.module.css';
import { Time } from '../../components/time.tsx';
import { UnfoldingRow } from '../../components/unfolding-row.tsx';
import { closeWords } from '../../lib/close-reason.ts';
import { fixed, formatNumber, formatPrice, formatQty, UNKNOWN } from '../../lib/format.ts';
import { slippageTone, type OrderRow } from './orders-view.ts';

const signed = (text: string, value: number | bigint): string => (value > 0 ? `+${text}` : text);

/** Quote and percent; exactly 0 is a figure, not a gap (UI-52). */
function SlippageCell({ row }: { readonly row: OrderRow }) {
  if (row.slippage === undefined) return <>{UNKNOWN}</>;
  const { quote, pct } = row.slippage;
  return (
    <span className={table[slippageTone(pct)]}>
      {signed(fixed(quote, 2), quote)}{' '}
      <span className={table['muted']}>{signed(formatNumber(pct, 3), pct)} %</span>
    </span>
  );
}

function SideWord({ side }: { readonly side: 'BUY' | 'SELL' }) {
  const Icon = side === 'BUY' ? ArrowUp : ArrowDown;
  return (
    <span className={table[side === 'BUY' ? 'positive' : 'negative']}>
      <Icon size={13} aria-hidden /> <span className={table['sparse']}>{side}</span>
    </span>
  );
}

export function OrderLine({
  row,
  now,
  strategy,
  detail,
}: {
  readonly row: OrderRow;
  readonly now: EpochMs;
  readonly strategy: string;
  readonly detail: () => ReactNode;
}) {
  const { order } = row;
  const medium = cellClass({ from: 'medium' });
  const wide = cellClass({ from: 'wide' });
  const number = cellClass({ number: true });
  return (
    <UnfoldingRow
      data-order-id={order.orderId}
      data-order-status={order.status}
      label={`Details of order ${order.orderId}`}
      columns={11}
      detail={detail}
    >
      <td className={medium}>
        <Time at={order.createdAt} reference={now} />
      </td>
      <td className={table['strong']}>{order.symbol}</td>
      <td className={wide}>{strategy}</td>
      <td>
        <SideWord side={order.side} />
      </td>
      <td className={classes(number, medium)}>{formatQty(order.quantity)}</td>
      <td className={number}>{formatPrice(row.price, row.tick)}</td>
      <td className={classes(number, medium)}>
        <SlippageCell row={row} />
      </td>
      <td className={classes(number, wide)}>
        {row.ackMs === undefined ? UNKNOWN : `${row.ackMs} ms`}
      </td>
      <td>
        <Badge tone={row.tone}>{row.word}</Badge>
      </td>
      <td className={classes(wide, table['wrap'], table['muted'])}>
        {order.rejectionReason ?? closeWords(order.closeReason)}
      </td>
    </UnfoldingRow>
  );
}
