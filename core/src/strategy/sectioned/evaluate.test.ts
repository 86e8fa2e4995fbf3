import { holding, MINUTE, switchedParams, walker, walkerIn } from '../../../test/sectioned.ts';
import type { Step } from '../../engine/engine.ts';
import { restarted } from '../../engine/restore.ts';
import { epochMs } from '../../lib/time.ts';
import { money, price } from '../../lib/units.ts';

const pending = { pendingOrder: true };
/** What a step does, short. */
const done = ({ effects }: Step): string[] =>
  effects.map((effect) =>
    effect.kind === 'signal' ? `${effect.signal.action} ${effect.signal.signalType}` : effect.kind,
  );

describe('a five-section strategy', () => {
  test('an exit is asked for again until nothing is held, and its entry cancelled again', () => {
    for (const [state, exit] of [
      ['EXIT_PENDING', 'EXIT ZE1'],
      ['EMERGENCY_EXIT', 'EXIT E1'],
    ] as const)
      expect(done(walkerIn(state).bar([], { facts: holding }))).toEqual([exit]);
    const strategy = walkerIn('ENTRY_PENDING');
    strategy.bar(['E1'], { facts: pending });
    expect(done(strategy.bar([], { facts: pending }))).toEqual(['cancelEntries']);
    // The cancellation came too late.
    expect(done(strategy.bar([], { facts: holding }))).toEqual(['EXIT E1']);
  });

  test('a pause of an exit under way begins when nothing is held any more', () => {
    const strategy = walkerIn('EXIT_PENDING');
    strategy.send({ kind: 'pause', reason: 'by hand' });
    expect(strategy.at()).toBe('EXIT_PENDING');
    const { records } = strategy.bar().audit;
    expect(records.map(({ to }) => to)).toEqual(['COOLDOWN', 'PAUSED']);
  });

  test('it goes on when the cause is gone: to its position if it holds one, else to watching', () => {
    for (const [facts, to, cause] of [
      [{}, 'MONITORING', 'resumed'],
      [holding, 'POSITION_ACTIVE', 'resumedHolding'],
    ] as const) {
      const strategy = walkerIn('PAUSED');
      strategy.send({ kind: 'resume' });
      expect(strategy.bar([], { facts }).audit.records).toMatchObject([{ to, cause }]);
    }
    const entering = walkerIn('ENTRY_PENDING');
    entering.send({ kind: 'pause', reason: 'by hand' });
    entering.send({ kind: 'resume' });
    // Its entry may still fill: it waits for what becomes of it.
    expect(entering.bar([], { facts: pending }).audit.failing?.reason).toBe('pending_order');
    entering.order({ status: 'cancelled' });
    entering.bar();
    expect(entering.at()).toBe('MONITORING');
  });

  test('an entry that filled while it was paused is its position when it goes on', () => {
    for (const told of [true, false]) {
      const strategy = walkerIn('ENTRY_PENDING');
      strategy.send({ kind: 'pause', reason: 'by hand' });
      if (told) strategy.order({ status: 'filled' });
      strategy.send({ kind: 'resume' });
      strategy.bar([], { facts: holding });
      expect(strategy.at()).toBe('POSITION_ACTIVE');
    }
  });

  test('bars are judged the same whether events tell of fills or only the ledger shows them', () => {
    const [told, shown] = [walkerIn('ENTRY_EVALUATION'), walkerIn('ENTRY_EVALUATION')];
    told.order({ status: 'approved' });
    told.order({ status: 'filled' });
    for (const each of [told, shown])
      expect(done(each.bar(['ZE1'], { facts: holding }))).toEqual(['EXIT ZE1']);
    told.order({ action: 'EXIT', status: 'filled' });
    told.position({ status: 'closed' });
    for (const each of [told, shown]) {
      each.bar(['S1']);
      each.bar(['S1']);
      expect(each.at()).toBe('SIGNAL_DETECTED');
    }
  });

  test('started again, it forgives what it failed at and warms up; what it holds is found again', () => {
    for (const end of ['DISABLED', 'ERROR'] as const) {
      const strategy = walkerIn('POSITION_ACTIVE');
      Object.assign(strategy.state.memory, { state: end, orderFailures: 10, pausedFor: 'by hand' });
      const state = restarted(strategy.engine, strategy.state, strategy.now());
      expect(state).toMatchObject({ status: 'RUNNING', pausedFor: null, errors: 0 });
      strategy.bar([], { facts: holding });
      expect(done(strategy.bar(['ZE1'], { facts: holding }))).toEqual(['EXIT ZE1']);
    }
  });

  test('a blocked book keeps nothing from its normal exit', () => {
    const strategy = walkerIn('POSITION_ACTIVE');
    const facts = { ...holding, entryBlock: { reason: 'daily_loss', detail: '3 %' } } as const;
    expect(done(strategy.bar(['ZE1'], { facts }))).toEqual(['EXIT ZE1']);
  });

  test('STR-35 a position that somebody else opened is not its own', () => {
    const strategy = walkerIn('ENTRY_PENDING');
    strategy.position({ status: 'opened', isExternal: true });
    expect(strategy.at()).toBe('ENTRY_PENDING');
  });

  test('the end of another order is not that of its entry', () => {
    const strategy = walkerIn('ENTRY_PENDING');
    strategy.order({ intentId: 'older', status: 'cancelled' });
    expect(strategy.at()).toBe('ENTRY_PENDING');
  });

  test('a refused entry is not asked for again within 30 s, nor one that was not filled', () => {
    const strategy = walkerIn('ENTRY_EVALUATION', { ...switchedParams, rearmSeconds: 90 });
    strategy.order({ status: 'refused', reason: 'daily_loss' });
    expect(strategy.bar(['S1']).audit.failing).toMatchObject({ gate: 'rearmSeconds', input: 30 });
    strategy.bar(['S1']);
    expect(strategy.at()).toBe('SIGNAL_DETECTED');
  });

  test('the cooldown runs from the last fill', () => {
    const strategy = walkerIn('EXIT_PENDING');
    const lastFill = {
      at: epochMs(strategy.now() + 30_000),
      side: 'SELL',
      price: price('100'),
    } as const;
    const reasons = Array.from({ length: 5 }, () => {
      const { audit } = strategy.bar([], { facts: { lastFill } });
      return `${strategy.at()} ${String(audit.failing?.input)}`;
    });
    // 180 s after a fill at 0:30 is 3:30.
    expect(reasons).toEqual([
      'COOLDOWN 150',
      'COOLDOWN 90',
      'COOLDOWN 30',
      'MONITORING MONITORING',
      'MONITORING 0',
    ]);
  });

  test('an entry that the book has no money for waits until the signal expires', () => {
    const strategy = walkerIn('SIGNAL_DETECTED');
    const { audit, effects } = strategy.bar(['Z1'], { facts: { availableQuote: money('1') } });
    expect(effects).toEqual([]);
    expect(audit.failing?.reason).toBe('insufficient_balance');
    expect(done(strategy.bar(['Z1']))).toEqual(['ENTER Z1']);
  });

  test('STR-37 STR-T11 an S1 that always holds fires once per interval', () => {
    const strategy = walkerIn('MONITORING', { ...switchedParams, minSignalIntervalSeconds: 300 });
    const fired: number[] = [];
    for (let minute = 0; minute < 30; minute += 1)
      for (const { cause, at } of strategy.bar([
        'S1',
        ...(minute % 2 === 1 ? (['O1'] as const) : []),
      ]).audit.records)
        if (cause === 'S1') fired.push(at);
    expect(fired.length).toBeGreaterThan(3);
    for (const [index, at] of fired.slice(1).entries())
      expect(at - (fired[index] ?? at)).toBeGreaterThanOrEqual(5 * MINUTE);
  });

  test('RSK-66 ten orders that failed in a row disable it, a fill and an open breaker start or stop no count', () => {
    const strategy = walkerIn('MONITORING');
    const fail = (times: number, reason: string | null = null) => {
      for (let i = 0; i < times; i += 1)
        strategy.order({ action: 'EXIT', status: 'rejected', reason });
    };
    fail(9);
    strategy.order({ action: 'EXIT', status: 'filled' });
    fail(9);
    fail(5, 'breaker_open');
    strategy.bar();
    expect(strategy.at()).toBe('MONITORING');
    fail(1);
    const { audit } = strategy.bar(['S1']);
    expect(audit.records).toMatchObject([{ to: 'DISABLED', cause: 'orderFailures' }]);
    expect(audit.failing?.reason).toBe('disabled');
    expect(strategy.bar(['S1', 'E1'], { facts: holding })).toMatchObject({
      effects: [],
      audit: { failing: { reason: 'disabled' }, view: { handOver: true } },
    });
  });

  test('STR-06 three failed evaluations in a row end in ERROR', () => {
    const strategy = walkerIn('MONITORING', {
      ...switchedParams,
      S1: { conditions: [{ id: 'up', condition: 'price', operator: 'rising' }] },
    });
    Object.assign(strategy.state.memory, { tracks: null });
    const steps = [1, 2, 3].map(() => strategy.bar());
    expect(steps.map(({ audit }) => audit.records.length)).toEqual([0, 0, 1]);
    expect(strategy.at()).toBe('ERROR');
  });

  test('STR-33 E1 that cannot be told while something is held is told to people, then handed over', () => {
    const strategy = walkerIn('POSITION_ACTIVE');
    const unknown = { facts: holding, windows: { IMBALANCE_60_0: null } };
    expect(strategy.bar([], unknown).audit.view).toMatchObject({ alert: false, handOver: false });
    const { audit } = strategy.bar([], unknown);
    expect(audit.view).toMatchObject({ e1UnknownMs: MINUTE, alert: true, handOver: true });
    expect(audit.failing).toMatchObject({ gate: 'E1.unknownSeconds', input: 60 });
    expect(strategy.bar([], { facts: holding }).audit.view).toMatchObject({ e1UnknownMs: 0 });
  });

  test('STR-34 the record of an approved entry has the confidence and values of its Z1', () => {
    const strategy = walkerIn('ENTRY_EVALUATION');
    expect(strategy.order({ status: 'approved' }).audit.records).toMatchObject([
      { confidence: 0.5, indicatorValues: { MOMENTUM_60_0: 1 }, actionTaken: 'ORDER_CREATED' },
    ]);
  });

  test('STR-08 it resumes from what was stored as if it had never stopped', () => {
    const params = {
      ...switchedParams,
      S1: { conditions: [{ id: 'up', condition: 'price', operator: 'rising', holdSeconds: 120 }] },
    };
    const [through, stopped] = [walker(params), walker(params)];
    const closes = [100, 100, 100, 101, 102, 103];
    for (const close of closes.slice(0, 4))
      for (const each of [through, stopped]) each.bar([], { close });
    const copy = JSON.parse(JSON.stringify(stopped.state)) as typeof stopped.state;
    Object.assign(stopped.state, copy);
    for (const close of closes.slice(4))
      expect(stopped.bar([], { close })).toEqual(through.bar([], { close }));
    expect(through.at()).toBe('SIGNAL_DETECTED');
  });

  test('a gap of more than three bars is no comparison: nothing is held over it', () => {
    const params = {
      ...switchedParams,
      S1: { conditions: [{ id: 'up', condition: 'price', operator: 'crossesAbove', value: 150 }] },
    };
    for (const [after, to] of [
      [3, 'SIGNAL_DETECTED'],
      [4, 'MONITORING'],
    ] as const) {
      const strategy = walkerIn('MONITORING', params);
      strategy.bar([], { close: 200, after });
      expect(strategy.at()).toBe(to);
    }
  });
});
