import type { Step } from '../engine/engine.ts';
import { decidedOf, plainGates, type Decided } from '../engine/recorded.ts';
import { describeGate } from '../strategy/gate.ts';
import type { Finding } from './compare-bars.ts';
import type { RecordedBar } from './recording.ts';

const decisionText = ({
  action,
  failing,
  reason,
}: Pick<Decided, 'action' | 'failing' | 'reason'>): string =>
  failing === null ? action : `${action}: ${failing} (${reason ?? '?'})`;

function gatesText(step: Step, bar: RecordedBar): Pick<Finding, 'expected' | 'found'> {
  const now = plainGates(step.audit.gates).map(describeGate);
  const then = bar.gates?.map(describeGate);
  if (then === undefined) return { expected: now.join('; '), found: `gates ${bar.verdict}` };
  return {
    expected: now.filter((gate) => !then.includes(gate)).join('; '),
    found: then.filter((gate) => !now.includes(gate)).join('; '),
  };
}

/** What was decided otherwise than the replay decides; `null` when nothing was. */
export function decisionFinding(step: Step, bar: RecordedBar): Omit<Finding, 'cause'> | null {
  const decided = decidedOf(step);
  const fault = step.audit.fault ?? undefined;
  const [expected, found] = [decisionText(decided), decisionText(bar)];
  if (expected !== found || decided.signalId !== bar.signalId || fault !== bar.fault)
    return { expected, found, detail: 'Decided otherwise.' };
  return decided.verdict === bar.verdict
    ? null
    : { ...gatesText(step, bar), detail: 'Decided the same by other figures.' };
}
