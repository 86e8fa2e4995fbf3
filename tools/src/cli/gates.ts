import { recordGate } from '@tradewind/adapters/execution/judge-gates';
import { gateResultDoc, type GateResultDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { GATES } from '@tradewind/core/risk/go-gates';
import { Fault, messageOf } from '../lib/fault.ts';
import type { Answer } from './answer.ts';
import { readinessText, readReadiness, type BotReadiness } from './bot-readiness.ts';
import { connect, type Target } from './connect.ts';
import { planText, readPlans, type LivePlan } from './live-plans.ts';

/** What is told beside the gates. */
type Beside = { readonly plans: readonly LivePlan[]; readonly bots: readonly BotReadiness[] };

/** The gates in words; `ok` when all have passed. */
function told(
  { at, version, gates, evidence }: GateResultDoc,
  { plans, bots }: Beside = { plans: [], bots: [] },
): Answer {
  const failed = GATES.filter((gate) => gates[gate] !== true);
  const lines = GATES.map((gate) => {
    const shown = evidence[gate];
    const state = gates[gate] === true ? 'passed' : 'NOT PASSED';
    return `  ${gate}  ${state.padEnd(10)}  ${shown === undefined ? 'no evidence' : `${shown.text} (${shown.by})`}`;
  });
  const planned =
    plans.length === 0
      ? []
      : ['What paper made, and what to plan with live', ...plans.map(planText)];
  const ready =
    bots.length === 0
      ? []
      : ['Whether bots may be left to trade alone', ...bots.map(readinessText)];
  const head = `Gates of ${version}, judged ${new Date(at).toISOString()}`;
  const text = [head, ...lines, ...ready, ...planned].join('\n');
  return { ok: failed.length === 0, text, data: { at, version, failed, gates, plans, bots } };
}

/** The last result of the go / no-go gates, which bots are ready (PF-16), and what to plan with live (EXE-81). @throws Fault before the desk has judged any. */
export async function readGates(target: Target): Promise<Answer> {
  const { store } = await connect(target);
  const result = await store.get(paths.config('gates'), gateResultDoc);
  if (result === undefined)
    throw new Fault('The desk has not judged its gates yet: it does every hour.');
  return told(result, { plans: await readPlans(store), bots: await readReadiness(store) });
}

/** Keeps evidence of one gate. @throws Fault for what cannot be kept. */
export async function showGate(
  target: Target,
  shown: {
    readonly gate: string;
    readonly failed: boolean;
    readonly evidence: string;
    readonly by: string;
  },
): Promise<Answer> {
  const { store } = await connect(target);
  const { gate, failed, evidence, by } = shown;
  const now = epochMs(Date.now());
  try {
    const result = await recordGate(store, { gate, passed: !failed, evidence, by, now });
    return { ...told(result), ok: true };
  } catch (error) {
    throw new Fault(messageOf(error));
  }
}
