import {
  holding,
  MINUTE,
  T0,
  walkerIn,
  type Brought,
  type Walker,
} from '../../../test/sectioned.ts';
import type { Step } from '../../engine/engine.ts';
import { epochMs } from '../../lib/time.ts';
import { price } from '../../lib/units.ts';
import type { OrderUpdate, PositionUpdate, StateRecord } from '../strategy.ts';
import type { Cause, State } from './machine.ts';
import type { SectionName } from './params.ts';

type Act = (to: Walker) => Step;
const bar = (on: readonly SectionName[] = [], brought: Brought = {}): Act => {
  return (to) => to.bar(on, brought);
};
const order =
  (status: OrderUpdate['status']): Act =>
  (to) =>
    to.order({ status });
const position =
  (update: Partial<PositionUpdate>): Act =>
  (to) =>
    to.position(update);
const pausedByHand: Act = (to) => to.send({ kind: 'pause', reason: 'by hand' });

const held = { facts: holding };
const pending = { facts: { pendingOrder: true } };
const both = { facts: { ...holding, pendingOrder: true } };
/** A fill of which the cooldown is not over. */
const lastFill = { at: epochMs(T0 + 10 * MINUTE), side: 'SELL', price: price('100') } as const;
const sold = { facts: { lastFill } };
const stale = { facts: { stale: true } };
const staleHeld = { facts: { ...holding, stale: true } };
const stalePending = { facts: { pendingOrder: true, stale: true } };
const blocked = { facts: { entryBlock: { reason: 'drawdown', detail: '5 %' } } } as const;
const unknown = (name: string): Brought => ({ windows: { [name]: null } });
const O1_UNKNOWN = unknown('DUMP_MAGNITUDE_300_0');

type Row = readonly [from: State, what: string, act: Act, cause: Cause, to: State, does?: string];
const ROWS: readonly Row[] = [
  ['INACTIVE', 'its first bar', bar(), 'activated', 'WARMING_UP'],
  ['WARMING_UP', 'a value of every variant', bar(), 'ready', 'MONITORING'],
  ['MONITORING', 'S1, whatever else', bar(['S1', 'O1', 'Z1', 'E1']), 'S1', 'SIGNAL_DETECTED'],
  ['SIGNAL_DETECTED', 'O1 before Z1', bar(['O1', 'Z1', 'S1']), 'O1', 'MONITORING'],
  ['SIGNAL_DETECTED', 'an unknown O1', bar(['Z1'], O1_UNKNOWN), 'O1', 'MONITORING'],
  ['SIGNAL_DETECTED', 'its clock', bar(['Z1'], { after: 3 }), 'expired', 'MONITORING'],
  ['SIGNAL_DETECTED', 'a Z1 not met', bar(['S1']), 'considered', 'ENTRY_EVALUATION'],
  ['SIGNAL_DETECTED', 'a Z1 met', bar(['Z1']), 'considered', 'ENTRY_EVALUATION', 'ENTER Z1'],
  ['SIGNAL_DETECTED', 'an entry given up', order('filled'), 'filled', 'POSITION_ACTIVE'],
  ['ENTRY_EVALUATION', 'approval', order('approved'), 'approved', 'ENTRY_PENDING'],
  ['ENTRY_EVALUATION', 'refusal', order('refused'), 'refused', 'MONITORING'],
  ['ENTRY_EVALUATION', 'expiry', order('expired'), 'refused', 'MONITORING'],
  ['ENTRY_EVALUATION', 'no answer', bar(['Z1']), 'refused', 'MONITORING'],
  ['ENTRY_EVALUATION', 'an early fill', order('partial'), 'filled', 'POSITION_ACTIVE'],
  ['ENTRY_EVALUATION', 'what the ledger shows', bar([], held), 'filled', 'POSITION_ACTIVE'],
  ['ENTRY_PENDING', 'a part of its fill', order('partial'), 'filled', 'POSITION_ACTIVE'],
  ['ENTRY_PENDING', 'its position', position({ status: 'opened' }), 'filled', 'POSITION_ACTIVE'],
  ['ENTRY_PENDING', 'rejection', order('rejected'), 'unfilled', 'COOLDOWN'],
  ['ENTRY_PENDING', 'cancellation', order('cancelled'), 'unfilled', 'COOLDOWN'],
  ['ENTRY_PENDING', 'expiry', order('expired'), 'unfilled', 'COOLDOWN'],
  ['ENTRY_PENDING', 'an end without a word', bar(), 'unfilled', 'COOLDOWN'],
  ['ENTRY_PENDING', 'E1', bar(['E1'], pending), 'E1', 'EMERGENCY_EXIT', 'cancelEntries'],
  [
    'POSITION_ACTIVE',
    'E1, its entry going on',
    bar(['E1'], both),
    'E1',
    'EMERGENCY_EXIT',
    'both E1',
  ],
  ['POSITION_ACTIVE', 'ZE1', bar(['ZE1'], held), 'ZE1', 'EXIT_PENDING', 'EXIT ZE1'],
  ['POSITION_ACTIVE', 'E1', bar(['E1', 'ZE1'], held), 'E1', 'EMERGENCY_EXIT', 'EXIT E1'],
  ['POSITION_ACTIVE', 'STR-35 the venue', position({ isExternal: true }), 'flat', 'COOLDOWN'],
  ['POSITION_ACTIVE', 'a stop', bar(['S1', 'E1'], sold), 'flat', 'COOLDOWN'],
  [
    'POSITION_ACTIVE',
    'STR-T05 E1 on stale data',
    bar(['E1'], staleHeld),
    'E1',
    'EMERGENCY_EXIT',
    'EXIT E1',
  ],
  ['EXIT_PENDING', 'E1', bar(['E1'], both), 'E1', 'EMERGENCY_EXIT', 'both E1'],
  ['EXIT_PENDING', 'nothing held', bar(['E1'], sold), 'flat', 'COOLDOWN'],
  ['EXIT_PENDING', 'its position closed', position({}), 'flat', 'COOLDOWN'],
  ['EMERGENCY_EXIT', 'nothing held', bar(['E1'], sold), 'flat', 'COOLDOWN'],
  ['COOLDOWN', 'its end', bar(), 'over', 'MONITORING'],
  ['COOLDOWN', 'a late fill', order('filled'), 'filled', 'POSITION_ACTIVE'],
  ['MONITORING', 'a late fill', bar([], held), 'filled', 'POSITION_ACTIVE'],
  ['MONITORING', 'a person', pausedByHand, 'paused', 'PAUSED', 'cancelEntries'],
  ['MONITORING', 'stale data', bar(['S1'], stale), 'paused', 'PAUSED'],
  ['WARMING_UP', 'stale data', bar([], stale), 'paused', 'PAUSED'],
  ['SIGNAL_DETECTED', 'a blocked book', bar(['Z1'], blocked), 'paused', 'PAUSED'],
  ['ENTRY_EVALUATION', 'stale data', bar([], stalePending), 'paused', 'PAUSED', 'cancelEntries'],
  ['ENTRY_PENDING', 'stale data', bar([], stalePending), 'paused', 'PAUSED', 'cancelEntries'],
  ['POSITION_ACTIVE', 'stale data', bar(['ZE1'], staleHeld), 'paused', 'PAUSED'],
  ['COOLDOWN', 'a person', pausedByHand, 'paused', 'PAUSED', 'cancelEntries'],
  ['PAUSED', 'STR-T05 E1', bar(['E1'], held), 'E1', 'EMERGENCY_EXIT', 'EXIT E1'],
];

/** What a step does, short. */
const done = ({ effects }: Step): string => {
  const all = effects.map((effect) =>
    effect.kind === 'signal' ? `${effect.signal.action} ${effect.signal.signalType}` : effect.kind,
  );
  return all.join(', ').replace('cancelEntries, EXIT', 'both');
};

/** STR-34: what each cause did about it, where it did anything. */
const ACTIONS: Readonly<Partial<Record<Cause, StateRecord['actionTaken']>>> = {
  O1: 'SIGNAL_CANCELLED',
  expired: 'SIGNAL_CANCELLED',
  approved: 'ORDER_CREATED',
  refused: 'SIGNAL_CANCELLED',
  unfilled: 'SIGNAL_CANCELLED',
  ZE1: 'ORDER_CREATED',
  flat: 'POSITION_CLOSED',
};

describe('STR-T04 a five-section strategy', () => {
  const rows = ROWS.map(
    ([from, what, act, cause, to, does = '']) => [from, what, act, cause, to, does] as const,
  );
  test.each(rows)('%s is left by %s', (from, _, act, cause, to, does) => {
    const strategy = walkerIn(from);
    expect(strategy.at()).toBe(from);
    const step = act(strategy);
    expect(step.audit.fault).toBeNull();
    expect(step.audit.records).toMatchObject([{ from, to, cause, at: strategy.now() }]);
    expect(strategy.at()).toBe(to);
    expect(done(step)).toBe(does);
    const exits = does.endsWith('E1') && cause === 'E1' ? 'ORDER_CREATED' : 'SIGNAL_CANCELLED';
    const drops = /SIGNAL|ENTRY/.test(from) ? 'SIGNAL_CANCELLED' : 'NO_ACTION';
    const others = cause === 'E1' ? exits : cause === 'paused' ? drops : 'NO_ACTION';
    expect(step.audit.records[0]?.actionTaken).toBe(ACTIONS[cause] ?? others);
  });

  const RATE = 'MOMENTUM_60_0';
  type Stay = readonly [state: State, what: string, act: Act, reason: string];
  test.each<Stay>([
    ['WARMING_UP', 'while a variant is unknown', bar([], unknown(RATE)), 'warmup'],
    ['WARMING_UP', 'on a bar of history', bar([], { facts: { warmup: true } }), 'warmup'],
    ['MONITORING', 'without S1', bar(['Z1', 'O1', 'ZE1', 'E1']), 'no_signal'],
    ['MONITORING', 'on a bar with holes', bar(['S1'], { incomplete: true }), 'low_data_quality'],
    [
      'SIGNAL_DETECTED',
      'on such a bar',
      bar(['Z1', 'O1'], { incomplete: true }),
      'low_data_quality',
    ],
    ['ENTRY_EVALUATION', 'until it is answered', bar(['Z1', 'O1'], pending), 'pending_order'],
    ['ENTRY_PENDING', 'while under way', bar(['Z1', 'S1', 'ZE1'], pending), 'pending_order'],
    ['POSITION_ACTIVE', 'without ZE1 and E1', bar(['S1', 'O1', 'Z1'], held), 'no_signal'],
    ['POSITION_ACTIVE', 'while its entry goes on', bar(['ZE1'], both), 'no_signal'],
    ['EXIT_PENDING', 'while under way', bar(['ZE1'], both), 'pending_order'],
    ['EMERGENCY_EXIT', 'while under way', bar(['E1'], both), 'pending_order'],
    ['PAUSED', 'while its cause lasts', bar(['S1', 'Z1', 'ZE1']), 'paused'],
    ['PAUSED', 'holding nothing, whatever E1 says', bar(['E1']), 'paused'],
  ])('%s stays %s', (state, _, act, reason) => {
    const strategy = walkerIn(state);
    const { audit, effects } = act(strategy);
    expect(strategy.at()).toBe(state);
    expect(audit.records).toEqual([]);
    expect(effects).toEqual([]);
    expect(audit.failing?.reason).toBe(reason);
  });
});
