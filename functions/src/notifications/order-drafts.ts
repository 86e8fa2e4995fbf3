import type { BookDoc, PositionDoc, TradeDoc } from '@tradewind/contracts/documents/book';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { duration, shown, signed, signedPct, slippageText } from './figures.ts';
import type { Draft } from './notify.ts';

type Field = Draft['fields'][number];
const field = (label: string, value: string): Field => ({ label, value });
const quoteOf = (symbol: string): string => symbol.slice(symbol.indexOf('-') + 1);
const at = (ms: number): string => new Date(ms).toISOString();

const WORDS: Partial<Record<TradeDoc['exitReason'], string>> = { ZE1: 'the bot’s exit signal' };
const reasonWords = (reason: TradeDoc['exitReason']): string =>
  WORDS[reason] ?? reason.replaceAll('_', ' ');

/** Whose event it is, and the ids to find it by (NTF-47). */
const origin = (book: BookDoc) => ({
  bookId: book.bookId,
  mode: book.mode,
  simulated: book.origin !== 'live',
});
const ids = (order: OrderDoc): Field[] => [
  field('Strategy', order.strategyId),
  field('Order', order.orderId),
  ...(order.signalId === null ? [] : [field('Signal', order.signalId)]),
];
const execution = (order: OrderDoc): Field[] => [
  ...(order.averagePrice === null ? [] : [field('Average price', shown(order.averagePrice))]),
  field('Quantity', shown(order.filledQuantity)),
  field('Value', `${shown(order.filledQuote)} ${quoteOf(order.symbol)}`),
  field('Fees', `${shown(order.fees)} ${quoteOf(order.symbol)}`),
  ...(order.slippagePct === null ? [] : [field('Slippage', slippageText(order.slippagePct))]),
];

/** NTF-11, NTF-13: an entry has its first fill. */
export function openedDraft(
  order: OrderDoc,
  book: BookDoc,
  position: PositionDoc | undefined,
): Draft {
  const isMore = order.action === 'ADD';
  const direction = position?.side ?? (order.side === 'BUY' ? 'LONG' : 'SHORT');
  const protection =
    position === undefined
      ? []
      : [
          field('Stop loss', shown(position.protection.stopLoss)),
          field('Take profit', shown(position.protection.takeProfit)),
        ];
  return {
    kind: isMore ? 'position_increased' : 'position_opened',
    entity: order.orderId,
    state: 'first-fill',
    priority: 'INFO',
    subject: `Position ${isMore ? 'Increased' : 'Opened'}: ${direction} ${order.symbol}`,
    fields: [
      field('Symbol', order.symbol),
      field('Side', direction),
      ...execution(order),
      ...protection,
      ...ids(order),
      field('Position', order.positionId),
      field('Time', at(order.filledAt ?? order.createdAt)),
    ],
    ...origin(book),
  };
}

/** NTF-12: an order ended with a part of it filled. */
export const partialDraft = (order: OrderDoc, book: BookDoc): Draft => ({
  kind: 'partially_filled',
  entity: order.orderId,
  state: shown(order.filledQuantity),
  priority: 'INFO',
  subject: `Partially Filled: ${order.side} ${order.symbol}`,
  fields: [
    field('Filled', `${shown(order.filledQuantity)} of ${shown(order.quantity)}`),
    ...execution(order),
    field('Remainder', `${order.status.toLowerCase()}, not sent again`),
    ...ids(order),
    field('Time', at(order.filledAt ?? order.createdAt)),
  ],
  ...origin(book),
});

/** NTF-14, NTF-15: a position is closed; figures are the round trip's, net of all fees. */
export function closedDraft(
  trade: TradeDoc,
  book: BookDoc,
  facts: { readonly order: OrderDoc; readonly stopLossPct: number | undefined },
): Draft {
  const isOwnExit = trade.exitReason === 'ZE1' || trade.exitReason === 'manual';
  const cause = isOwnExit ? '' : ` (${reasonWords(trade.exitReason)})`;
  const quote = quoteOf(trade.symbol);
  const multiple =
    facts.stopLossPct === undefined
      ? []
      : [field('In units of risk', `${(trade.netPnlPct / facts.stopLossPct).toFixed(2)} R`)];
  return {
    kind: 'position_closed',
    entity: trade.tradeId,
    state: 'closed',
    priority: !isOwnExit && trade.outcome === 'loss' ? 'WARNING' : 'INFO',
    subject: `Position Closed${cause}: ${trade.side} ${trade.symbol} (${signedPct(trade.netPnlPct)})`,
    fields: [
      field('Net P&L', `${signed(trade.netPnl)} ${quote} (${signedPct(trade.netPnlPct)})`),
      ...multiple,
      field('Symbol', trade.symbol),
      field('Side', trade.side),
      field('Entry', shown(trade.entryPrice)),
      field('Exit', shown(trade.exitPrice)),
      field('Quantity', shown(trade.quantity)),
      field('Fees', `${shown(trade.fees)} ${quote}`),
      field('Held for', duration(trade.holdMs)),
      field('Reason', reasonWords(trade.exitReason)),
      ...ids(facts.order),
      field('Position', trade.tradeId),
      field('Time', at(trade.closedAt)),
    ],
    ...origin(book),
  };
}

export const isExit = ({ action }: OrderDoc): boolean => action === 'EXIT' || action === 'REDUCE';

/** NTF-16: nothing was bought or sold. A failed exit leaves a position open: act now. */
export const failedDraft = (order: OrderDoc, book: BookDoc): Draft => ({
  kind: 'order_failed',
  entity: order.orderId,
  state: order.status,
  priority: isExit(order) ? 'CRITICAL' : 'WARNING',
  subject: `Order Failed: ${order.side} ${order.symbol}`,
  fields: [
    field('Order', `${order.side} ${shown(order.quantity)} ${order.symbol} ${order.type}`),
    field('Outcome', order.status.replace('_', ' ').toLowerCase()),
    field('Reason', order.rejectionReason ?? 'the venue gave none'),
    ...(order.errorCode === null ? [] : [field('Code', order.errorCode)]),
    field(
      'Next step',
      isExit(order)
        ? 'The position is still open: look at it on the dashboard, close it there if need be.'
        : 'Nothing was bought; the bot decides again at its next bar.',
    ),
    ...ids(order),
    field('Time', at(order.createdAt)),
  ],
  ...origin(book),
});
