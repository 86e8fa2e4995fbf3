import type { Result } from '../lib/result.ts';
import type { Block } from '../strategy/blocking.ts';
import type { CheckResult, Finding, RiskCheck } from './check.ts';

declare const approval: unique symbol;
/** Proof that every check ran and none blocked. Only {@link riskGate} makes one; only it may be sent. */
export type Approved<T> = T & { readonly [approval]: true };

/** At least one reason: a refusal without one would be a bug. */
export type Reasons = readonly [Block, ...Block[]];

/** What the gate says of one subject; `checks` holds every check in its order (RSK-51). */
export type GateVerdict<T> =
  | { readonly approved: true; readonly item: Approved<T>; readonly checks: readonly CheckResult[] }
  | {
      readonly approved: false;
      readonly reasons: Reasons;
      readonly checks: readonly CheckResult[];
    };

/**
 * Runs every check on `subject` and, if none blocks, approves what `draft` makes of it.
 *
 * All checks run, so that all reasons are known and not only the first (RSK-51). `draft` runs only
 * after them; when it fails, its block is the reason.
 */
export function riskGate<S, T>(
  subject: S,
  checks: readonly [RiskCheck<S>, ...(readonly RiskCheck<S>[])],
  draft: (subject: S) => Result<T, Block>,
): GateVerdict<T> {
  const findings: Finding[] = [];
  let reasons: [Block, ...Block[]] | null = null;
  for (const check of checks) {
    const finding = check(subject);
    findings.push(finding);
    if (finding.block === null) continue;
    if (reasons === null) reasons = [finding.block];
    else reasons.push(finding.block);
  }
  if (reasons !== null) return { approved: false, reasons, checks: findings };
  const drafted = draft(subject);
  return drafted.ok
    ? { approved: true, item: drafted.value as Approved<T>, checks: findings }
    : { approved: false, reasons: [drafted.error], checks: findings };
}
