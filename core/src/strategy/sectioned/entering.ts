import { measure, type Gate } from '../gate.ts';
import type { Verdict } from '../strategy.ts';
import {
  aboutSection,
  hold,
  holdState,
  leftMs,
  must,
  pendingGate,
  wish,
  type Desk,
  type Step,
} from './desk.ts';
import { judgeSection, judgeTest, type SectionedContext } from './judge.ts';

/** An opportunity lives until O1 drops it, its clock runs out, or Z1 enters. */
export const opportunity: Step = (desk) => {
  const { memory, params, blind, barCloseAt } = desk.context;
  const { state } = memory;
  if (state !== 'SIGNAL_DETECTED' && state !== 'ENTRY_EVALUATION') return null;
  if (memory.entry !== null) return hold(desk, pendingGate);
  if (blind !== null) return holdState(desk);
  if (judgeSection(params.sections.O1, desk.context, true).fires) {
    must(desk, 'O1', { actionTaken: 'SIGNAL_CANCELLED' });
    desk.gates.push(...params.unlessO1.map((test) => judgeTest(test, desk.context).gate));
    return hold(desk);
  }
  const ageMs = barCloseAt - (memory.signalAt ?? 0);
  if (!(ageMs <= params.signalTtl)) {
    must(desk, 'expired', { actionTaken: 'SIGNAL_CANCELLED' });
    const gate = { gate: 'signalAgeSeconds', reason: 'not_confirmed' } as const;
    return hold(desk, measure(gate, ageMs / 1_000, ['<=', params.signalTtl / 1_000]));
  }
  if (state === 'SIGNAL_DETECTED') must(desk, 'considered');
  return entering(desk);
};

/** Z1 asks for an entry; risk approves it or not. */
function entering(desk: Desk): Verdict {
  const { memory, facts, params, surroundings } = desk.context;
  const z1 = judgeSection(params.sections.Z1, desk.context);
  const around = z1.fires ? surroundings('ENTER') : [];
  if (!z1.fires || around.some(({ passes }) => !passes)) {
    desk.gates.push(...z1.gates, ...around);
    return hold(desk);
  }
  memory.entry = { intentId: null, ...aboutSection(z1, facts.dataQuality) };
  return wish(desk, {
    action: 'ENTER',
    signalType: 'Z1',
    reasons: ['Z1: entry conditions'],
    section: z1,
  });
}

/** What is left of the pauses after a fill and after an entry that came to nothing, as gates. */
function restGates({ memory, facts, params, barCloseAt }: SectionedContext): readonly Gate[] {
  const left = (gate: string, ms: number): Gate =>
    measure({ gate, reason: 'cooldown' }, ms / 1_000, ['<=', 0]);
  return [
    left('cooldownSeconds', leftMs(facts.lastFill?.at ?? null, params.cooldown, barCloseAt)),
    left('rearmSeconds', leftMs(memory.rearmFrom, params.rearm, barCloseAt)),
  ];
}

export const cooling: Step = (desk) => {
  if (desk.context.memory.state !== 'COOLDOWN') return null;
  const gates = restGates(desk.context);
  if (gates.every(({ passes }) => passes)) must(desk, 'over');
  desk.gates.push(...gates);
  return hold(desk);
};

/** Watching for S1, one per signal clock (STR-37). */
export const watching: Step = (desk) => {
  const { memory, facts, params, blind, barCloseAt } = desk.context;
  if (memory.state !== 'MONITORING') return null;
  if (blind !== null) return holdState(desk);
  const sinceSignal = leftMs(memory.signalAt, params.minSignalInterval, barCloseAt);
  desk.gates.push(
    ...restGates(desk.context),
    measure({ gate: 'signalIntervalSeconds', reason: 'cooldown' }, sinceSignal / 1_000, ['<=', 0]),
  );
  const s1 = judgeSection(params.sections.S1, desk.context);
  const isRested = desk.gates.every(({ passes }) => passes);
  desk.gates.push(...s1.gates);
  if (!s1.fires || !isRested) return hold(desk);
  must(desk, 'S1', aboutSection(s1, facts.dataQuality));
  memory.signalAt = barCloseAt;
  return hold(desk);
};
