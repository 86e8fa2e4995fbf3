import type { FlowView, GapLevel, StructureView, ZoneLevel } from '../../engine/structure.ts';
import { judge, prepared, type Scene } from '../testing.ts';
import { confluence } from './confluence.ts';

export const zone = (type: ZoneLevel['type'], low: number, high: number): ZoneLevel => ({
  zoneId: `${type}-${low}`,
  type,
  low,
  high,
  strength: 50,
  testCount: 0,
});
export const gap = (type: GapLevel['type'], low: number, high: number): GapLevel => ({
  type,
  low,
  high,
});

export type View = Pick<StructureView, 'zones' | 'gaps' | 'profile' | 'reversion'>;

/** Everything that speaks for a LONG at 100. */
export const ideal: View = {
  zones: [zone('demand', 99.7, 99.9), zone('supply', 102, 103)],
  gaps: [gap('bullish', 99.8, 100.1)],
  profile: { poc: 101, valueAreaHigh: 102, valueAreaLow: 100 },
  reversion: { strength: 0.9, distance: -2 },
};

/** A minute that both analysers take for a LONG, and its mirror. */
export const buying: FlowView = {
  volume: 1_000,
  bought: 800,
  trades: 100,
  buys: 70,
  move: 0.1,
  atr: 0.2,
  tradeRate: 1.7,
  meanTradeRate: 1,
};
export const selling: FlowView = { ...buying, bought: 200, buys: 30, move: -0.1 };

export type Market = {
  readonly view: View;
  readonly flow: FlowView | undefined;
  readonly drift: number | undefined;
  readonly correlation: number | undefined;
};
export const long: Market = { view: ideal, flow: buying, drift: 0.5, correlation: 0.7 };

export const sceneOf = ({ view, flow, drift, correlation }: Market): Scene => ({
  bar: { close: 100 },
  values: correlation === undefined ? {} : { 'AUTOCORRELATION_60@5m': correlation },
  structure: { '5m': view, '1m': { flow, drift } },
});
/** What the engine says of the ideal market, changed. */
export const judged = (change: Partial<Market> = {}, params: object = {}) =>
  judge(prepared(confluence, params), sceneOf({ ...long, ...change })).verdict;

const turn = (px: number): number => 200 - px;
const turned = <T extends { readonly low: number; readonly high: number }>(level: T): T => ({
  ...level,
  low: turn(level.high),
  high: turn(level.low),
});

/** The same market upside down around the price of 100. */
export const mirrored = ({ view, flow, drift, correlation }: Market): Market => ({
  view: {
    zones: view.zones.map((each) => ({
      ...turned(each),
      type: each.type === 'demand' ? 'supply' : 'demand',
    })),
    gaps: view.gaps.map((each) => ({
      ...turned(each),
      type: each.type === 'bullish' ? 'bearish' : 'bullish',
    })),
    profile:
      view.profile === undefined
        ? undefined
        : {
            poc: turn(view.profile.poc),
            valueAreaHigh: turn(view.profile.valueAreaLow),
            valueAreaLow: turn(view.profile.valueAreaHigh),
          },
    reversion: {
      ...view.reversion,
      distance: view.reversion.distance === undefined ? undefined : -view.reversion.distance,
    },
  },
  flow:
    flow === undefined
      ? undefined
      : {
          ...flow,
          bought: flow.volume - flow.bought,
          buys: flow.buys === null ? null : flow.trades - flow.buys,
          move: flow.move === undefined ? undefined : -flow.move,
        },
  drift: drift === undefined ? undefined : -drift,
  correlation,
});
