import { exitOf, FLAT, run, scripted } from '../../test/scripted-runs.ts';
import { scriptedById } from '../../test/scripted-strategies.ts';
import { money, price, qty, toNumber } from '../lib/units.ts';
import { epochMs } from '../lib/time.ts';
import { NO_LIMITS, type BacktestConfig } from './config.ts';
import type { BarSeries } from './data.ts';
import { runBacktest } from './run.ts';
import { aConfig, anInstrument, aStrategy, BEGIN, MARKET, seriesOf, type Row } from './testing.ts';

const MINUTE = 60_000;
const STOPS = { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null };

describe('market orders', () => {
  const enterAndLeave = [aStrategy({ strategy: scripted({ 0: 'ENTER', 2: 'EXIT' }) })];
  const rows: Row[] = [FLAT, [101, 103, 100, 102], [102, 104, 101, 103], [105, 105, 99, 100]];

  test('STR-94 are filled at the open after the close that was decided on', () => {
    const [trade] = run({ strategies: enterAndLeave }, [seriesOf(rows)]).trades;
    expect(trade).toMatchObject({
      entryPrice: price('101'),
      exitPrice: price('105'),
      entryBarAt: BEGIN + MINUTE,
      exitBarAt: BEGIN + 3 * MINUTE,
      bars: 2,
      quantity: qty('99'),
      exitReason: 'ZE1',
      netPnl: money('396'),
      initialStop: null,
    });
    // Decided at 100 and 103, bought at 101 and sold at 105.
    expect(trade?.slippageInPct).toBeCloseTo(1);
    expect(trade?.slippageOutPct).toBeCloseTo((-100 * 2) / 103);
    expect(trade).toMatchObject({ rMultiple: null, efficiency: null });
    expect(trade?.maePct).toBeCloseTo((100 * (100 - 101)) / 101);
    expect(trade?.mfePct).toBeCloseTo((100 * (105 - 101)) / 101);
  });

  test('STR-96 pay fees and slippage for what they take', () => {
    const { trades, fees } = run(
      {
        strategies: enterAndLeave,
        limits: NO_LIMITS,
        fees: { maker: 0, taker: 0.001, takenIn: 'quote' },
        slippage: { spreadPct: 0, fixedPct: 1, impactPct: 0, maxImpactRatio: 0 },
      },
      [seriesOf(rows)],
    );
    const [trade] = trades;
    expect(trade?.entryPrice).toBe(price('102.01'));
    expect(trade?.exitPrice).toBe(price('103.95'));
    expect(fees).toBe(trade?.fees);
    expect(toNumber(fees)).toBeCloseTo(toNumber(trade?.quantity ?? qty('0')) * 0.20596, 6);
  });

  test('a fee in base is taken from what is bought, and what cannot be sold becomes dust', () => {
    const instrument = anInstrument({ lotSize: qty('0.01'), minQty: qty('0.01') });
    const result = run(
      {
        strategies: enterAndLeave,
        limits: NO_LIMITS,
        fees: { maker: 0, taker: 0.001, takenIn: 'received' },
      },
      [seriesOf(rows, instrument)],
    );
    const [trade] = result.trades;
    expect(toNumber(trade?.quantity ?? qty('0')) * 100).toBe(
      Math.floor(toNumber(trade?.quantity ?? qty('0')) * 100),
    );
    expect(result.finalBalance).toBeGreaterThan(result.cash);
  });

  test('an entry that has become dearer than the cash is cut down, and cash stays above zero', () => {
    const fills = {
      market: 'nextOpen',
      judged: 'atClose',
      atEnd: 'keep',
      priceGuard: false,
    } as const;
    const { cash, openPositions } = run(
      { strategies: [aStrategy({ strategy: scripted({ 0: 'ENTER' }) })], fills },
      [seriesOf([FLAT, [130, 130, 130, 130]])],
    );
    expect(openPositions[0]?.quantity).toBe(qty('76'));
    expect(cash).toBe(money('120'));
  });

  test('take no more of a bar than their share of the volume, and the rest in the bars after it', () => {
    const trader = [aStrategy({ strategy: scripted({ 0: 'ENTER' }) })];
    const rows: Row[] = [0, 1, 2, 3].map(() => [100, 100, 100, 100, 400]);
    const fills: number[] = [];
    run({ strategies: trader, participationPct: 10 }, [seriesOf(rows)], {
      onFill: ({ fill }) => fills.push(toNumber(fill.quantity)),
    });
    expect(fills).toEqual([40, 40, 20]);
  });

  test('what the strategy takes back before it is filled is not filled', () => {
    const { counts } = run(
      {
        strategies: [aStrategy({ strategy: scripted({ 0: 'ENTER', 1: 'CANCEL' }) })],
        participationPct: 10,
      },
      [seriesOf([[100, 100, 100, 100, 0], [100, 100, 100, 100, 0], FLAT, FLAT])],
    );
    expect(counts).toMatchObject({ approved: 1, orders: 1, fills: 0 });
  });

  test('a strategy is told of its orders and its position, in order', () => {
    const told: unknown[] = [];
    const strategies = [aStrategy({ strategy: scripted({ 0: 'ENTER', 1: 'EXIT', 2: 'EXIT' }) })];
    run({ strategies }, [seriesOf([FLAT, FLAT, FLAT, FLAT])], {
      strategyById: (id) => {
        const definition = scriptedById(id);
        if (definition === undefined) return undefined;
        return {
          ...definition,
          prepare: (params) => {
            const prepared = definition.prepare(params);
            if (!prepared.ok) return prepared;
            const { onOrder, onPosition } = prepared.value;
            return {
              ok: true,
              value: {
                ...prepared.value,
                onOrder: (memory, update, at) => {
                  told.push(`${update.action} ${update.status}`);
                  onOrder(memory, update, at);
                },
                onPosition: (memory, update, at) => {
                  told.push(update.status);
                  onPosition(memory, update, at);
                },
              },
            };
          },
        };
      },
    });
    expect(told).toEqual([
      'ENTER approved',
      'ENTER filled',
      'opened',
      'EXIT approved',
      'EXIT filled',
      'closed',
    ]);
  });
});

describe('one book', () => {
  const other = anInstrument({ marketKey: 'test_spot_ETH-USDT', symbol: 'ETH-USDT', base: 'ETH' });
  const both = [MARKET, other.marketKey];
  const rows = [FLAT, FLAT, FLAT];

  test('RSK-52 markets and strategies share its slots: by market key, then by strategy id', () => {
    const strategies = ['b', 'a'].map((strategyId) =>
      aStrategy({
        strategyId,
        strategy: scripted({ 0: 'ENTER' }),
        marketKeys: both,
        positionSize: { kind: 'quote', amount: money('1000') },
        maxPositions: 5,
      }),
    );
    const { openPositions, counts } = run(
      { strategies, limits: { ...NO_LIMITS, maxOpenPositions: 3 } },
      [seriesOf(rows, other), seriesOf(rows)],
    );
    expect(openPositions.map(({ marketKey, strategyId }) => [marketKey, strategyId])).toEqual([
      [MARKET, 'a'],
      [MARKET, 'b'],
      [other.marketKey, 'a'],
    ]);
    expect(counts.rejections).toEqual({ max_positions: 1 });
  });

  test('STR-21 a spot market sells nothing short, and says so', () => {
    const strategies = [aStrategy({ strategy: scripted({ 0: 'SHORT' }) })];
    const { counts, openPositions } = run({ strategies }, [seriesOf(rows)]);
    expect(counts.rejections).toEqual({ nothing_to_sell: 1 });
    expect(openPositions).toEqual([]);
  });

  test('a future is sold short, protected from above, and gains as the price falls', () => {
    const future = anInstrument({ marketKey: 'test_futures_BTC-USDT', market: 'futures' });
    const strategies = [
      aStrategy({
        strategy: scripted({ 0: 'SHORT' }),
        marketKeys: [future.marketKey],
        protection: STOPS,
      }),
    ];
    const fall: Row[] = [FLAT, [100, 104, 92, 93], [93, 94, 89, 92]];
    const won = run({ strategies }, [seriesOf(fall, future)]);
    expect(exitOf(won)).toEqual([['take_profit', 90]]);
    expect(won.finalBalance).toBe(money('11000'));
    const lost = run({ strategies }, [seriesOf([FLAT, [100, 106, 80, 93]], future)]);
    expect(exitOf(lost)).toEqual([['stop_loss', 105]]);
  });

  test('STR-96 funding is paid on what is held when it falls due, and counts for the trade', () => {
    const future = anInstrument({ marketKey: 'test_futures_BTC-USDT', market: 'futures' });
    const strategies = [
      aStrategy({
        strategy: scripted({ 0: 'ENTER', 2: 'EXIT' }),
        marketKeys: [future.marketKey],
      }),
    ];
    const { trades, funding, finalBalance } = run(
      {
        strategies,
        funding: { [future.marketKey]: { at: [BEGIN + 2 * MINUTE], rate: [0.001] } },
      },
      [seriesOf([FLAT, FLAT, FLAT, FLAT], future)],
    );
    expect(funding).toBe(money('10'));
    expect(trades[0]).toMatchObject({ funding: money('10'), netPnl: money('-10') });
    expect(finalBalance).toBe(money('9990'));
  });

  test('what is open at the end is kept at the last price, or sold at it', () => {
    const strategies = [aStrategy({ strategy: scripted({ 0: 'ENTER' }) })];
    const bars = [seriesOf([FLAT, FLAT, [100, 110, 100, 108]])];
    const kept = run({ strategies }, bars);
    expect(kept.trades).toEqual([]);
    expect(kept.openPositions[0]).toMatchObject({ unrealizedPnl: money('800') });
    const sold = run(
      {
        strategies,
        fills: { market: 'nextOpen', judged: 'atFill', atEnd: 'close', priceGuard: false },
      },
      bars,
    );
    expect(exitOf(sold)).toEqual([['session_stop', 108]]);
    expect([sold.finalBalance, sold.cash]).toEqual([money('10800'), money('10800')]);
  });

  test('bars of history feed the strategy and decide nothing', () => {
    const strategies = [aStrategy({ strategy: scripted({ 0: 'ENTER', 1: 'ENTER' }) })];
    const { counts, openPositions } = run({ strategies, decideFrom: epochMs(BEGIN + MINUTE) }, [
      seriesOf(rows),
    ]);
    expect(counts.holds).toMatchObject({ warmup: 1 });
    expect(openPositions[0]?.openedAt).toBe(BEGIN + 2 * MINUTE);
  });
});

describe('what cannot be run is said', () => {
  test.each<[string, Partial<BacktestConfig>, BarSeries[], RegExp]>([
    [
      'a strategy that there is not',
      { strategies: [aStrategy({ strategy: { id: 'none', params: {} } })] },
      [seriesOf([FLAT])],
      /no strategy "none"/,
    ],
    [
      'parameters that are wrong',
      { strategies: [aStrategy({ strategy: { id: 'scripted', params: {} } })] },
      [seriesOf([FLAT])],
      /script/,
    ],
    [
      'a market without bars',
      { strategies: [aStrategy({ marketKeys: ['x'] })] },
      [seriesOf([FLAT])],
      /no bars of x/,
    ],
    ['prices that cannot be', {}, [seriesOf([[100, 90, 95, 100]])], /row 0 has open 100, high 90/],
    ['a market that is there twice', {}, [seriesOf([FLAT]), seriesOf([FLAT])], /there twice/],
    ['no money', { initialBalance: money('0') }, [seriesOf([FLAT])], /balance/],
  ])('%s', (_, config, series, wanted) => {
    const result = runBacktest(aConfig(config), series, { strategyById: scriptedById });
    expect(result.ok ? '' : result.error).toMatch(wanted);
  });
});
