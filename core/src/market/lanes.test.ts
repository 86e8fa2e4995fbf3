import fc from 'fast-check';
import { cascadeAdd, cascadeAdvance, cascadeBatch, cascadeInit, cascadeMark } from './cascade.ts';
import {
  lanesEvent,
  lanesInit,
  lanesOffer,
  lanesPressure,
  lanesTake,
  type Dropped,
  type Lanes,
} from './lanes.ts';
import { slowInit, slowNext } from './slow-handlers.ts';
import { collector, T0, tick } from './testing.ts';
import type { Tick } from './tick.ts';

const nobody = (): boolean => false;

const setup = (capacity: number, hasPosition: (key: string) => boolean = nobody) => {
  const lanes: Lanes<string> = lanesInit(capacity);
  return {
    lanes,
    offer: (marketKey: string, each: Tick, now = 0): Dropped | undefined =>
      lanesOffer(lanes, { marketKey, tick: each, hasPosition, now }),
    drain: () => {
      const taken = [];
      for (let item = lanesTake(lanes); item !== undefined; item = lanesTake(lanes))
        taken.push(item);
      return taken;
    },
  };
};

describe('the lanes', () => {
  test('hand out ticks in the order they came, over all markets', () => {
    const { offer, drain } = setup(100);
    for (const [key, at] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ] as const)
      offer(key, tick({ at }));
    expect(drain()).toMatchObject([
      { marketKey: 'a', tick: { id: 1 } },
      { marketKey: 'b', tick: { id: 2 } },
      { marketKey: 'a', tick: { id: 3 } },
    ]);
  });

  test('MD-71 hand out events before every tick, and drop none', () => {
    const { lanes, offer } = setup(2);
    for (let at = 0; at < 50; at += 1) {
      offer('a', tick({ at: at * 1_000 }));
      lanesEvent(lanes, `event ${at}`);
    }
    const first = Array.from({ length: 50 }, () => lanesTake(lanes));
    expect(first.map((item) => item?.kind === 'event' && item.event)).toEqual(
      Array.from({ length: 50 }, (_, at) => `event ${at}`),
    );
    expect(lanesTake(lanes)?.kind).toBe('tick');
  });

  test('MD-70 MD-73 hold no more than their capacity: the oldest of the longest backlog goes', () => {
    const { lanes, offer, drain } = setup(10);
    for (let at = 0; at < 7; at += 1) offer('long', tick({ at: at * 1_000 }));
    for (let at = 0; at < 3; at += 1) offer('short', tick({ at: at * 1_000, id: 100 + at }));
    expect(offer('short', tick({ at: 9_000 }))).toEqual({
      marketKey: 'long',
      from: T0,
      until: T0 + 1,
      trades: 1,
    });
    expect(lanes).toMatchObject({ depth: 10, dropped: 1 });
    const taken = drain().map((item) => item.kind === 'tick' && [item.marketKey, item.tick.id]);
    expect(taken[0]).toEqual(['long', 1_000]);
    expect(taken).toHaveLength(10);
    expect(lanes.depth).toBe(0);
  });

  test('MD-T07 MD-73 drop nothing of a market with an open position', () => {
    const { lanes, offer, drain } = setup(10, (key) => key === 'held');
    for (let at = 0; at < 40; at += 1) offer('held', tick({ at: at * 250 }));
    for (let at = 0; at < 40; at += 1) offer('other', tick({ at: at * 250, id: 1_000 + at }));
    for (let at = 40; at < 80; at += 1) offer('held', tick({ at: at * 250 }));
    let held = 0;
    for (const item of drain())
      if (item.kind !== 'event' && item.marketKey === 'held')
        held += item.kind === 'batch' ? item.batch.ids.length : 1;
    expect(held).toBe(80);
    expect(lanes.dropped).toBe(40);
  });

  test('MD-73 is critical once it has been full for 5 s, until it is below 80 %', () => {
    const { lanes, offer } = setup(10);
    for (let at = 0; at < 10; at += 1) offer('a', tick({ at: at * 1_000 }), 0);
    expect(lanesPressure(lanes, 9_000)).toEqual({ share: 1, isCritical: false });
    offer('a', tick({ at: 10_000 }), 9_000);
    expect(lanesPressure(lanes, 13_999).isCritical).toBe(false);
    expect(lanesPressure(lanes, 14_000).isCritical).toBe(true);
    for (let taken = 0; taken < 3; taken += 1) lanesTake(lanes);
    expect(lanesPressure(lanes, 14_000).isCritical).toBe(false);
  });

  test('MD-72 fold ticks of one market and 100 ms into one from 80 % on, not before', () => {
    const { lanes, offer, drain } = setup(10);
    for (let index = 0; index < 8; index += 1) offer('a', tick({ at: index }));
    expect([lanes.depth, lanes.folded]).toEqual([8, 0]);
    for (let index = 8; index < 99; index += 1) offer('a', tick({ at: index }));
    expect([lanes.depth, lanes.folded]).toEqual([8, 91]);
    offer('a', tick({ at: 100 }));
    offer('b', tick({ at: 50 }));
    expect(lanes.depth).toBe(10);
    expect(drain().at(7)).toMatchObject({ kind: 'batch', batch: { sums: { trades: 92 } } });
  });

  const rows = fc.array(
    fc.record({
      gap: fc.nat(120),
      price: fc.integer({ min: 90, max: 110 }),
      size: fc.integer({ min: 1, max: 9 }),
      isBuy: fc.boolean(),
      again: fc.boolean(),
      taken: fc.nat(2),
    }),
    { minLength: 1, maxLength: 120 },
  );

  test.each([false, true])(
    'prop: MD-72 MD-73 bars stay exact in a crush, or are marked incomplete (position open: %s)',
    (isHeld) => {
      fc.assert(
        fc.property(rows, fc.boolean(), (list, asText) => {
          const { lanes, offer } = setup(8, () => isHeld);
          const [crushed, plain] = [collector(), collector()];
          const [state, calm] = [cascadeInit(), cascadeInit()];
          const work = (): boolean => {
            const item = lanesTake(lanes);
            if (item?.kind === 'tick') cascadeAdd(state, item.tick, crushed.sink);
            if (item?.kind === 'batch') cascadeBatch(state, item.batch, crushed.sink);
            return item !== undefined;
          };
          let at = 0;
          list.forEach(({ gap, again, taken, ...rest }, index) => {
            at += gap;
            const each = tick({ ...rest, at, id: asText ? `t${index}` : 7 + index });
            cascadeAdd(calm, each, plain.sink);
            for (const copy of again ? [each, each] : [each]) {
              const dropped = offer('a', copy);
              if (dropped !== undefined) cascadeMark(state, { ...dropped, incomplete: true });
            }
            for (let turn = 0; turn < taken; turn += 1) work();
          });
          while (work());
          for (const one of [
            { state, sink: crushed.sink },
            { state: calm, sink: plain.sink },
          ])
            cascadeAdvance(one.state, T0 + at + 70_000, one.sink);
          const known = new Map(crushed.bars['1m'].map((bar) => [bar.openAt, bar]));
          for (const bar of plain.bars['1m']) {
            const found = known.get(bar.openAt);
            if (found?.incomplete !== true) expect(found).toEqual(bar);
          }
          if (isHeld && !asText) expect(crushed.bars['1s']).toEqual(plain.bars['1s']);
        }),
      );
    },
  );
});

describe('a slow handler', () => {
  test('MD-74 is logged above 50 ms, and isolated at the third time within a minute', () => {
    const state = slowInit();
    const call = (tookMs: number, now: number) =>
      slowNext(state, { handler: 'stops', tookMs, now });
    expect(call(50, 0)).toBe('fine');
    expect(call(51, 0)).toBe('log');
    expect(call(51, 30_000)).toBe('log');
    expect(call(51, 60_000)).toBe('log');
    expect(call(51, 61_000)).toBe('isolate');
    expect(slowNext(state, { handler: 'other', tookMs: 51, now: 61_000 })).toBe('log');
  });
});
