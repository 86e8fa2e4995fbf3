import type { Gate } from '../gate.ts';
import type { State } from './machine.ts';

const STATE_WORDS: Readonly<Record<State, string>> = {
  INACTIVE: 'it was not activated yet',
  WARMING_UP: 'it waits until every variant has had a value',
  MONITORING: 'it watches for S1',
  SIGNAL_DETECTED: 'S1 spotted an opportunity: Z1 is looked at from the next bar on',
  ENTRY_EVALUATION: 'it waits for Z1',
  ENTRY_PENDING: 'its entry is under way',
  POSITION_ACTIVE: 'it holds a position and waits for ZE1 or E1',
  EXIT_PENDING: 'its exit is under way',
  EMERGENCY_EXIT: 'its emergency exit is under way',
  COOLDOWN: 'it pauses after a trade',
  PAUSED: 'it is paused',
  ERROR: 'it failed too often and was stopped',
  DISABLED: 'too many of its orders failed: a person has to start it anew',
};
const isState = (value: Gate['input']): value is State =>
  typeof value === 'string' && value in STATE_WORDS;

const seconds = (value: Gate['input']): string => `${String(value)} s`;

/** A failed gate in words for people; `null` for conditions, whose figures say it, and for the engine's own. */
export function sectionedWords({ gate, input, threshold }: Gate): string | null {
  if (gate.startsWith('ready.')) return `${gate.slice('ready.'.length)} has had no value yet`;
  switch (gate) {
    case 'state':
      return isState(input) ? STATE_WORDS[input] : null;
    case 'cooldownSeconds':
      return `${seconds(input)} of the cooldown after the last fill are left`;
    case 'rearmSeconds':
      return `${seconds(input)} of the pause after an entry that came to nothing are left`;
    case 'signalIntervalSeconds':
      return `the last S1 was too recent: ${seconds(input)} are left`;
    case 'signalAgeSeconds':
      return `the opportunity is ${seconds(input)} old and lives ${seconds(threshold)}`;
    case 'orderFailures':
      return `${String(input)} orders in a row failed: a person has to start it anew`;
    case 'E1.unknownSeconds':
      return `E1 cannot be told since ${seconds(input)}`;
    default:
      return null;
  }
}
