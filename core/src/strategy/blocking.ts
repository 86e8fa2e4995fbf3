/**
 * Why a strategy does not trade: the closed list of 03, section 9, and `no_signal`, for rules that simply do not
 * hold on this bar; and `opposite_side`, for futures (docs/adr/0050). Dashboards have a text for each.
 */
export const BLOCKING_REASONS = [
  'warmup',
  'no_signal',
  'stale_data',
  'low_data_quality',
  'low_confidence',
  'not_confirmed',
  'temperature_too_low',
  'trade_step',
  'cooldown',
  'pending_order',
  'symbol_cooldown',
  'symbol_rate_limit',
  'daily_trade_limit',
  'pattern_block',
  'max_positions',
  'insufficient_balance',
  'min_notional',
  'budget_exhausted',
  'concentration',
  'allocation',
  'daily_loss',
  'drawdown',
  'volatility',
  'margin',
  'leverage',
  'opposite_side',
  'slippage',
  'portfolio_health',
  'breaker_open',
  'order_rate',
  'paused',
  'disabled',
  'execution_disabled',
  'mode_restriction',
  'session_closed',
  'halted',
  'price_conflict',
  'clock_skew',
  'stop_out_of_band',
  'nothing_to_sell',
  'strategy_error',
  'emergency_stop',
] as const;
export type BlockingReason = (typeof BLOCKING_REASONS)[number];

/** What stands in the way, in numbers and words. */
export type Block = { readonly reason: BlockingReason; readonly detail: string };
