import type {
  Balance,
  CashFlow,
  LeverageSetup,
  Liquidation,
  Venue,
  VenueError,
  VenuePosition,
} from '@tradewind/adapters/venue/venue';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import { amountOf, averagePrice, subQty, ZERO_PRICE, ZERO_QTY } from '@tradewind/core/lib/units';
import {
  availableMargin,
  maintenanceOf,
  markOf,
  unrealized,
} from '@tradewind/core/simulation/futures';
import { liquidationPrice } from '@tradewind/core/simulation/liquidation';
import { setupOf, type SimPosition } from '@tradewind/core/simulation/state';
import { isFlow, isLiquidation, symbolOf, type Exchange } from './exchange.ts';
import { QUOTE } from './seed-book.ts';
import { failure } from './venue-harm.ts';

const keyOf = (symbol: string): string => `binance_futures_${symbol}`;

const positionsOf = (exchange: Exchange): VenuePosition[] =>
  Object.values(exchange.engine().futures.positions).map((position) =>
    venuePosition(exchange, position),
  );

function venuePosition({ engine, sim }: Exchange, position: SimPosition): VenuePosition {
  const { marketKey, side, quantity, cost, margin, updatedAt } = position;
  const markPrice = markOf(engine(), position);
  return {
    symbol: symbolOf(marketKey),
    ...{ side, quantity, margin, markPrice, updatedAt },
    hedged: false,
    entryPrice: averagePrice(cost, quantity, 'floor'),
    liquidationPrice: liquidationPrice(engine(), sim, position),
    unrealizedPnl: unrealized(position, markPrice),
    initialMargin: margin,
    maintenanceMargin: maintenanceOf(position, markPrice, sim),
  };
}

/** The wallet: what stands behind positions and orders is used. */
export function walletOf({ engine, sim, cash }: Exchange): Readonly<Record<string, Balance>> {
  const available = availableMargin(engine(), sim);
  const free = available > 0n ? amountOf(available) : ZERO_QTY;
  return { [QUOTE]: { free, used: subQty(cash(), free) } };
}

const liquidationsOf = (exchange: Exchange, symbol: string, since: EpochMs): Liquidation[] =>
  exchange
    .all()
    .filter((one) => isLiquidation(one) && one.order.marketKey === keyOf(symbol))
    .filter(({ at }) => at >= since)
    .map(({ order, venueOrderId, at }) => ({
      ...{ symbol, venueOrderId, at },
      side: order.side,
      quantity: order.filled,
      averagePrice:
        order.filled > 0n ? averagePrice(order.filledQuote, order.filled, 'floor') : ZERO_PRICE,
      cause: 'liquidation',
    }));

/** Movements of the wallet that no trade explains. */
export const flowsOf = (exchange: Exchange, since: EpochMs): CashFlow[] =>
  exchange
    .incomes()
    .filter((income) => isFlow(income) && income.at >= since)
    .map(({ incomeId, type, amount, marketKey, at }) => ({
      flowId: `${type}-${incomeId}`,
      kind: type === 'FUNDING_FEE' ? 'funding' : 'insurance',
      currency: QUOTE,
      symbol: marketKey === null ? null : symbolOf(marketKey),
      ...{ amount, at },
    }));

const setup = ({ engine }: Exchange, symbol: string): LeverageSetup =>
  setupOf(engine().futures, keyOf(symbol));

/** Brings a market to `wanted`, as the adapter and the venue together do: never with a position open. */
function setUp(
  exchange: Exchange,
  symbol: string,
  wanted: LeverageSetup,
): Result<LeverageSetup, VenueError> {
  const { leverage, marginMode } = setup(exchange, symbol);
  if (leverage === wanted.leverage && marginMode === wanted.marginMode) return ok(wanted);
  const isHeld = positionsOf(exchange).some((position) => position.symbol === symbol);
  if (isHeld) return err(failure('InvalidLeverage'));
  exchange.setUp(keyOf(symbol), wanted);
  return ok(wanted);
}

type Listed = <T>(name: string, list: () => T) => Promise<Result<T, VenueError>>;
type Calls = Pick<
  Venue,
  'positions' | 'leverage' | 'setLeverage' | 'positionMode' | 'liquidations'
>;

/** What only a futures account can be asked. */
export const futuresCalls = (exchange: Exchange, listed: Listed): Calls => ({
  positions: () => listed('positions', () => positionsOf(exchange)),
  leverage: (symbol) => listed('leverage', () => setup(exchange, symbol)),
  setLeverage: async (symbol, wanted) => {
    const answer = await listed('setLeverage', () => setUp(exchange, symbol, wanted));
    return answer.ok ? answer.value : answer;
  },
  positionMode: () => listed('positionMode', () => 'oneWay' as const),
  liquidations: (symbol, since) =>
    listed('liquidations', () => liquidationsOf(exchange, symbol, since)),
});
