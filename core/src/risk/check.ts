import type { Block, BlockingReason } from '../strategy/blocking.ts';

/** `warn` is reported and does not stop an order; `block` does. */
export type CheckVerdict = 'pass' | 'warn' | 'block';

/** One line of an order's record (RSK-04): what was compared with which limit, as text. */
export type CheckResult = {
  readonly check: string;
  readonly verdict: CheckVerdict;
  /** What was found; `null` where there is nothing to show. */
  readonly value: string | null;
  readonly limit: string | null;
};

/** A check's result, and the reason for people when it blocks. */
export type Finding =
  | { readonly result: CheckResult & { readonly verdict: 'pass' | 'warn' }; readonly block: null }
  | { readonly result: CheckResult & { readonly verdict: 'block' }; readonly block: Block };

/** Looks at one subject; has no effect and never throws for what data may hold. */
export type RiskCheck<S> = (subject: S) => Finding;

/** What a check compared: the name it is stored under and both sides of the comparison. */
export type Measured = {
  readonly check: string;
  readonly value: string | null;
  readonly limit: string | null;
};

/** The check has nothing against the order. */
export const passed = (measured: Measured): Finding => ({
  result: { ...measured, verdict: 'pass' },
  block: null,
});

/** The check lets the order pass, and what it saw deserves a look. */
export const warned = (measured: Measured): Finding => ({
  result: { ...measured, verdict: 'warn' },
  block: null,
});

/** The check forbids the order; `detail` names the numbers in words. */
export const blocked = (measured: Measured, reason: BlockingReason, detail: string): Finding => ({
  result: { ...measured, verdict: 'block' },
  block: { reason, detail },
});
