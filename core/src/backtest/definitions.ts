import type { Figures } from './statistics.ts';

/** What a figure counts in. A share is of 1 and shown as percent; a multiple has no unit. */
export type Unit = 'quote' | 'percent' | 'share' | 'multiple' | 'count' | 'time' | 'R';

/** A statistic in words: reports and documentation take them from here, so that they cannot differ. */
export type Definition = {
  readonly name: string;
  readonly group: 'Result' | 'Risk' | 'Trades' | 'Activity and cost';
  readonly unit: Unit;
  /** How it is reckoned. */
  readonly definition: string;
  /** When there is none. */
  readonly absent?: string;
};

const NO_TRADES = 'without trades';
const TOO_SHORT = 'for spans under 30 days, or when everything is lost';

/** Every statistic, in the order in which reports show them. */
export const DEFINITIONS: Readonly<Record<keyof Figures, Definition>> = {
  initialBalance: {
    name: 'Initial balance',
    group: 'Result',
    unit: 'quote',
    definition: 'Cash at the start.',
  },
  finalBalance: {
    name: 'Final balance',
    group: 'Result',
    unit: 'quote',
    definition: 'Equity at the end: cash, and open positions at the last price.',
  },
  totalPnl: {
    name: 'Total P&L',
    group: 'Result',
    unit: 'quote',
    definition: 'Final balance − initial balance, after fees, slippage and funding.',
  },
  totalReturnPct: {
    name: 'Total return',
    group: 'Result',
    unit: 'percent',
    definition: 'Total P&L ÷ initial balance.',
  },
  annualReturnPct: {
    name: 'Annualised return',
    group: 'Result',
    unit: 'percent',
    definition: '(final ÷ initial balance) ^ (365 ÷ days) − 1.',
    absent: TOO_SHORT,
  },
  returnOnDeployedPct: {
    name: 'Return on deployed capital',
    group: 'Result',
    unit: 'percent',
    definition:
      'Total P&L ÷ average deployed capital, which is the sum of each trade’s entry value × time held, ÷ the whole time.',
    absent: NO_TRADES,
  },
  returnOnTurnoverPct: {
    name: 'Return on turnover',
    group: 'Result',
    unit: 'percent',
    definition: 'Total P&L ÷ the sum of all entry values. It shrinks the more is traded.',
    absent: NO_TRADES,
  },
  maxDrawdownPct: {
    name: 'Maximum drawdown',
    group: 'Risk',
    unit: 'percent',
    definition:
      'Largest fall of equity from a peak, in percent of that peak, over every bar of the backtest.',
  },
  maxDrawdownQuote: {
    name: 'Maximum drawdown, amount',
    group: 'Risk',
    unit: 'quote',
    definition: 'The same fall as an amount.',
  },
  longestDrawdownMs: {
    name: 'Longest drawdown',
    group: 'Risk',
    unit: 'time',
    definition:
      'Longest time from a peak of equity until it was reached again, or until the end, at the points of the equity curve.',
  },
  volatilityPct: {
    name: 'Volatility',
    group: 'Risk',
    unit: 'percent',
    definition:
      'Standard deviation of daily returns × √365; under 30 days of hourly returns × √8760.',
    absent: 'with fewer than two returns',
  },
  sharpe: {
    name: 'Sharpe ratio',
    group: 'Risk',
    unit: 'multiple',
    definition:
      'Mean daily return ÷ their standard deviation × √365, with a risk-free rate of 0. Under 30 days it is a session Sharpe: hourly returns × √8760.',
    absent: 'with fewer than two returns, or when all are equal',
  },
  sortino: {
    name: 'Sortino ratio',
    group: 'Risk',
    unit: 'multiple',
    definition:
      'As Sharpe, with the downside deviation: the root mean square of the returns below 0, over all periods.',
    absent: 'without a return below 0',
  },
  calmar: {
    name: 'Calmar ratio',
    group: 'Risk',
    unit: 'multiple',
    definition: 'Annualised return ÷ maximum drawdown.',
    absent: `${TOO_SHORT}; without a drawdown`,
  },
  totalTrades: {
    name: 'Trades',
    group: 'Trades',
    unit: 'count',
    definition: 'Round trips: positions that were opened and closed again.',
  },
  winning: {
    name: 'Winning',
    group: 'Trades',
    unit: 'count',
    definition: 'Trades whose net P&L is above 0 by more than their own fees.',
  },
  losing: {
    name: 'Losing',
    group: 'Trades',
    unit: 'count',
    definition: 'Trades whose net P&L is below 0 by more than their own fees.',
  },
  flat: {
    name: 'Flat',
    group: 'Trades',
    unit: 'count',
    definition:
      'Trades whose net P&L is no further from 0 than their own fees. They are no success.',
  },
  winRate: {
    name: 'Win rate',
    group: 'Trades',
    unit: 'share',
    definition: 'Winning ÷ (winning + losing + flat).',
    absent: NO_TRADES,
  },
  averageWin: {
    name: 'Average win',
    group: 'Trades',
    unit: 'quote',
    definition: 'Mean net P&L of winning trades.',
    absent: 'without winning trades',
  },
  averageLoss: {
    name: 'Average loss',
    group: 'Trades',
    unit: 'quote',
    definition: 'Mean net P&L of losing trades.',
    absent: 'without losing trades',
  },
  payoffRatio: {
    name: 'Payoff ratio',
    group: 'Trades',
    unit: 'multiple',
    definition: 'Average win ÷ average loss without its sign.',
    absent: 'without winning or without losing trades',
  },
  profitFactor: {
    name: 'Profit factor',
    group: 'Trades',
    unit: 'multiple',
    definition:
      'Sum of all net P&L above 0 ÷ sum of all below 0 without its sign. Flat trades count with what they gained or lost.',
    absent: 'without trades; ∞ when nothing was lost',
  },
  expectancy: {
    name: 'Expectancy',
    group: 'Trades',
    unit: 'quote',
    definition: 'Mean net P&L of a trade.',
    absent: NO_TRADES,
  },
  expectancyR: {
    name: 'Expectancy in R',
    group: 'Trades',
    unit: 'R',
    definition:
      'Mean of net P&L ÷ R, where R is what a trade risked: quantity × distance of entry and initial stop. Trades without a stop are left out.',
    absent: 'when no trade had a stop',
  },
  bestTrade: {
    name: 'Best trade',
    group: 'Trades',
    unit: 'quote',
    definition: 'Highest net P&L of a trade.',
    absent: NO_TRADES,
  },
  worstTrade: {
    name: 'Worst trade',
    group: 'Trades',
    unit: 'quote',
    definition: 'Lowest net P&L of a trade.',
    absent: NO_TRADES,
  },
  longestLosingStreak: {
    name: 'Longest losing streak',
    group: 'Trades',
    unit: 'count',
    definition: 'Most trades in a row, by the time they closed, with a net P&L below 0.',
  },
  averageHoldMs: {
    name: 'Average hold',
    group: 'Trades',
    unit: 'time',
    definition: 'Mean time from the first fill of a trade to its last.',
    absent: NO_TRADES,
  },
  timeInMarket: {
    name: 'Time in market',
    group: 'Activity and cost',
    unit: 'share',
    definition: 'Closes at which a position was open ÷ all closes.',
  },
  averageExposure: {
    name: 'Average exposure',
    group: 'Activity and cost',
    unit: 'share',
    definition: 'Value of open positions ÷ equity, averaged over the points of the equity curve.',
  },
  highestExposure: {
    name: 'Highest exposure',
    group: 'Activity and cost',
    unit: 'share',
    definition: 'Highest value of open positions ÷ equity at the points of the equity curve.',
  },
  tradedValue: {
    name: 'Traded value',
    group: 'Activity and cost',
    unit: 'quote',
    definition: 'Sum of all entry and exit values of trades, before fees.',
  },
  turnover: {
    name: 'Turnover',
    group: 'Activity and cost',
    unit: 'multiple',
    definition: 'Traded value ÷ average equity at the ends of days.',
    absent: 'when everything is lost',
  },
  fees: {
    name: 'Fees',
    group: 'Activity and cost',
    unit: 'quote',
    definition: 'Sum of the fees of all trades.',
  },
  feeShare: {
    name: 'Fee share',
    group: 'Activity and cost',
    unit: 'share',
    definition:
      'Fees ÷ sum of what trades earned before fees, of those that earned. Above 100 % fees ate all of it.',
    absent: 'when no trade earned anything before fees',
  },
  slippageAveragePct: {
    name: 'Average slippage',
    group: 'Activity and cost',
    unit: 'percent',
    definition:
      'Mean of how much worse trades were filled than the prices they were decided on; below 0 is better.',
    absent: 'when no trade tells it',
  },
};
