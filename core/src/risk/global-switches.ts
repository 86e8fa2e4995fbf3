import type { EntryCandidate } from '../order/gate-context.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

/** Gate 1: a person or an automatism may have forbidden every order (04, section 6). */
export const checkExecutionEnabled: RiskCheck<EntryCandidate> = ({ context }) => {
  const isOn = context.risk.executionEnabled;
  const measured = { check: 'executionEnabled', value: String(isOn), limit: 'true' };
  return isOn
    ? passed(measured)
    : blocked(measured, 'execution_disabled', 'Execution is switched off for this book.');
};

/** Gate 1: RSK-90. Only `resetSafety` ends an emergency stop. */
export const checkEmergencyStop: RiskCheck<EntryCandidate> = ({ context }) => {
  const isOn = context.risk.emergencyStop;
  const measured = { check: 'emergencyStop', value: String(isOn), limit: 'false' };
  return isOn
    ? blocked(
        measured,
        'emergency_stop',
        'The emergency stop is on; an admin has to reset safety before anything is bought.',
      )
    : passed(measured);
};

/** Gate 1: a book that does not run takes no entries. */
export const checkBookRunning: RiskCheck<EntryCandidate> = ({ context }) => {
  const { status } = context.book;
  const measured = { check: 'bookRunning', value: status, limit: 'RUNNING' };
  return status === 'RUNNING'
    ? passed(measured)
    : blocked(measured, 'paused', `The book is ${status}; only a RUNNING book takes entries.`);
};
