import { CAUSES, STATES, transition, TRANSITIONS, type Cause, type State } from './machine.ts';

/** The table of 03, section 3, and beneath it what we add (ADR 0020). */
const ROWS: readonly (readonly [State, Cause, State])[] = [
  ['INACTIVE', 'activated', 'WARMING_UP'],
  ['WARMING_UP', 'ready', 'MONITORING'],
  ['MONITORING', 'S1', 'SIGNAL_DETECTED'],
  ['SIGNAL_DETECTED', 'O1', 'MONITORING'],
  ['SIGNAL_DETECTED', 'expired', 'MONITORING'],
  ['SIGNAL_DETECTED', 'considered', 'ENTRY_EVALUATION'],
  ['ENTRY_EVALUATION', 'O1', 'MONITORING'],
  ['ENTRY_EVALUATION', 'expired', 'MONITORING'],
  ['ENTRY_EVALUATION', 'approved', 'ENTRY_PENDING'],
  ['ENTRY_EVALUATION', 'refused', 'MONITORING'],
  ['ENTRY_PENDING', 'filled', 'POSITION_ACTIVE'],
  ['ENTRY_PENDING', 'unfilled', 'COOLDOWN'],
  ['POSITION_ACTIVE', 'ZE1', 'EXIT_PENDING'],
  ['POSITION_ACTIVE', 'E1', 'EMERGENCY_EXIT'],
  ['ENTRY_PENDING', 'E1', 'EMERGENCY_EXIT'],
  ['EXIT_PENDING', 'flat', 'COOLDOWN'],
  ['EMERGENCY_EXIT', 'flat', 'COOLDOWN'],
  ['COOLDOWN', 'over', 'MONITORING'],
  ['PAUSED', 'resumed', 'MONITORING'],
  ['PAUSED', 'resumedHolding', 'POSITION_ACTIVE'],
  // E1 in every state with exposure, and STR-35.
  ['EXIT_PENDING', 'E1', 'EMERGENCY_EXIT'],
  ['PAUSED', 'E1', 'EMERGENCY_EXIT'],
  ['POSITION_ACTIVE', 'flat', 'COOLDOWN'],
  // A fill that comes late, or before its approval was heard of.
  ['MONITORING', 'filled', 'POSITION_ACTIVE'],
  ['SIGNAL_DETECTED', 'filled', 'POSITION_ACTIVE'],
  ['ENTRY_EVALUATION', 'filled', 'POSITION_ACTIVE'],
  ['COOLDOWN', 'filled', 'POSITION_ACTIVE'],
  // A person starts it again.
  ['ERROR', 'activated', 'WARMING_UP'],
  ['DISABLED', 'activated', 'WARMING_UP'],
  // Any state that can still be left; an exit under way is not paused.
  ...STATES.filter((state) => state !== 'ERROR' && state !== 'DISABLED').flatMap((state) => [
    [state, 'errors', 'ERROR'] as const,
    [state, 'orderFailures', 'DISABLED'] as const,
  ]),
  ...STATES.filter(
    (state) => !['PAUSED', 'EXIT_PENDING', 'EMERGENCY_EXIT', 'ERROR', 'DISABLED'].includes(state),
  ).map((state) => [state, 'paused', 'PAUSED'] as const),
];

const allowed = new Map(ROWS.map(([from, cause, to]) => [`${from} ${cause}`, to]));

describe('STR-T04 the states of a five-section strategy', () => {
  test.each(ROWS)('%s is left by %s to %s', (from, cause, to) => {
    expect(transition(from, cause)).toEqual({ ok: true, value: to });
  });

  const forbidden = STATES.flatMap((state) =>
    CAUSES.filter((cause) => !allowed.has(`${state} ${cause}`)).map(
      (cause) => [state, cause] as const,
    ),
  );
  test.each(forbidden)('%s is not left by %s', (state, cause) => {
    expect(transition(state, cause)).toEqual({
      ok: false,
      error: { kind: 'forbiddenMove', state, cause },
    });
  });

  test('every move of the table is one of these', () => {
    const moves = STATES.flatMap((state) => Object.keys(TRANSITIONS[state]));
    expect(moves).toHaveLength(allowed.size);
    expect(forbidden).toHaveLength(STATES.length * CAUSES.length - allowed.size);
  });
});
