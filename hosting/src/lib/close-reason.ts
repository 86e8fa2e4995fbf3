import type { CloseReason } from '@tradewind/core/order/intent';

const WORDS: Readonly<Record<CloseReason, string>> = {
  ZE1: 'bot’s exit',
  E1: 'protection',
  trailing_stop: 'trailing stop',
  stop_loss: 'stop loss',
  take_profit: 'take profit',
  hold_time: 'held too long',
  dump: 'price dump',
  correlated_dump: 'correlated dump',
  health: 'health',
  circuit_breaker: 'circuit breaker',
  allocation: 'allocation',
  manual: 'by hand',
  emergency: 'emergency stop',
  liquidation: 'liquidated by the venue',
  external_close: 'closed at the venue',
  unknown_close: 'closed, reason unknown',
  session_stop: 'session stopped',
  reversal: 'reversal',
};

/** Why a position was closed, in words; text that is not of the list is shown as it is. */
export const closeWords = (reason: CloseReason | null): string =>
  reason === null ? '' : WORDS[reason];
