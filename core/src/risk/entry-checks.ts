import type { EntryCandidate } from '../order/gate-context.ts';
import {
  checkClassAllocation,
  checkSectorAllocation,
  checkSymbolAllocation,
} from './allocation.ts';
import { checkBalance } from './balance.ts';
import { checkBudget } from './budget.ts';
import type { RiskCheck } from './check.ts';
import { checkConcentration } from './concentration.ts';
import { checkConfidence } from './confidence.ts';
import {
  checkDailyTrades,
  checkPattern,
  checkSymbolCooldown,
  checkSymbolRate,
} from './cooldown.ts';
import { checkDailyLoss } from './daily-loss.ts';
import { checkDrawdown } from './drawdown.ts';
import { checkPriceFresh, checkValuationFresh } from './freshness.ts';
import { checkBookRunning, checkEmergencyStop, checkExecutionEnabled } from './global-switches.ts';
import { checkPortfolioHealth } from './health-gate.ts';
import { checkClockSkew, checkReconciled } from './live-only.ts';
import { checkLossLadder } from './loss-ladder.ts';
import { checkLeverage, checkMargin } from './margin.ts';
import { checkMarginHealth } from './margin-gate.ts';
import { checkExpectedSlippage, checkVolatility } from './market-checks.ts';
import { checkOpenPositions, checkStrategyPositions } from './open-positions.ts';
import { checkOppositeSide } from './opposite-side.ts';
import { checkOrderRate, checkStrategyOrderRate } from './order-rate.ts';
import { checkPendingOrder } from './pending-order.ts';
import { checkPortfolioRisk } from './portfolio-risk.ts';
import { checkPositionSize } from './position-size.ts';
import { checkPriceOrigin } from './price-origin.ts';
import { checkPriceQuality } from './price-quality.ts';
import { checkSharpe } from './sharpe.ts';
import { checkSlippage } from './slippage.ts';
import { checkStrategyEnabled } from './strategy-enabled.ts';
import { checkTradableSize } from './tradable-size.ts';
import { checkBreaker } from './venue-breaker.ts';

/** Every check of an entry, in the gate's order (04, section 6): the first block is the one shown. */
export const ENTRY_CHECKS: readonly [
  RiskCheck<EntryCandidate>,
  ...(readonly RiskCheck<EntryCandidate>[]),
] = [
  checkExecutionEnabled,
  checkEmergencyStop,
  checkBookRunning,
  checkBreaker,
  checkStrategyEnabled,
  checkPriceFresh,
  checkPriceQuality,
  checkPriceOrigin,
  checkClockSkew,
  checkValuationFresh,
  checkReconciled,
  checkConfidence,
  checkPendingOrder,
  checkSymbolCooldown,
  checkSymbolRate,
  checkDailyTrades,
  checkPattern,
  checkStrategyOrderRate,
  checkOrderRate,
  checkPositionSize,
  checkOpenPositions,
  checkStrategyPositions,
  checkOppositeSide,
  checkConcentration,
  checkDailyLoss,
  checkLossLadder,
  checkDrawdown,
  checkVolatility,
  checkSharpe,
  checkMargin,
  checkMarginHealth,
  checkPortfolioRisk,
  checkClassAllocation,
  checkSectorAllocation,
  checkSymbolAllocation,
  checkLeverage,
  checkBudget,
  checkBalance,
  checkTradableSize,
  checkSlippage,
  checkExpectedSlippage,
  checkPortfolioHealth,
];
