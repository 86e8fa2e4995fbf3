import { decideSignal } from '../order/decide-signal.ts';
import { aCandidate } from '../order/fixtures.ts';
import { ENTRY_CHECKS } from './entry-checks.ts';

test('RSK-04 EXE-05 carries every check and what each handler said', () => {
  const { signal, context } = aCandidate({});
  const names = decideSignal(signal, context).checks.map(({ check }) => check);
  expect(names).toEqual([
    'handler:existingPosition',
    'handler:reversal',
    'handler:positionLimit',
    'executionEnabled',
    'emergencyStop',
    'bookRunning',
    'breaker',
    'strategyEnabled',
    'priceAgeMs',
    'priceQuality',
    'priceOrigin',
    'clockSkew',
    'valuationAgeMs',
    'reconciled',
    'confidence',
    'pendingOrder',
    'symbolCooldownMs',
    'symbolRate',
    'dailyTrades',
    'pattern',
    'strategyOrderRate',
    'orderRate',
    'positionSize',
    'openPositions',
    'strategyPositions',
    'oppositeSide',
    'concentration',
    'dailyLoss',
    'lossLadder',
    'drawdown',
    'volatility',
    'sharpe',
    'margin',
    'marginHealth',
    'portfolioRisk',
    'classAllocation',
    'sectorAllocation',
    'symbolAllocation',
    'leverage',
    'budget',
    'balance',
    'tradableSize',
    'slippage',
    'expectedSlippage',
    'portfolioHealth',
    'handler:exposure',
  ]);
  expect(ENTRY_CHECKS).toHaveLength(42);
});
