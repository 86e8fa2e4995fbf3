import { formatDecimal, type Money, type Price, type Qty } from '../lib/units.ts';
import type { Block, BlockingReason } from '../strategy/blocking.ts';

/** `warn` is reported and does not stop an order; `block` does. */
export type CheckVerdict = 'pass' | 'warn' | 'block';

/** What checks compare, as they have it: most orders are never looked at, so that words are made where they are stored. */
export type CheckValue = Price | Qty | Money | number | string | null;

/** One line of an order's record (RSK-04): what was compared with which limit. */
export type CheckResult = {
  readonly check: string;
  readonly verdict: CheckVerdict;
  /** What was found; `null` where there is nothing to show. */
  readonly value: CheckValue;
  readonly limit: CheckValue;
};

const textOf = (value: CheckValue): string | null => {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : formatDecimal(value);
};

/** A line as it is stored and shown. */
export const checkRecord = ({ check, verdict, value, limit }: CheckResult) => ({
  check,
  verdict,
  value: textOf(value),
  limit: textOf(limit),
});

/** A check's result, and the reason for people when it blocks. */
export type Finding = CheckResult &
  (
    | { readonly verdict: 'pass' | 'warn'; readonly block: null }
    | { readonly verdict: 'block'; readonly block: Block }
  );

/** Looks at one subject; has no effect and never throws for what data may hold. */
export type RiskCheck<S> = (subject: S) => Finding;

/** What a check compared: the name it is stored under and both sides of the comparison. */
export type Measured = {
  readonly check: string;
  readonly value: CheckValue;
  readonly limit: CheckValue;
};

/** The check has nothing against the order. */
export const passed = ({ check, value, limit }: Measured): Finding => ({
  check,
  verdict: 'pass',
  value,
  limit,
  block: null,
});

/** The check lets the order pass, and what it saw deserves a look. */
export const warned = ({ check, value, limit }: Measured): Finding => ({
  check,
  verdict: 'warn',
  value,
  limit,
  block: null,
});

/** The check forbids the order; `detail` names the numbers in words. */
export const blocked = (
  { check, value, limit }: Measured,
  reason: BlockingReason,
  detail: string,
): Finding => ({
  check,
  verdict: 'block',
  value,
  limit,
  block: { reason, detail },
});

/** What a check finds that has nothing to compare: made once, so that it costs nothing where it is not used. */
export const idle = (check: string): Finding => passed({ check, value: null, limit: null });
