import type { EngineBar } from '../engine/bar.ts';
import type { Holding } from '../engine/facts.ts';
import type { StructureView } from '../engine/structure.ts';
import { bar, facts, MINUTE, START } from '../engine/testing.ts';
import { epochMs } from '../lib/time.ts';
import { price, qty } from '../lib/units.ts';
import type { Timeframe } from '../market/market.ts';
import type { Direction } from './decision.ts';
import type { Context, Prepared, StrategyDefinition } from './strategy.ts';

/** Parts of a view that a test tells; reading any other is a fault of the test. */
type Told = Partial<StructureView>;

/** A context by hand, for strategies whose structure is what the test says. */
export type Scene = {
  readonly bar?: Partial<EngineBar>;
  readonly values?: Readonly<Record<string, number>>;
  readonly structure?: Partial<Record<Timeframe, Told>>;
  readonly position?: Holding | null;
  readonly dataQuality?: number;
};

/** A view of what is told, that notes every part that is read as `PART@TIMEFRAME`. */
function noting(told: Told, timeframe: Timeframe, read: Set<string>): StructureView {
  const part = <K extends keyof StructureView>(name: K): StructureView[K] => {
    read.add(`${name}@${timeframe}`);
    if (!(name in told)) throw new Error(`the test does not tell ${name} of ${timeframe}`);
    return told[name] as StructureView[K];
  };
  return {
    get zones() {
      return part('zones');
    },
    get gaps() {
      return part('gaps');
    },
    get profile() {
      return part('profile');
    },
    get regime() {
      return part('regime');
    },
    get reversion() {
      return part('reversion');
    },
    get volumeSpike() {
      return part('volumeSpike');
    },
    get imbalance() {
      return part('imbalance');
    },
    get flow() {
      return part('flow');
    },
    get drift() {
      return part('drift');
    },
  };
}

/** The strategy with its parameters. @throws Error when they are wrong. */
export function prepared(definition: StrategyDefinition, params: object = {}): Prepared {
  const made = definition.prepare(params);
  if (!made.ok) throw new Error(made.error);
  return made.value;
}

/** Judges a scene; also which parts of the structure were read. */
export function judge(strategy: Prepared, scene: Scene) {
  const read = new Set<string>();
  const last = bar(0, scene.bar);
  const barCloseAt = epochMs(START + MINUTE);
  const views = new Map(
    Object.entries(scene.structure ?? {}).map(([name, told]) => {
      const timeframe = name as Timeframe;
      return [timeframe, noting(told, timeframe, read)] as const;
    }),
  );
  const position = scene.position ?? null;
  const context: Context<unknown, object> = {
    schemaVersion: 1,
    params: strategy.params,
    memory: strategy.init(),
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    grid: { tickSize: 0.01, lotSize: 0.001 },
    bar: last,
    barCloseAt,
    now: barCloseAt,
    value: (name) => scene.values?.[name],
    structure: (timeframe) => views.get(timeframe),
    facts: { ...facts, position, dataQuality: scene.dataQuality ?? 1 },
    blind: null,
    surroundings: () => [],
  };
  return { verdict: strategy.evaluate(context), read };
}

/** A position that was opened so many seconds before the scene's bar closed. */
export const held = (side: Direction, seconds: number): Holding => ({
  side,
  quantity: qty('1'),
  averageEntry: price('100'),
  openedAt: epochMs(START + MINUTE - seconds * 1_000),
  lastFillAt: epochMs(START + MINUTE - seconds * 1_000),
});
