import { createEngine, type Engine } from '../src/engine/decide.ts';
import type { EngineEvent, EngineState, Step } from '../src/engine/engine.ts';
import type { Facts } from '../src/engine/facts.ts';
import { epochMs, type EpochMs } from '../src/lib/time.ts';
import { money, price, qty } from '../src/lib/units.ts';
import { fiveSection } from '../src/strategy/sectioned/five-section.ts';
import type { State } from '../src/strategy/sectioned/machine.ts';
import type { SectionName } from '../src/strategy/sectioned/params.ts';
import type { OrderUpdate, PositionUpdate } from '../src/strategy/strategy.ts';

/** The start of a minute. */
export const T0 = 1_700_000_040_000;
export const MINUTE = 60_000;

/** A window for each section, so that a test turns sections on and off one by one. */
export const SWITCHES: Readonly<Record<SectionName, string>> = {
  S1: 'PUMP_MAGNITUDE_300_0',
  O1: 'DUMP_MAGNITUDE_300_0',
  Z1: 'MOMENTUM_60_0',
  ZE1: 'VELOCITY_60_240',
  E1: 'IMBALANCE_60_0',
};

const switched = (name: SectionName) => ({
  conditions: [{ id: 'on', condition: SWITCHES[name], operator: 'gte', value: 1 }],
});

/** Each section fires while its switch is on. */
export const switchedParams = {
  S1: switched('S1'),
  O1: switched('O1'),
  Z1: switched('Z1'),
  ZE1: switched('ZE1'),
  E1: switched('E1'),
  cooldownSeconds: 180,
} as const;

/** @throws Error that says what is wrong with the parameters. */
export function sectionedEngine(params: object): Engine {
  const strategy = fiveSection.prepare(params);
  if (!strategy.ok) throw new Error(strategy.error);
  return createEngine({
    bookId: 'paper',
    strategyId: 'sections',
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    grid: { tickSize: 0.01, lotSize: 0.0001 },
    base: '1m',
    strategy: strategy.value,
    positionSizeQuote: money('100'),
  });
}

const flat: Facts = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  entryBlock: null,
  stale: false,
  dataQuality: 1,
  warmup: false,
};

/** Holding one unit bought at 100. */
export const holding: Partial<Facts> = {
  position: {
    side: 'LONG',
    quantity: qty('1'),
    averageEntry: price('100'),
    openedAt: epochMs(T0),
    lastFillAt: epochMs(T0),
  },
};

/** What a bar brings. */
export type Brought = {
  readonly facts?: Partial<Facts>;
  readonly close?: number;
  readonly windows?: Readonly<Record<string, number | null>>;
  readonly incomplete?: boolean;
  /** Minutes since the bar before. */
  readonly after?: number;
};

/** A strategy that a test leads through its day, a minute a bar. */
export type Walker = {
  readonly engine: Engine;
  readonly state: EngineState;
  readonly now: () => EpochMs;
  /** A bar on which these sections' switches are on. */
  readonly bar: (on?: readonly SectionName[], brought?: Brought) => Step;
  readonly order: (update: Partial<OrderUpdate>) => Step;
  readonly position: (update: Partial<PositionUpdate>) => Step;
  readonly send: (event: EngineEvent) => Step;
  readonly at: () => State;
};

export function walker(params: object = switchedParams): Walker {
  const engine = sectionedEngine(params);
  const state = engine.init();
  let minute = 0;
  const now = () => epochMs(T0 + minute * MINUTE);
  const send = (event: EngineEvent) => engine.decide(state, event, now());
  const windowsOf = (on: readonly SectionName[]) =>
    Object.fromEntries(
      (Object.keys(SWITCHES) as SectionName[]).map((name) => [
        SWITCHES[name],
        on.includes(name) ? 1 : 0,
      ]),
    );
  return {
    engine,
    state,
    now,
    send,
    bar: (on = [], { facts = {}, close = 100, windows, incomplete = false, after = 1 } = {}) => {
      minute += after;
      const bar = {
        openAt: T0 + (minute - 1) * MINUTE,
        open: close,
        high: close,
        low: close,
        close,
      };
      return send({
        kind: 'bar',
        bar: { ...bar, volume: 1, buyVolume: null, trades: 1, incomplete },
        facts: { ...flat, ...facts },
        windows: { ...windowsOf(on), ...windows },
      });
    },
    order: (update) =>
      send({
        kind: 'order',
        update: { intentId: 'i1', action: 'ENTER', status: 'filled', reason: null, ...update },
      }),
    position: (update) =>
      send({ kind: 'position', update: { status: 'closed', isExternal: false, ...update } }),
    at: () => (state.memory as { state: State }).state,
  };
}

/** How each state is reached, from the one before. */
const WAYS: Readonly<Partial<Record<State, readonly [State, (to: Walker) => unknown]>>> = {
  WARMING_UP: ['INACTIVE', (to) => to.bar()],
  MONITORING: ['WARMING_UP', (to) => to.bar()],
  SIGNAL_DETECTED: ['MONITORING', (to) => to.bar(['S1'])],
  ENTRY_EVALUATION: ['SIGNAL_DETECTED', (to) => to.bar(['Z1'])],
  ENTRY_PENDING: ['ENTRY_EVALUATION', (to) => to.order({ status: 'approved' })],
  POSITION_ACTIVE: ['ENTRY_PENDING', (to) => to.order({ status: 'filled' })],
  EXIT_PENDING: ['POSITION_ACTIVE', (to) => to.bar(['ZE1'], { facts: holding })],
  EMERGENCY_EXIT: ['POSITION_ACTIVE', (to) => to.bar(['E1'], { facts: holding })],
  COOLDOWN: ['ENTRY_PENDING', (to) => to.order({ status: 'rejected', reason: 'no margin' })],
  PAUSED: ['MONITORING', (to) => to.send({ kind: 'pause', reason: 'by hand' })],
};

/** A strategy in a state, reached as it would be; ENTRY_EVALUATION has asked for its entry. */
export function walkerIn(state: State, params: object = switchedParams): Walker {
  const way = WAYS[state];
  if (way === undefined) return walker(params);
  const [before, go] = way;
  const to = walkerIn(before, params);
  go(to);
  return to;
}
