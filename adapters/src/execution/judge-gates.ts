import { gateResultDoc, type GateResultDoc } from '@tradewind/contracts/documents/risk';
import { auditDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import type { EpochMs } from '@tradewind/core/lib/time';
import { GATES, judgeGates } from '@tradewind/core/risk/go-gates';
import type { Store } from '../ledger/store.ts';

const PATH = paths.config('gates');

/**
 * Judges the go / no-go gates for the code that runs and keeps the result, which `setMode` asks for (OPS-60): with the
 * evidence that there is, whatever has become too old left out.
 *
 * @param version Code that runs.
 * @param now Wall time.
 */
export function refreshGates(
  store: Store,
  { version, now }: { readonly version: string; readonly now: EpochMs },
): Promise<GateResultDoc> {
  return store.transact(async (tx) => {
    const { evidence = {} } = (await tx.get(PATH, gateResultDoc)) ?? {};
    const result = { at: now, version, gates: judgeGates(evidence, { version, now }), evidence };
    tx.set(PATH, gateResultDoc, result);
    return result;
  });
}

/** What somebody has shown of a gate. */
export type Shown = {
  readonly gate: string;
  readonly passed: boolean;
  /** Where it can be looked up: a CI run, a report, the record of a drill. */
  readonly evidence: string;
  readonly by: string;
  readonly now: EpochMs;
};

/**
 * Keeps evidence of a gate for the code that runs by the last result, with an audit record.
 *
 * @throws Error for a gate that there is not, without evidence, and before the desk has judged for the first time.
 */
export async function recordGate(store: Store, shown: Shown): Promise<GateResultDoc> {
  const { gate, passed, evidence: text, by, now } = shown;
  if (!GATES.includes(gate)) throw new Error(`"${gate}" is no gate: give one of G01 to G22.`);
  if (text.trim() === '')
    throw new Error(`Say where the evidence of ${gate} is: a run, a report, a record.`);
  return store.transact(async (tx) => {
    const known = await tx.get(PATH, gateResultDoc);
    if (known === undefined)
      throw new Error(
        'The desk has not judged its gates yet, so that its code is not known: it does every hour.',
      );
    const { version } = known;
    const evidence = { ...known.evidence, [gate]: { passed, version, at: now, text, by } };
    const next = { ...known, evidence, gates: judgeGates(evidence, { version, now }) };
    tx.set(PATH, gateResultDoc, next);
    const auditId = hashId('gate', gate, String(now));
    tx.set(paths.audit(auditId), auditDoc, {
      ...{ auditId, actor: by, action: 'recordGate', target: gate, reason: text },
      ...{ result: { passed: String(passed), version }, at: now },
    });
    return next;
  });
}
