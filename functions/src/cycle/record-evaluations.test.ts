import { documentSize } from '@tradewind/adapters/ledger/document-size';
import { epochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import { measure } from '@tradewind/core/strategy/gate';
import { evaluationsDoc, MAX_ENTRIES } from '@tradewind/contracts/documents/evaluation';
import * as z from 'zod';
import type { Judged } from './evaluate-bars.ts';
import { byHour, withEvaluations, type Maker } from './record-evaluations.ts';
import { weighted } from '@tradewind/core/strategy/weighted/weighted';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = 480_000 * HOUR;
const WALL = epochMs(T0 + 5);

const prepared = weighted.prepare({});
if (!prepared.ok) throw new Error(prepared.error);
const maker: Maker = {
  strategyId: 'trend',
  bookId: 'paper',
  marketKey: 'binance_spot_BTC-USDT',
  symbol: 'BTC-USDT',
  version: 3,
  params: { timeframe: '1m' },
  positionSizeQuote: money('100'),
  code: 'local',
  engine: {
    instance: {
      bookId: 'paper',
      strategyId: 'trend',
      marketKey: 'binance_spot_BTC-USDT',
      symbol: 'BTC-USDT',
      grid: { tickSize: 0.01, lotSize: 0.0001 },
      base: '1m',
      strategy: prepared.value,
      positionSizeQuote: money('100'),
    },
  },
};

/** How the bar of a minute was judged: by one gate, which fails below 1. */
const judged = (minute: number, score = 0.1, changes: Partial<Judged> = {}): Judged => {
  const gate = measure({ gate: 'temperature', reason: 'temperature_too_low' }, score, ['>=', 1]);
  const at = epochMs(T0 + minute * MINUTE);
  return {
    at,
    now: at,
    bar: {
      openAt: at - MINUTE,
      open: 1,
      high: 1,
      low: 1,
      close: 1,
      volume: 1,
      buyVolume: null,
      trades: 1,
      incomplete: false,
    },
    fed: 1,
    bars: 'abc',
    windows: null,
    told: [],
    moved: [],
    facts: {
      position: null,
      pendingOrder: false,
      lastFill: null,
      availableQuote: money('1000'),
      entryBlock: null,
      stale: false,
      dataQuality: 1,
      warmup: false,
    },
    state: `state before ${minute}`,
    audit: {
      barCloseAt: at,
      gates: [gate],
      failing: gate.passes ? null : gate,
      view: { score },
      fault: null,
      records: [],
    },
    action: gate.passes ? 'ENTER' : 'HOLD',
    signalId: null,
    failing: gate.passes ? null : 'temperature',
    reason: gate.passes ? null : 'temperature_too_low',
    verdict: String(score),
    sent: false,
    ...changes,
  };
};

type Before = Parameters<typeof withEvaluations>[0];
const add = (before: Before, ...some: readonly [Judged, ...Judged[]]) =>
  withEvaluations(before, {
    maker,
    judged: some,
    left: `state before ${(some.at(-1)?.at ?? 0) / MINUTE - T0 / MINUTE + 1}`,
    wallNow: WALL,
  });

test('STR-12 every evaluation is recorded: the first of an hour tells everything, the next only what is another than before', () => {
  const doc = add(add(undefined, judged(1)), judged(2));
  expect(doc.entries[0]).toMatchObject({
    made: { strategy: 'weighted', document: 3, code: 'local', params: { timeframe: '1m' } },
    facts: { dataQuality: 1 },
    state: 'state before 1',
    gates: [{ gate: 'temperature', input: 0.1, threshold: 1, passes: false }],
  });
  const named = Object.keys(doc.entries[1] ?? {});
  for (const left of ['made', 'facts', 'state', 'gates', 'told', 'moved', 'fault', 'windows'])
    expect(named).not.toContain(left);
});

test('gates are told when others fail, or the action is another; the last ones always', () => {
  const doc = [judged(1), judged(2, 0.2), judged(3, 1)].reduce<Before>(
    (before, one) => add(before, one),
    undefined,
  );
  expect(doc?.entries.map(({ gates }) => gates !== undefined)).toEqual([true, false, true]);
  expect(add(doc, judged(4, 0.4)).latest).toMatchObject([{ input: 0.4 }]);
});

test('a state that the entry before did not leave is told', () => {
  const doc = add(add(undefined, judged(1)), judged(2, 0.1, { state: 'another' }));
  expect(doc.entries[1]?.state).toBe('another');
});

test('facts are told when they changed, in one evaluation of several bars as in several', () => {
  const poorer = { ...judged(1).facts, availableQuote: money('999') };
  const bars = [judged(1), judged(2, 0.1, { facts: poorer }), judged(3, 0.1, { facts: poorer })];
  const [first, second, third] = bars;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three');
  const atOnce = add(undefined, first, second, third);
  expect(atOnce.entries.map(({ facts }) => facts?.availableQuote)).toEqual([
    money('1000'),
    money('999'),
    undefined,
  ]);
  expect(atOnce).toEqual(add(add(add(undefined, first), second), third));
});

test('a bar belongs to the hour that it opened in', () => {
  const hours = byHour([judged(59), judged(60), judged(61)]);
  expect([...hours].map(([hour, bars]) => [hour - T0, bars.length])).toEqual([
    [0, 2],
    [HOUR, 1],
  ]);
});

test('too many of an hour begin anew, with everything told, and say so', () => {
  let doc: Before;
  for (let i = 0; i <= MAX_ENTRIES; i += 1) doc = add(doc, judged(1));
  expect(doc?.entries).toHaveLength(1);
  expect(doc?.dropped).toBe(MAX_ENTRIES);
  expect(doc?.entries[0]?.made).toBeDefined();
});

test('an hour of bars that change as bars do takes less than 40 kB', () => {
  let doc: Before;
  for (let minute = 1; minute <= 60; minute += 1)
    doc = add(
      doc,
      judged(minute, minute / 70, { bars: 'abcdefghijklm', verdict: 'abcdefghijklm' }),
    );
  const stored = doc === undefined ? {} : z.encode(evaluationsDoc, doc);
  expect(documentSize('books/paper/evaluations/hour', stored)).toBeLessThan(40_000);
});

test('what a figure that is no number came to is unknown, and can be stored', () => {
  const gate = measure({ gate: 'movedPct', reason: 'trade_step' }, Number.NaN, ['>=', 1]);
  const broken = judged(1, 0.1, {
    audit: { ...judged(1).audit, gates: [gate], failing: gate, view: { score: Number.NaN } },
  });
  const doc = add(undefined, broken);
  expect(doc.latest[0]?.input).toBeNull();
  expect(evaluationsDoc.safeDecode(z.encode(evaluationsDoc, doc)).success).toBe(true);
});
