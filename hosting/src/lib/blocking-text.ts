import type { BlockingReason } from '@tradewind/core/strategy/blocking';

/** What stands in the way, and what would clear it. */
type BlockingText = { readonly what: string; readonly clears: string };

/** A text for every code of the closed list (UI-41); the numbers come with the block itself. */
export const BLOCKING_TEXT: Readonly<Record<BlockingReason, BlockingText>> = {
  warmup: { what: 'Warming up', clears: 'needs more closed candles for its indicators' },
  no_signal: {
    what: 'The rules do not hold on this bar',
    clears: 'when the market does what the strategy waits for',
  },
  stale_data: { what: 'Market data is too old', clears: 'clears when prices arrive again' },
  low_data_quality: {
    what: 'Market data has gaps',
    clears: 'clears when recent candles are complete',
  },
  low_confidence: { what: 'Not confident enough', clears: 'waits for a clearer signal' },
  not_confirmed: {
    what: 'Waiting for confirmation',
    clears: 'the signal has to last a while longer',
  },
  temperature_too_low: { what: 'Signal too weak', clears: 'waits for a stronger score' },
  trade_step: {
    what: 'Price too close to the last trade',
    clears: 'waits until the price has moved further',
  },
  cooldown: { what: 'Cooling down after a trade', clears: 'ends by itself' },
  pending_order: { what: 'An order is still working', clears: 'waits for that order to end' },
  symbol_cooldown: { what: 'This symbol is cooling down', clears: 'ends by itself' },
  symbol_rate_limit: { what: 'Too many entries in this symbol', clears: 'clears within the hour' },
  daily_trade_limit: { what: 'Daily number of trades reached', clears: 'starts anew at 00:00 UTC' },
  pattern_block: {
    what: 'This pattern lost too often',
    clears: 'stays blocked until its block expires',
  },
  max_positions: {
    what: 'Largest number of positions held',
    clears: 'waits for a position to close',
  },
  insufficient_balance: {
    what: 'Not enough free balance',
    clears: 'needs a deposit or a closed position',
  },
  min_notional: { what: 'Order below the venue’s minimum', clears: 'raise the position size' },
  budget_exhausted: {
    what: 'The strategy’s budget is used up',
    clears: 'waits for a position to close',
  },
  concentration: { what: 'Too much in one symbol', clears: 'waits for that exposure to shrink' },
  allocation: {
    what: 'Allocation of this class is full',
    clears: 'waits for other positions to close',
  },
  daily_loss: { what: 'Daily loss limit reached', clears: 'starts anew at 00:00 UTC' },
  drawdown: { what: 'Drawdown limit reached', clears: 'needs a review before trading goes on' },
  volatility: { what: 'The market is too volatile', clears: 'waits for calmer prices' },
  margin: { what: 'Not enough margin', clears: 'needs free margin' },
  opposite_side: {
    what: 'Held on the other side',
    clears: 'a future is held on one side at a time: close that position first',
  },
  leverage: { what: 'Leverage above its limit', clears: 'lower the leverage or the size' },
  slippage: { what: 'Expected slippage too high', clears: 'waits for a deeper market' },
  portfolio_health: { what: 'Portfolio health is too low', clears: 'waits for it to recover' },
  breaker_open: { what: 'A circuit breaker is open', clears: 'closes after its pause' },
  order_rate: { what: 'Too many orders in a minute', clears: 'clears within a minute' },
  paused: { what: 'The book is paused', clears: 'resume the book' },
  disabled: { what: 'The bot is not running', clears: 'start the bot' },
  execution_disabled: {
    what: 'Execution is switched off',
    clears: 'an administrator has to enable it',
  },
  mode_restriction: {
    what: 'Not allowed in this book’s mode',
    clears: 'change the setting or the mode',
  },
  session_closed: { what: 'The venue is closed', clears: 'waits for the venue to open' },
  halted: { what: 'The symbol is halted', clears: 'waits for the venue to resume it' },
  price_conflict: { what: 'Prices disagree between sources', clears: 'waits until they agree' },
  clock_skew: { what: 'Clocks disagree', clears: 'clears when the clock is synchronised' },
  stop_out_of_band: {
    what: 'The stop would lie outside its limits',
    clears: 'adjust the stop distance',
  },
  nothing_to_sell: { what: 'Nothing held to sell', clears: 'waits for an entry first' },
  strategy_error: { what: 'The strategy failed', clears: 'see the alert and the logs' },
  emergency_stop: { what: 'Emergency stop is on', clears: 'an administrator has to reset it' },
};

const isReason = (code: string): code is BlockingReason => Object.hasOwn(BLOCKING_TEXT, code);

/** Plain words for a code; a code that is not of the list is shown as it is. */
export const blockingWords = (code: string): string =>
  isReason(code) ? BLOCKING_TEXT[code].what : code.replaceAll('_', ' ');
