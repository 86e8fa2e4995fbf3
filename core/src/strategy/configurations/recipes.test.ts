import type { FlowView, RegimeView, ZoneLevel } from '../../engine/structure.ts';
import { firstFailing } from '../gate.ts';
import type { StrategyDefinition } from '../strategy.ts';
import { held, judge, prepared, type Scene } from '../testing.ts';
import { CONFIGURATIONS, configurationSchema } from './configuration.ts';
import { bidAskBounce, orderFlowScalping, supplyDemandBounce } from './recipes.ts';

const regime: RegimeView = {
  adx: 30,
  atrPct: 1,
  hurst: 0.6,
  meanReversion: 0.5,
  ema20: 99,
  ema50: 98,
  ema200: 97,
  price: 100,
  converged: true,
};
const zone: ZoneLevel = {
  zoneId: 'z',
  type: 'demand',
  low: 99.78,
  high: 99.9,
  strength: 50,
  testCount: 0,
};
const buying: FlowView = {
  volume: 1_000,
  bought: 800,
  trades: 100,
  buys: 70,
  move: 0.1,
  atr: 0.2,
  tradeRate: 1.7,
  meanTradeRate: 1,
};

type Change = {
  readonly adx?: number;
  readonly testCount?: number;
  readonly ratio?: number;
  readonly flow?: FlowView;
};

/** A market that every recipe trades, changed. */
function market({ adx = 30, testCount = 0, ratio = 4, flow = buying }: Change): Scene {
  const zones = [{ ...zone, testCount }];
  const profile = { poc: 101, valueAreaHigh: 102, valueAreaLow: 100 };
  const reversion = { strength: 0.5, distance: -2 };
  return {
    bar: { low: 99.85, high: 100.02, close: 100 },
    values: { ATR_14: 0.2, 'AUTOCORRELATION_60@5m': 0.7 },
    structure: {
      '15m': { regime: { ...regime, adx }, zones, profile, imbalance: 1.2 },
      '5m': { zones, gaps: [], profile, reversion, imbalance: 2 },
      '1m': { imbalance: ratio, volumeSpike: 2, flow, drift: 1 },
    },
  };
}

const failing = (recipe: StrategyDefinition, change: Change): string =>
  firstFailing(judge(prepared(recipe), market(change)).verdict.gates)?.gate ?? 'none';

describe('STR-73 recipes', () => {
  const none: Change = {};
  const ranging: Change = { adx: 10 };
  const weak: Change = { ratio: 2 };
  const onceTested: Change = { testCount: 1 };
  const tested: Change = { testCount: 2 };
  test.each([
    ['bid-ask-bounce trades in the direction of level 1', bidAskBounce, none, 'none'],
    ['bid-ask-bounce needs level 1', bidAskBounce, ranging, 'level1.adx'],
    ['bid-ask-bounce does without the cascade', bidAskBounce, weak, 'none'],
    ['bid-ask-bounce takes any zone', bidAskBounce, tested, 'none'],
    ['supply-demand-bounce takes all levels', supplyDemandBounce, none, 'none'],
    ['supply-demand-bounce needs the cascade', supplyDemandBounce, weak, 'level3.ratio'],
    ['supply-demand-bounce takes a zone tested once', supplyDemandBounce, onceTested, 'none'],
    [
      'supply-demand-bounce takes none tested twice',
      supplyDemandBounce,
      tested,
      'level2.zoneDistancePct',
    ],
    ['order-flow-scalping is the confluence engine', orderFlowScalping, none, 'none'],
    ['order-flow-scalping needs level 1', orderFlowScalping, ranging, 'level1.adx'],
    ['order-flow-scalping needs level 3', orderFlowScalping, weak, 'level3.ratio'],
  ])('%s', (_, recipe, change, gate) => {
    expect(failing(recipe, change)).toBe(gate);
  });

  test('order-flow-scalping goes with level 1 alone, and leaves when that turns', () => {
    const selling = { ...buying, bought: 200, buys: 30, move: -0.1 };
    expect(failing(orderFlowScalping, { flow: selling })).toBe('primary.direction');
    const scene = { ...market({ flow: selling }), position: held('LONG', 60) };
    expect(judge(prepared(orderFlowScalping), scene).verdict.wish).toBeNull();
    const late = { ...scene, position: held('LONG', 300) };
    expect(judge(prepared(orderFlowScalping), late).verdict.wish?.action).toBe('EXIT');
  });

  test('STR-70 its stop and target are those of its configuration', () => {
    const { wish, view } = judge(prepared(orderFlowScalping), market({})).verdict;
    expect(wish?.suggestedStop).toBe(99.77);
    expect(wish?.suggestedTarget).toBeCloseTo(100.5, 9);
    expect(view).toMatchObject({ primaryMet: true, direction: 'LONG' });
  });
});

describe('configurations', () => {
  test.each(Object.entries(CONFIGURATIONS))('%s is one by its own schema', (_, configuration) => {
    expect(configurationSchema.safeParse(configuration).success).toBe(true);
  });

  test.each([
    ['an unknown name', { configuration: 'hodl' }],
    [
      'a stop band upside down',
      { configuration: { ...CONFIGURATIONS.ultra_short_scalping, stopPct: { min: 2, max: 1 } } },
    ],
    [
      'no time to hold',
      {
        configuration: {
          ...CONFIGURATIONS.ultra_short_scalping,
          holdSeconds: { min: 300, max: 300 },
        },
      },
    ],
    ['a field too many', { configuration: { ...CONFIGURATIONS.ultra_short_scalping, luck: 7 } }],
  ])('%s is refused', (_, params) => {
    expect(bidAskBounce.prepare(params).ok).toBe(false);
  });

  test('STR-72 one of your own may be given in full', () => {
    const own = { ...CONFIGURATIONS.ultra_short_scalping, riskReward: 4 };
    const { verdict } = judge(prepared(bidAskBounce, { configuration: own }), market({}));
    expect(verdict.wish?.suggestedTarget).toBeCloseTo(100.92, 9);
  });

  test('STR-71 the paces are those of 03, section 6', () => {
    expect(CONFIGURATIONS.ultra_short_scalping.tradesPerHour).toBe(10);
    expect(CONFIGURATIONS.micro_trend_following.tradesPerHour * 24).toBeCloseTo(20, 9);
  });
});
