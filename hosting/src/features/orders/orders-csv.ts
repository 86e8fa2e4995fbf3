import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { formatDecimal } from '@tradewind/core/lib/units';

/** Text that a spreadsheet reads as text: quoted, and never as a formula. */
const cell = (value: string): string => {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?\d/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const COLUMNS: readonly (readonly [string, (order: OrderDoc) => string])[] = [
  ['created_utc', (o) => new Date(o.createdAt).toISOString()],
  ['order_id', (o) => o.orderId],
  ['symbol', (o) => o.symbol],
  ['strategy', (o) => o.strategyId],
  ['action', (o) => o.action],
  ['type', (o) => o.type],
  ['side', (o) => o.side],
  ['quantity', (o) => formatDecimal(o.quantity)],
  ['expected_price', (o) => formatDecimal(o.expectedPrice)],
  ['stop_price', (o) => (o.stopPrice === null ? '' : formatDecimal(o.stopPrice))],
  ['filled_quantity', (o) => formatDecimal(o.filledQuantity)],
  ['average_price', (o) => (o.averagePrice === null ? '' : formatDecimal(o.averagePrice))],
  ['fees', (o) => formatDecimal(o.fees)],
  ['slippage_pct', (o) => (o.slippagePct === null ? '' : String(o.slippagePct))],
  ['status', (o) => o.status],
  ['reason', (o) => o.rejectionReason ?? o.closeReason ?? ''],
];

/** The orders as CSV with exact decimals and UTC times. */
export const ordersCsv = (orders: readonly OrderDoc[]): string =>
  [
    COLUMNS.map(([name]) => name).join(','),
    ...orders.map((order) => COLUMNS.map(([, read]) => cell(read(order))).join(',')),
    '',
  ].join('\r\n');
