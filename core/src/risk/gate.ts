import type { Result } from '../lib/result.ts';
import type { Block } from '../strategy/blocking.ts';
import type { CheckResult, RiskCheck } from './check.ts';

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

const isSome = (blocks: readonly Block[]): blocks is Reasons => blocks.length > 0;

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
  const findings = checks.map((check) => check(subject));
  const results = findings.map(({ result }) => result);
  const blocks = findings.map(({ block }) => block).filter((block) => block !== null);
  if (isSome(blocks)) return { approved: false, reasons: blocks, checks: results };
  const drafted = draft(subject);
  return drafted.ok
    ? { approved: true, item: drafted.value as Approved<T>, checks: results }
    : { approved: false, reasons: [drafted.error], checks: results };
}
