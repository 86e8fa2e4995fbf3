import {
  EVALUATIONS_KEPT_MS,
  MAX_ENTRIES,
  type EvaluationEntry,
  type EvaluationsDoc,
} from '@tradewind/contracts/documents/evaluation';
import { evaluationId } from '@tradewind/contracts/paths';
import { plainGates, plainView } from '@tradewind/core/engine/recorded';
import { hashId } from '@tradewind/core/lib/ids';
import {
  bucketStart,
  durationMs,
  epochMs,
  later,
  minutes,
  type EpochMs,
} from '@tradewind/core/lib/time';
import type { Gate } from '@tradewind/core/strategy/gate';
import type { Decider } from './deciders.ts';
import type { Judged } from './evaluate-bars.ts';

const HOUR = minutes(60);
const fingerprintOf = (text: string): string => hashId('state', text).slice(0, 13);

/** The hour that a bar belongs to: the one that its last minute opened in. */
const hourOf = (at: EpochMs): EpochMs => bucketStart(epochMs(at - 1), HOUR);

/** Who judged. */
export type Maker = Pick<
  Decider,
  'strategyId' | 'bookId' | 'marketKey' | 'symbol' | 'version' | 'params' | 'positionSizeQuote'
> & { readonly engine: Pick<Decider['engine'], 'instance'>; readonly code: string };

type Made = NonNullable<EvaluationEntry['made']>;

function madeBy({ engine, version, params, positionSizeQuote, code }: Maker): Made {
  const { strategy, grid } = engine.instance;
  return {
    ...{ strategy: strategy.id, version: strategy.version, params: { ...params } },
    ...{ positionSizeQuote, ...grid, document: version, code },
  };
}

/** What has to be told anew is another than before. */
const differs = (a: unknown, b: unknown): boolean => textOf(a) !== textOf(b);
const textOf = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each));

const failingOf = (gates: readonly Gate[]): string =>
  gates
    .filter(({ passes }) => !passes)
    .map(({ gate }) => gate)
    .join();

/** What the entries before the next say of it, unless it says otherwise. */
type Carried = {
  facts: Judged['facts'] | undefined;
  made: EvaluationEntry['made'];
  action: EvaluationEntry['action'] | undefined;
  failing: string;
  left: string;
};

function carriedOf(doc: EvaluationsDoc | undefined): Carried {
  const entries = doc?.entries ?? [];
  return {
    facts: entries.findLast(({ facts }) => facts !== undefined)?.facts,
    made: entries.findLast(({ made }) => made !== undefined)?.made,
    action: entries.at(-1)?.action,
    failing: failingOf(doc?.latest ?? []),
    left: doc?.left ?? '',
  };
}

/** Only what is there, so that documents hold no empty fields. */
const unless = <T extends object>(isEmpty: boolean, part: T): T | Record<string, never> =>
  isEmpty ? {} : part;

type Entering = {
  readonly judged: Judged;
  readonly made: Made;
  readonly carried: Carried;
  readonly wallNow: EpochMs;
};

function entryOf({ judged, made, carried, wallNow }: Entering): EvaluationEntry {
  const { facts, audit, state, windows } = judged;
  const { gates, fault } = audit;
  const told = judged.told.flatMap((event) => (event.kind === 'bar' ? [] : [event]));
  const moved = judged.moved.map((record) => ({
    ...record,
    indicatorValues: { ...record.indicatorValues },
  }));
  const isNews = judged.action !== carried.action || failingOf(gates) !== carried.failing;
  return {
    ...{ at: judged.at, now: judged.now, savedAt: wallNow, close: judged.bar.close },
    ...{ fed: judged.fed, bars: judged.bars },
    ...unless(windows === null, { windows: { ...windows } }),
    ...unless(told.length === 0, { told }),
    ...unless(!differs(facts, carried.facts), { facts }),
    ...unless(!differs(made, carried.made), { made }),
    ...unless(fingerprintOf(state) === carried.left, { state }),
    ...{ action: judged.action, signalId: judged.signalId, sent: judged.sent },
    ...{ failing: judged.failing, reason: judged.reason, verdict: judged.verdict },
    ...unless(!isNews, { gates: plainGates(gates) }),
    view: plainView(audit.view),
    ...unless(moved.length === 0, { moved }),
    ...unless(fault === null, { fault: fault ?? '' }),
  };
}

/** What was judged, by the hour that its bars belong to, oldest first. */
export function byHour(judged: readonly Judged[]): ReadonlyMap<EpochMs, readonly Judged[]> {
  const hours = new Map<EpochMs, Judged[]>();
  for (const one of judged) {
    const hour = hourOf(one.at);
    hours.set(hour, [...(hours.get(hour) ?? []), one]);
  }
  return hours;
}

export type Recording = {
  readonly maker: Maker;
  /** Of one hour, oldest first. */
  readonly judged: readonly [Judged, ...Judged[]];
  /** The state that the last of them left, as text. */
  readonly left: string;
  readonly wallNow: EpochMs;
};

/** Adds what was judged to an hour's evaluations, telling only what is another than before. */
export function withEvaluations(
  before: EvaluationsDoc | undefined,
  { maker, judged, left, wallNow }: Recording,
): EvaluationsDoc {
  const kept = before?.entries ?? [];
  const isFull = kept.length + judged.length > MAX_ENTRIES;
  const known = isFull ? undefined : before;
  const made = madeBy(maker);
  const entries = [...(known?.entries ?? [])];
  let carried = carriedOf(known);
  judged.forEach((one, index) => {
    const entry = entryOf({ judged: one, made, carried, wallNow });
    entries.push(entry);
    carried = {
      ...{ facts: one.facts, made, action: one.action, failing: failingOf(one.audit.gates) },
      left: fingerprintOf(judged[index + 1]?.state ?? left),
    };
  });
  const { strategyId, bookId, marketKey, symbol } = maker;
  return {
    ...{ bookId, strategyId, marketKey, symbol, entries },
    hourAt: hourOf(judged[0].at),
    latest: plainGates((judged.at(-1) ?? judged[0]).audit.gates),
    left: carried.left,
    dropped: (before?.dropped ?? 0) + (isFull ? kept.length : 0),
    updatedAt: wallNow,
    expiresAt: later(wallNow, durationMs(EVALUATIONS_KEPT_MS)),
  };
}

/** The document of an hour. */
export const idOf = ({ strategyId, marketKey }: Maker, hour: EpochMs): string =>
  evaluationId(strategyId, marketKey, hour);
