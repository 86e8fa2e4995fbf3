import { measure } from '../gate.ts';
import {
  aboutSection,
  hold,
  holdState,
  must,
  pendingGate,
  unknownMs,
  wish,
  type Step,
} from './desk.ts';
import { judgeSection, type SectionedContext, type SectionVerdict } from './judge.ts';

/** How long E1 may be unknown before the journal names it as the reason (STR-33). */
const E1_UNKNOWN_SECONDS = 10;

/** Takes note of whether E1 can be told while something is held. */
function noteUnknown({ memory, facts, barCloseAt }: SectionedContext, e1: SectionVerdict): void {
  const isUnknown = facts.position !== null && e1.judged.some(({ holds }) => holds === null);
  memory.unknownSince = isUnknown ? (memory.unknownSince ?? barCloseAt) : null;
}

/** E1 beats everything wherever there is exposure, paused or not, and also on data that are stale. */
export const emergency: Step = (desk) => {
  const { memory, facts, params, blind, barCloseAt } = desk.context;
  const { state } = memory;
  const isHeld = facts.position !== null;
  const isExposed =
    state === 'ENTRY_PENDING' ||
    (state === 'PAUSED' && (isHeld || memory.entry !== null)) ||
    (isHeld && (state === 'POSITION_ACTIVE' || state === 'EXIT_PENDING'));
  if (!isExposed) {
    memory.unknownSince = null;
    return null;
  }
  const e1 = judgeSection(params.sections.E1, desk.context);
  noteUnknown(desk.context, e1);
  const seconds = unknownMs(memory, barCloseAt) / 1_000;
  if (seconds > E1_UNKNOWN_SECONDS)
    desk.gates.push(
      measure({ gate: 'E1.unknownSeconds', reason: 'low_data_quality' }, seconds, [
        '<=',
        E1_UNKNOWN_SECONDS,
      ]),
    );
  // A clock that is wrong cannot be acted on: neither can the bar.
  if (!e1.fires || blind?.reason === 'clock_skew') {
    desk.gates.push(...e1.gates);
    return null;
  }
  must(desk, 'E1', {
    ...aboutSection(e1, facts.dataQuality),
    actionTaken: isHeld ? 'ORDER_CREATED' : 'SIGNAL_CANCELLED',
  });
  return wish(desk, {
    action: isHeld ? 'EXIT' : 'CANCEL',
    signalType: 'E1',
    reasons: ['E1: emergency exit'],
    section: e1,
  });
};

/** An exit under way is asked for again until nothing is held. */
export const leaving: Step = (desk) => {
  const { memory, facts } = desk.context;
  const isEmergency = memory.state === 'EMERGENCY_EXIT';
  if (!isEmergency && memory.state !== 'EXIT_PENDING') return null;
  const signalType = isEmergency ? 'E1' : 'ZE1';
  if (!facts.pendingOrder)
    return wish(desk, {
      action: 'EXIT',
      signalType,
      reasons: [`${signalType}: the exit is not filled yet`],
      section: null,
    });
  if (facts.position !== null) return hold(desk, pendingGate);
  return wish(desk, {
    action: 'CANCEL',
    signalType,
    reasons: [`${signalType}: the entry is still under way`],
    section: null,
  });
};

/** The normal exit. */
export const exiting: Step = (desk) => {
  const { memory, facts, params, blind, surroundings } = desk.context;
  if (memory.state !== 'POSITION_ACTIVE') return null;
  if (blind !== null) return holdState(desk);
  const ze1 = judgeSection(params.sections.ZE1, desk.context);
  const around = ze1.fires ? surroundings('EXIT') : [];
  if (!ze1.fires || around.some(({ passes }) => !passes)) {
    desk.gates.push(...around, ...ze1.gates);
    return hold(desk);
  }
  must(desk, 'ZE1', { ...aboutSection(ze1, facts.dataQuality), actionTaken: 'ORDER_CREATED' });
  return wish(desk, {
    action: 'EXIT',
    signalType: 'ZE1',
    reasons: ['ZE1: close-order detection'],
    section: ze1,
  });
};
