import { seconds, type DurationMs } from '../../lib/time.ts';
import type { Timeframe } from '../../market/market.ts';
import type { Direction } from '../decision.ts';
import type { Needs } from '../strategy.ts';
import { checkOf, looksBack, type Check } from './check.ts';
import {
  conditionsOf,
  SECTIONS,
  type Condition,
  type Group,
  type SectionedSettings,
  type SectionName,
} from './params.ts';
import { sourceOf, type Source } from './source.ts';

/** A condition, ready to be judged. */
export type Test = {
  /** Such as `S1.pump`, and what it is called while it holds but not for long enough. */
  readonly gate: string;
  readonly heldGate: string;
  readonly source: Source;
  readonly check: Check;
  readonly holdMs: DurationMs;
  /** Where the memory keeps what was before; `null`: it needs nothing of it. */
  readonly track: number | null;
};

/** Conditions of which enough have to be true. */
export type TestGroup = {
  readonly gate: string;
  readonly least: number;
  readonly size: number;
  readonly tests: readonly Test[];
  readonly groups: readonly TestGroup[];
};

/** Parameters as they are evaluated: everything that follows from them alone is worked out once. Plain data. */
export type Program = {
  readonly timeframe: Timeframe;
  readonly direction: Direction;
  readonly signalTtl: DurationMs;
  readonly minSignalInterval: DurationMs;
  readonly rearm: DurationMs;
  readonly cooldown: DurationMs;
  readonly orderFailureLimit: number;
  readonly sections: Readonly<Record<SectionName, TestGroup>>;
  /** The conditions of O1 the other way round: what would have let the opportunity live. */
  readonly unlessO1: readonly Test[];
  /** Tests that look back, by their track. */
  readonly tracked: readonly Test[];
  readonly needs: Needs;
  /** The parameters themselves. */
  readonly settings: SectionedSettings;
};

type Tracks = Test[];

function testOf(condition: Condition, section: string, tracked: Tracks): Test {
  const { id, holdSeconds } = condition;
  const check = checkOf(condition);
  const isTracked = looksBack(check) || holdSeconds > 0;
  const test: Test = {
    gate: `${section}.${id}`,
    heldGate: `${section}.${id}.heldSeconds`,
    source: sourceOf(condition.condition, condition.params),
    check,
    holdMs: seconds(holdSeconds),
    track: isTracked ? tracked.length : null,
  };
  if (isTracked) tracked.push(test);
  return test;
}

const leastOf = ({ logic, k }: Group, size: number): number => {
  if (logic === 'all') return size;
  return logic === 'any' ? 1 : (k ?? size);
};

function groupOf(
  group: Group,
  named: { section: string; gate: string },
  tracked: Tracks,
): TestGroup {
  const { section, gate } = named;
  const tests = group.conditions.map((condition) => testOf(condition, section, tracked));
  const groups = (group.groups ?? []).map((inner, at) =>
    groupOf(inner, { section, gate: `${gate}[${at}]` }, tracked),
  );
  const size = tests.length + groups.length;
  return { gate, least: leastOf(group, size), size, tests, groups };
}

/** All tests of a group and its groups, in order. */
export const testsOf = ({ tests, groups }: TestGroup): readonly Test[] => [
  ...tests,
  ...groups.flatMap(testsOf),
];

/** What the sections read, each variant once (STR-38). */
function needsOf(timeframe: Timeframe, tests: readonly Test[]): Needs {
  const names = (wanted: 'bar' | 'window'): string[] => [
    ...new Set(
      tests.flatMap(({ source }) =>
        source.kind === 'variant' && source.needs === wanted ? [source.name] : [],
      ),
    ),
  ];
  return {
    timeframe,
    variants: { [timeframe]: names('bar') },
    windows: names('window'),
    structure: [],
    warmupBars: 0,
  };
}

/** Works out what the parameters lead to. */
export function programOf(settings: SectionedSettings): Program {
  const tracked: Tracks = [];
  const compiled = (name: SectionName) =>
    groupOf(settings[name], { section: name, gate: name }, tracked);
  const sections = {
    S1: compiled('S1'),
    O1: compiled('O1'),
    Z1: compiled('Z1'),
    ZE1: compiled('ZE1'),
    E1: compiled('E1'),
  };
  const unlessO1 = conditionsOf(settings.O1).map((condition) =>
    testOf({ ...condition, negate: !condition.negate, holdSeconds: 0 }, 'O1', tracked),
  );
  return {
    timeframe: settings.timeframe,
    direction: settings.direction,
    signalTtl: seconds(settings.signalTtlSeconds),
    minSignalInterval: seconds(settings.minSignalIntervalSeconds),
    rearm: seconds(settings.rearmSeconds),
    cooldown: seconds(settings.cooldownSeconds),
    orderFailureLimit: settings.orderFailureLimit,
    sections,
    unlessO1,
    tracked,
    needs: needsOf(
      settings.timeframe,
      SECTIONS.flatMap((name) => testsOf(sections[name])),
    ),
    settings,
  };
}
